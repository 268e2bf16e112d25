"""What a form says of who else is at it."""

from jinja2 import Environment

from app.desk.frame import DeskFrame
from app.domain.election import Election
from app.domain.subject import Subject
from app.pages.environment import render


def here_part(environment: Environment, frame: DeskFrame, election: Election, subject: Subject) -> str:
    """The part of the form of ``subject`` that changes by itself."""
    return render(environment, "desk/presence/_here.html", {"frame": frame, "election": election, "subject": subject})
