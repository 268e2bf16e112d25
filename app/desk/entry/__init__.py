"""The form of a ward: what was typed, what it would do, and what became of it; and the drafts of such forms."""
