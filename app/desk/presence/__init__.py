"""Who is at the desk, on which form, and who has taken it upon themselves to check what."""
