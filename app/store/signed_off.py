"""Councils that somebody compared with the returning officer's totals and found the same; the newest of each counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from app.store.log import canonical_json
from app.store.tables import SIGNED_OFF
from app.store.times import stored_time


@dataclass(frozen=True, slots=True)
class SignedOff:
    """``since_seq`` is the last entry of the log that was compared; ``is_alone``: by who had keyed the last of it."""

    council_id: str
    since_seq: int
    signer: str
    at: datetime
    is_alone: bool


def newest(connection: Connection, slug: str) -> dict[str, SignedOff]:
    """The newest of each council."""
    columns = (
        *(SIGNED_OFF.c.council_id, SIGNED_OFF.c.since_seq, SIGNED_OFF.c.signer),
        *(SIGNED_OFF.c.at, SIGNED_OFF.c.is_alone),
    )
    statement = select(*columns).where(SIGNED_OFF.c.slug == slug).order_by(SIGNED_OFF.c.id)
    return {
        row.council_id: SignedOff(
            row.council_id, row.since_seq, row.signer, datetime.fromisoformat(row.at), bool(row.is_alone)
        )
        for row in connection.execute(statement)
    }


def sign(connection: Connection, slug: str, signed: SignedOff, figures: Mapping[str, Any]) -> None:
    """Keep it, with the ``figures`` that were the same."""
    row = {
        "slug": slug,
        "council_id": signed.council_id,
        "since_seq": signed.since_seq,
        "figures": canonical_json(figures),
        "signer": signed.signer,
        "at": stored_time(signed.at),
        "is_alone": int(signed.is_alone),
    }
    connection.execute(insert(SIGNED_OFF), row)
