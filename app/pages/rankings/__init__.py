"""Rankings of the night: which there are, and each as a table that can be narrowed, copied and taken away."""
