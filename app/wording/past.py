"""What is said of a night as it stood after an earlier entry of its log, so that nobody takes it for the newest."""

from datetime import datetime

from app.domain.election import Election
from app.wording.figures import moment


def past_lead(seq: int) -> str:
    """``As it stood at entry 57``."""
    return f"As it stood at entry {seq:,}" if seq else "As it stood before the first entry"


def past_time(election: Election, at: datetime | None) -> str:
    """``03:12 BST, 5 May 2023``: when that entry was announced; empty before the first."""
    return moment(election, at) if at is not None else ""


def past_mark(seq: int) -> str:
    """The same before a title: ``At entry 57: ``."""
    return f"At entry {seq:,}: " if seq else "Before the first entry: "
