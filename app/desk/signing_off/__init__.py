"""The sign-off of a council against the returning officer's totals."""
