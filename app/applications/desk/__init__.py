"""The screening desk: what the organizer's staff keep beside the applications, and what helps them to find their way."""
