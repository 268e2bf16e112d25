"""A page for each party: what the night is for it, and the list of them all."""
