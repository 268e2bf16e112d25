"""Draws SVG documents as PNG, one after another: a process by itself, because drawing holds Python's lock throughout.

Reads frames from standard input, four bytes of length (big-endian) and then the document in UTF-8, and answers each on
standard output in the same form; a frame without content says that it could not be drawn. Ends when its input does, so
that it never outlives whoever started it. Takes the files of its fonts as arguments.
"""

import os
import signal
import sys
from typing import BinaryIO

from resvg_py import svg_to_bytes

LENGTH_BYTES = 4


def main(font_files: list[str], incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer until there is nothing more to read."""
    while len(length := incoming.read(LENGTH_BYTES)) == LENGTH_BYTES:
        drawn = _drawn(incoming.read(int.from_bytes(length, "big")).decode(), font_files)
        outgoing.write(len(drawn).to_bytes(LENGTH_BYTES, "big") + drawn)
        outgoing.flush()


def _drawn(svg: str, font_files: list[str]) -> bytes:
    try:
        return svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=font_files)
    except ValueError as error:
        sys.stderr.write(f"declared: a picture could not be drawn: {error}\n")
        return b""


if __name__ == "__main__":
    # Ctrl-C in a terminal reaches every process there; ours ends when whoever started it does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        # Results go before pictures of them.
        os.nice(10)
    main(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer)
