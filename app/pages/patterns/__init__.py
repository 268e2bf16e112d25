"""Every component in every state, on an election that was made for it."""
