"""``declared publish``: wires a publisher, and ends it cleanly."""

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event
from typing import Any

from app.drawing.drawer import Drawer, NotDrawn
from app.pages.cards.typesetting import font_files
from app.pages.environment import make_environment
from app.process.failures import CommandFailed
from app.process.logs import keep_logs
from app.publishing.owing import How
from app.publishing.publisher import Publisher
from app.publishing.targets import target_of
from app.store.engine import Store
from app.store.listening import Listener


class Interrupted(CommandFailed):
    """Stopped before everything was written."""


def publish(
    store: Store, slug: str, where: str, *, follow: bool, how: Mapping[str, Any], say: Callable[[str], None]
) -> None:
    """Publish the election once, or until a signal says to stop. Raises what the publisher raises."""
    drawer = Drawer(font_files())
    publisher = Publisher(
        store,
        slug,
        target_of(where),
        environment=make_environment(),
        drawer=drawer,
        how=How(**how),
        say=say,
    )
    try:
        if follow:
            _follow(store, slug, publisher, say)
        else:
            publisher.once()
    except KeyboardInterrupt:
        raise Interrupted("Stopped before everything was written.") from None
    except NotDrawn as error:
        raise CommandFailed(str(error)) from error
    finally:
        drawer.close()


def _follow(store: Store, slug: str, publisher: Publisher, say: Callable[[str], None]) -> None:
    keep_logs()
    stop = Event()
    with _stopping(stop, publisher), Listener(store, lambda _slug: publisher.woken.set()):
        # A name that is not known, or a place that cannot be written to, is told at once and not tried for ever.
        publisher.begin()
        say(f"{slug}: following the log. Ctrl-C ends it.")
        publisher.follow(stop)
    say(f"{slug}: stopped at entry {publisher.seq}. What is published stays.")


@contextmanager
def _stopping(stop: Event, publisher: Publisher) -> Iterator[None]:
    """Ctrl-C and SIGTERM end it after what is being written."""

    def end(*_: object) -> None:
        stop.set()
        publisher.woken.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
