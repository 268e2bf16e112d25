"""The version of this software: that of the installed distribution."""

from importlib.metadata import version

VERSION = version("declared")
