"""What is said against a decision: concerns during the public review, appeals after the results; each is answered with a reason."""
