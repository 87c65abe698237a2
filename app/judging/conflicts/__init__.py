"""Conflicts of interest beyond what a judge declares: suggested from what is known, objected to by applicants, settled by people."""
