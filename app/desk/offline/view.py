"""Which pages of the desk a browser keeps, and the one that stands in for those it has not."""

from collections.abc import Iterable, Iterator

from jinja2 import Environment

from app.desk.addresses import council_url, desk_url, entry_url
from app.desk.frame import DeskFrame
from app.domain.election import Council
from app.domain.night import Night
from app.domain.subject import Subject
from app.pages.assets import DESK_STYLESHEET, STYLESHEET, Assets
from app.pages.environment import render
from app.process.strict_json import compact_json

STANDS_IN = "/desk/offline.html"

_FOR_PAGES = ("js/desk/", "js/theme.js", "vendor/fonts/", "icon.svg")


def addresses_to_keep(night: Night, councils: Iterable[Council], *, with_statuses: bool) -> Iterator[str]:
    """The board, and of each council the forms of what is to come; to reporters their statuses as well."""
    yield desk_url(night.election)
    for council in councils:
        yield entry_url(night.election, Subject("tally", council.council_id))
        if with_statuses:
            yield f"{council_url(night.election, council.council_id)}/status"
        for contest in council.contests:
            if not night.result(contest.ballot_id).is_decided:
                form = entry_url(night.election, Subject("ward", contest.ballot_id))
                yield form
                if with_statuses:
                    yield f"{form}/status"


def worker_script(assets: Assets) -> bytes:
    """The service worker of this release, with the addresses of all that the desk's pages load."""
    names = sorted(name for name in assets.files() if name.startswith(_FOR_PAGES))
    sheets = (url for bundle in (STYLESHEET, DESK_STYLESHEET) for url in assets.stylesheets(bundle))
    files = [STANDS_IN, *sheets, *map(assets.url, names)]
    release = f"const RELEASE = {compact_json(assets.version)};\nconst FILES_OF_IT = {compact_json(files)};\n"
    return release.encode() + assets.content("js/desk/worker.js")


def offline_page(environment: Environment) -> str:
    """What is shown without a network for a page that was not kept. It is the same for everybody."""
    return render(environment, "desk/offline/offline.html", {"frame": DeskFrame(None)})
