"""The desk of a server that has several elections, or none yet."""

from collections.abc import Sequence

from jinja2 import Environment

from app.desk.frame import DeskFrame
from app.domain.night import Night
from app.pages.environment import render


def desk_home_page(environment: Environment, nights: Sequence[Night], frame: DeskFrame, *, query: str = "") -> str:
    """The elections, with how far each of them is; ``query`` narrows the board that is gone to from here."""
    return render(environment, "desk/board/home.html", {"frame": frame, "nights": nights, "query": query})
