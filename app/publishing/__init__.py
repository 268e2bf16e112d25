"""Publishing: an election as files that any web server or CDN serves, kept current from the database alone.

- ``parts``     what a site consists of, and what of it is owed after an entry
- ``site``      the files of a part; with ``ground``, ``pages`` (and widgets) and ``data`` (exports and feeds)
- ``notes``     where the night is, for open pages; ``changes``: what they take over
- ``targets``   where files go: a folder, or a bucket
- ``kept``      what has been written, noted beside the files; ``writer`` writes what is not there
- ``owing``     reads the log, and knows which parts are owed; ``program``: whether another program wrote them
- ``publisher`` follows the log and writes what is owed
"""
