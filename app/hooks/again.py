"""A message that was sent before, made again of what the database holds."""

from sqlalchemy import Connection

from app.domain.alerts import alerts_of
from app.domain.night import Night
from app.hooks.telling import AlertTelling, SentFrom, tellings
from app.store import catalogue, hooks, log
from app.store.errors import HookRefused
from app.store.hooks import Hook


def message_again(connection: Connection, hook: Hook, message_id: str, server: SentFrom) -> AlertTelling:
    """A message that was sent before, made again; HookRefused."""
    delivery = next(
        (it for it in hooks.deliveries(connection, hook.hook_id) if it.message.message_id == message_id), None
    )
    if delivery is None:
        raise HookRefused(f"There is no such message; `declared hook deliveries {hook.hook_id}` shows those there are.")
    slug, seq = delivery.message.slug, delivery.message.seq
    if not seq:
        raise HookRefused("What was told by the clock alone is not in the log, and cannot be made again.")
    epoch = log.head(connection, slug).epoch
    night = Night.before_first(catalogue.opening_election(connection, slug))
    for logged in log.entries(connection, slug, after=0, limit=seq):
        night, change = night.told(logged.entry)
        if logged.entry.seq != seq:
            continue
        alerts = alerts_of(change, night.election.convention, of_seats=night.election.is_of_seats)
        for _, _, message in tellings(night.election_at(seq), epoch, seq, alerts, server):
            if message.message_id == message_id:
                return message
    raise HookRefused("The log has begun anew since, and does not hold what that message told.")
