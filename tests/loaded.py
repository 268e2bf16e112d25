"""What a process has loaded from which others are forked: the whole program."""

import gc
import sys

import app.commands.demo
import app.commands.rehearsing
import app.commands.replaying
import app.commands.verifying
import app.publishing.command
import app.serving.workers
from app.main import create_app
from app.pages.environment import load
from app.settings import Settings
from app.web.reads import reading
from tests.compressed_once import compressed_once

__all__ = ["app"]

reading._compressed = compressed_once

load(create_app(Settings()).state.environment)
for stream in (sys.stdout, sys.stderr):
    stream.reconfigure(write_through=True)
# What nobody collects, nobody writes to: its memory stays one for all.
gc.collect()
gc.freeze()
