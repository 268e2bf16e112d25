"""A council's fragments, its page, and what happened in it."""
