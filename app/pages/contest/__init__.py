"""A contest's fragments and its page."""
