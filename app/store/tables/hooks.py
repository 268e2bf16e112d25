"""Addresses that are told of the night, how far each has been told, and who of several servers does so."""

from typing import Annotated

from sqlalchemy import Index
from sqlmodel import Field

from app.store.tables.rows import (
    Key,
    MaybeWords,
    Number,
    StoredRow,
    Words,
    check,
    one_of,
    refers_to,
    strict,
    table_of,
)


class HookRow(StoredRow, table=True):
    """Where alerts are sent. ``secret`` is kept as it is: messages are signed with it. ``slug`` null: every election.

    ``failing_since``, ``attempts`` and ``due_at`` are of the message that is being sent; ``told`` is what came of the
    last attempt. ``stopped_at``: it has failed for too long, and nothing is sent until somebody says so.
    """

    __tablename__ = "hook"
    __table_args__ = strict(
        refers_to("election", "slug"),
        one_of("form", "json", "slack", "teams", "discord"),
        check("rehearsals", "rehearsals IN (0, 1)"),
    )

    id: Annotated[int | None, Field(primary_key=True)] = None
    url: Words
    kinds: Words
    form: Words
    slug: MaybeWords
    secret: Words
    rehearsals: Number
    created_at: Words
    failing_since: MaybeWords
    attempts: Number
    due_at: MaybeWords
    told: Words
    stopped_at: MaybeWords


class HookPlaceRow(StoredRow, table=True):
    """How far a hook was told of an election: every alert up to entry ``seq``, and ``part`` of those of the next."""

    __tablename__ = "hook_place"
    __table_args__ = strict(refers_to("hook", "hook_id", key=("id",)), refers_to("election", "slug"))

    hook_id: Annotated[int, Field(primary_key=True, sa_column_kwargs={"autoincrement": False})]
    slug: Key
    epoch: Words
    seq: Number
    part: Number


class HookDeliveryRow(StoredRow, table=True):
    """A message that was sent, or is being tried: how often, and what came of it. ``seq`` 0: the clock made it so."""

    __tablename__ = "hook_delivery"
    __table_args__ = strict(
        refers_to("hook", "hook_id", key=("id",)), Index("ix_hook_delivery_first_at", "hook_id", "first_at")
    )

    hook_id: Annotated[int, Field(primary_key=True, sa_column_kwargs={"autoincrement": False})]
    message_id: Key
    slug: Words
    seq: Number
    headline: Words
    first_at: Words
    attempts: Number
    delivered_at: MaybeWords
    told: Words


class HookLeaseRow(StoredRow, table=True):
    """Which server sends: one row. It counts ``beat`` on; one that stands still is anybody's to take."""

    __tablename__ = "hook_lease"
    __table_args__ = strict(check("id", "id = 1"))

    id: Annotated[int, Field(primary_key=True, sa_column_kwargs={"autoincrement": False})]
    holder: Words
    beat: Number


HOOK = table_of(HookRow)
HOOK_PLACE = table_of(HookPlaceRow)
HOOK_DELIVERY = table_of(HookDeliveryRow)
HOOK_LEASE = table_of(HookLeaseRow)
