"""When something was keyed, and where it waited for a network, when it was sent."""

from datetime import datetime

from app.domain.election import Election
from app.wording.figures import clock


def keyed_when(election: Election, received_at: datetime, sent_at: datetime | None) -> str:
    """``00:12 BST``, or ``sent 23:41 BST, received 00:12 BST``."""
    received = clock(election, received_at)
    return received if sent_at is None else f"sent {clock(election, sent_at)}, received {received}"
