"""Several people write one application: who may do what, who is at it now, and what it said before."""
