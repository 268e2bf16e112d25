"""Connections as bytes, below any route: HTTP within bounds, and the live sockets.

- ``http``   HTTP as uvicorn reads it, within bounds
- ``lines``  the plain connections of a server, those that were heard from longest ago first
- ``socket`` a request for a live socket becomes a watcher in the hub
"""
