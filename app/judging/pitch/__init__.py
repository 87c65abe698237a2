"""Pitch day: the running order, who is on, and the sheets that open as each team begins."""
