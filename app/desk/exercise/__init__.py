"""The sheets of an exercise, handed out one by one, and how the desk does: on the server of an exercise alone."""
