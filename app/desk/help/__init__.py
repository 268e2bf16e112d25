"""What the keys do, and what the codes mean."""
