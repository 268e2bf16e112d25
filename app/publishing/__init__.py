"""Publishing: an election as files that any web server or CDN serves, kept current from the database alone.

- ``site``      what the files are: pages, JSON, feeds, exports, cards, assets
- ``targets``   where they go: a folder, or a bucket
- ``publisher`` follows the log and writes what has changed
"""
