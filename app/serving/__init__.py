"""A server as processes: uvicorn with our own protocol and a clean end, and several of them on one port."""
