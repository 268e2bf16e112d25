"""What a command tells whoever runs it when it cannot do what it was asked."""


class CommandFailed(Exception):
    """The reason, in one line."""
