"""What changed hands: the newest in a band on the dashboard, and all of the night in order on a page of their own."""
