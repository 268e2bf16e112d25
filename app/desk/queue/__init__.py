"""The queue of the second check."""
