"""Receipts: why a badge, a row of the scoreboard or a figure of the night says what it says, as pages of their own."""
