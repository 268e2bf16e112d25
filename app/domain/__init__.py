"""The rules of a council election night: pure values and functions.

Nothing here reads a clock, a file or a database; whatever is needed is passed in.
"""
