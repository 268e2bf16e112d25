"""For machines that watch the server: is it alive, is it ready, and its figures."""
