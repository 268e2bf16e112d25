"""The demo: the bundled real night on a database of its own, replayed before your eyes."""

import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe

from app.bundles.reading import read_bundle
from app.commands.replaying import ReplayStopped, evenly, replay_file
from app.process.failures import CommandFailed
from app.process.folders import ELECTIONS
from app.serving.server import Server
from app.settings import Settings
from app.store import loading, staff, tokens
from app.store.engine import Store

BUNDLE = ELECTIONS / "kent-2023"

NIGHT_SECONDS = 360.0
"""How long the whole night takes at speed 1."""

EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class Demo:
    """One run. The database is made afresh in a temporary folder and goes with the run, so it can be run again."""

    speed: float = 1.0
    port: int = 8000

    def run(self) -> None:
        """Serve and replay until Ctrl-C or SIGTERM; the server stays when the night is over."""
        with tempfile.TemporaryDirectory(prefix="declared-demo-") as folder:
            url = f"sqlite:///{Path(folder) / 'demo.db'}"
            say(f"Loading {BUNDLE.name} …")
            token, password = self._prepare(url)
            server = Server(
                Settings(database_url=url, port=self.port), on_ready=lambda at: self._begin(server, at, token, password)
            )
            server.run()
        if not server.started:
            raise CommandFailed("The server did not start.")
        say("Stopped. Run it again at any time.")

    def _prepare(self, url: str) -> tuple[str, str]:
        """The database with the night's election, a token for the replay, and an editor with a fresh password."""
        password = token_urlsafe(9)
        bundle = read_bundle(BUNDLE)
        with Store.open(url) as store:
            store.migrate()
            with store.writing() as connection:
                loading.save_election(connection, bundle.election, bundle.digest)
                staff.add_staff(connection, EDITOR, staff.Role.EDITOR, password)
                token = tokens.add_token(connection, "replay", tokens.Scope.DECLARE)
        return token, password

    def _begin(self, server: Server, url: str, token: str, password: str) -> None:
        slug = BUNDLE.name
        say("")
        say(f"  The night       {url}elections/{slug}")
        say(f"  A council       {url}elections/{slug}/councils/medway")
        say(f"  On the wall     {url}elections/{slug}?view=wall")
        say(f"  The desk        {url}desk   (sign in as {EDITOR} with {password})")
        say("")
        say(f"Replaying the night in about {NIGHT_SECONDS / self.speed / 60:.1f} minutes. Ctrl-C stops.")
        threading.Thread(target=self._replay, args=(server, url, token), name="declared-replay", daemon=True).start()

    def _replay(self, server: Server, url: str, token: str) -> None:
        try:
            pace = evenly(NIGHT_SECONDS / self.speed)
            replay_file(
                BUNDLE / "night.jsonl",
                to=url,
                token=token,
                pace=pace,
                stream=sys.stderr,
                is_over=lambda: server.should_exit,
            )
            if not server.should_exit:
                say("The night is over; the pages stay. Ctrl-C stops.")
        except ReplayStopped as error:
            say(f"The replay stopped: {error}")


def say(text: str) -> None:
    """To whoever watches the terminal."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
