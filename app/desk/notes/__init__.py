"""What the desk notes for itself beside results and councils; readers see none of it."""
