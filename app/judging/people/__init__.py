"""What a judge knows, is tied to and has time for, and the pledge that was signed."""
