"""The night as work: of every contest, what it waits for; and the desk of a server that has several elections."""
