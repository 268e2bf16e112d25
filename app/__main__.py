"""``python -m app`` is the ``declared`` command."""

from app.cli import main

main()
