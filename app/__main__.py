"""``python -m app`` is the ``declared`` command."""

from app.commands.cli import main

# Each worker of `declared serve --workers` imports this file again, under another name.
if __name__ == "__main__":
    main()
