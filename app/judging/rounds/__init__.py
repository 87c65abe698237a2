"""Rounds that follow one another: which entries each has, and moving them on."""
