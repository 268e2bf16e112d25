"""Councils to watch: those whose control is undecided, the nearest first, and how early it was certain elsewhere."""
