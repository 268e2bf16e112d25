"""The ``declared`` command, and what it does that is no server's business."""
