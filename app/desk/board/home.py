"""The desk of a server that has several elections, or none yet."""

from collections.abc import Sequence

from jinja2 import Environment

from app.desk.frame import DeskFrame
from app.domain.night import Night
from app.pages.environment import render


def desk_home_page(environment: Environment, nights: Sequence[Night], frame: DeskFrame) -> str:
    """The elections, with how far each of them is."""
    return render(environment, "desk/board/home.html", {"frame": frame, "nights": nights})
