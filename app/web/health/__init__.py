"""For machines that watch the server: is it alive, is it ready, and its figures, with those of other workers."""
