"""Who did what, for those who check: the log and the audit as one list."""
