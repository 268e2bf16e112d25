"""What readers see: templates to fragments and pages, a room for each kind of page.

What all rooms share stands beside them: ``environment`` (Jinja and its filters), ``assets``, ``addresses``,
``colours``, ``sentences``, ``sharing``, ``rendering`` (the one rendering path), ``static_page``, ``past`` (pages of
the past); ``routes`` are those of the pages.

A fragment is one rendered element with a stable id; a page contains the very bytes that a push sends. Nothing here
reads a clock or a database: what is shown comes from the night alone.
"""
