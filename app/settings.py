"""Every setting, described once: an option of ``declared serve``, or ``DECLARED_…`` in the environment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from hashlib import sha256
from typing import Any

from app.domain.proposal import Thresholds
from app.process.logs import FORMATS, TEXT
from app.process.networks import spelt_networks
from app.process.origins import frame_sources, origin


def described(
    default: Any,
    description: str,
    *,
    least: float = 0,
    most: float | None = None,
    choices: Sequence[str] = (),
    read: Callable[[str], str] | None = None,
) -> Any:
    """A setting: what it is by default and what it does.

    A number has to be from ``least`` to ``most``; a text one of ``choices``, or what ``read`` makes of it, which raises
    ValueError.
    """
    metadata = {"description": description, "least": least, "most": most, "choices": choices, "read": read}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How one server runs. Built once, at the start; every field is documented in ``docs/settings.md``."""

    database_url: str = described(
        "sqlite:///declared.db", "The database: sqlite:///FILE, or postgresql://… for more than one process or machine."
    )
    listen_database: str = described(
        "", "Where wake-ups are heard, if not there: PostgreSQL itself, past a PgBouncer in transaction mode."
    )
    read_database: str = described("", "A standby from which logs are read as far as it has them; empty: none.")
    read_connections: int = described(
        15,
        "Connections to the database that read, in each process at most; up to four write, one listens.",
        least=1,
    )
    photos: str = described(
        "",
        "The folder that photos of sheets are kept in; empty: beside a SQLite file, under its name with .photos. On "
        "PostgreSQL no photo is taken without one, which all nodes share.",
    )
    host: str = described("127.0.0.1", "The address to listen on.")
    port: int = described(8000, "The port to listen on; 0 takes a free one.", most=65535)
    workers: int = described(
        1, "Processes that serve on the one port, each a whole server: one for each core.", least=1, most=64
    )
    public_url: str = described(
        "",
        "Our own address as readers see it, such as https://results.example.org; empty: the request’s Host.",
        read=origin,
    )
    frame_ancestors: str = described(
        "*",
        "Who may frame widgets, as Content-Security-Policy says it: * for anybody, or origins with spaces between.",
        read=frame_sources,
    )
    development: bool = described(
        default=False, description="Serve /patterns, and read templates again when they change."
    )
    rehearsal: bool = described(default=False, description="Mark every page, embed, image and export as a TEST.")
    beat_seconds: float = described(
        10.0,
        "Seconds between the beats that tell watchers the night goes on, at most 60; a page is stale once one is 4 s "
        "overdue, at the earliest after 14 s of silence.",
        least=0.05,
        most=60,
    )
    poll_seconds: float = described(
        0.5, "Seconds between looks at the log, should a wake-up have been lost.", least=0.05
    )
    body_seconds: float = described(10.0, "Seconds in which the body of a request has to be here.", least=0.05)
    stuck_seconds: float = described(
        20.0, "Seconds after which who does not read, a watcher or any other, is let go.", least=0.05
    )
    watchers_per_address: int = described(0, "Live connections allowed from one address; 0: any number.")
    writer_queue: int = described(
        1024, "Declarations that may wait to be written before posts are answered 503.", least=1
    )
    start_patience: float = described(
        60.0, "Seconds that a start waits for a database that is away; after these it ends with exit code 1."
    )
    drain_seconds: float = described(
        0.0, "Seconds that a stopping server goes on answering, with /readyz at 503, before it closes its port."
    )
    shutdown_seconds: int = described(10, "Seconds that open connections have to end when the server stops.")
    hook_networks: str = described(
        "",
        "Networks of our own that hooks may reach, over http too, such as 10.0.0.0/8 with spaces between; empty: none.",
        read=spelt_networks,
    )
    hook_seconds: float = described(10.0, "Seconds that a hook has to answer.", least=0.05)
    hook_pause_seconds: float = described(
        1.0,
        "Seconds until a hook that has not taken a message is tried again; twice as long each time, up to 300.",
        least=0.05,
    )
    hook_patience_hours: float = described(
        24.0, "Hours for which a hook is tried; then it is stopped, and says so, until `declared hook resume`."
    )
    hook_lease_seconds: float = described(
        10.0, "Seconds after which another server sends to hooks in the place of one that is silent.", least=0.5
    )
    log_format: str = described(
        TEXT, "How log lines are written to stderr: text for people, json for programs.", choices=FORMATS
    )
    turnout_high: float = described(80.0, "W01: a turnout above this percentage has to be confirmed.")
    turnout_low: float = described(10.0, "W01: a turnout below this percentage has to be confirmed.")
    turnout_percent_of_others: float = described(
        55.0, "W02: percentage of the council’s usual turnout that a ward’s may fall to, or exceed it by as much."
    )
    turnout_deviations_from_others: float = described(
        3.5, "W02: standard deviations of the council’s other turnouts that a ward’s may be away from their median."
    )
    turnout_points_from_others: float = described(
        8.0, "W02: percentage points within which that distance is never asked about."
    )
    turnout_others_needed: int = described(
        5, "W02: turnouts of the council’s other wards that have to be known before one is compared with them."
    )
    round_candidates_needed: int = described(
        3, "W03: candidates that a ward has to have before it is asked why all their votes end in 0."
    )
    running_mates_ratio: float = described(
        1.75, "W04: running mates are far apart when one has at least this many times the votes of another."
    )
    running_mates_apart: float = described(
        3.0, "W15: one party’s running mates are too far apart when one has more than this many times another’s votes."
    )
    rejected_share: float = described(3.0, "W08: more rejected papers than this percentage have to be confirmed.")
    votes_percent_of_papers: float = described(
        97.0, "W13: fewer votes than this percentage of the valid papers have to be confirmed."
    )
    party_percent_of_least: float = described(
        40.0, "W20: percentage of a party’s least share in the council’s other wards that its share may fall to."
    )
    party_wards_needed: int = described(
        8, "W20: other wards of the council that a party has to have votes in before its share is compared with them."
    )

    @property
    def shown(self) -> str:
        """A digest of the settings that readers see: under others, an answer kept by a browser is another one."""
        seen = (self.public_url, self.frame_ancestors, self.rehearsal, self.stale_after)
        return sha256(repr(seen).encode()).hexdigest()[:8]

    @property
    def stale_after(self) -> float:
        """Seconds of silence after which a page says that it is not live: it looks every second, so within 15 s."""
        return max(14.0, self.beat_seconds + 4)

    @property
    def thresholds(self) -> Thresholds:
        """The checks’ thresholds: every one of them is a setting."""
        return Thresholds(**{own.name: getattr(self, own.name) for own in fields(Thresholds)})
