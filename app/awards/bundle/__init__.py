"""The bundle of one result set: what was published, and a small program that computes it again."""
