"""Templates to fragments and pages.

A fragment is one rendered element with a stable id; a page contains the very bytes that a push sends. Nothing here
reads a clock or a database: what is shown comes from the night alone.
"""
