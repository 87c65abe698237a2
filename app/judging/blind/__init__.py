"""Blind review: what of an entry its judges may know, what names the applicant, and copies without it."""
