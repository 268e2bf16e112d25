"""The stories as parts of the dashboard and of a council's page, which ask for them again as the night goes on."""

from typing import Any

from jinja2 import Environment

from app.domain.election import Convention
from app.domain.night import Night
from app.pages.environment import render
from app.pages.story.linked import linked
from app.wording.story.council import council_story
from app.wording.story.houses import house_of
from app.wording.story.night import night_story
from app.wording.story.text import Sentence, together

STORY = "story"
"""The element id of either: a page holds one."""


def night_story_part(
    environment: Environment, night: Night, convention: Convention, *, rehearsal: bool = False, is_file: bool = False
) -> str:
    """The night so far, in the style of the house by whose convention the reader has it."""
    sentences = night_story(night, convention, house_of(convention))
    values = {
        "id": STORY,
        "seq": night.seq,
        "rehearsal": rehearsal,
        "sentences": [_shown(night, convention, it, is_file=is_file) for it in sentences],
        "all": together(sentences),
    }
    return render(environment, "story/_night.html", values)


def council_story_part(
    environment: Environment,
    night: Night,
    council_id: str,
    convention: Convention,
    *,
    rehearsal: bool = False,
    is_file: bool = False,
) -> str:
    """The story of a council."""
    state = night.councils[council_id]
    story = council_story(night.election, state, convention, house_of(convention))
    values = {
        "id": STORY,
        "seq": state.last.seq if state.last is not None else 0,
        "rehearsal": rehearsal,
        "headline": _shown(night, convention, story.headline, is_file=is_file),
        "paragraphs": [
            ([_shown(night, convention, it, is_file=is_file) for it in paragraph], together(paragraph))
            for paragraph in story.paragraphs
        ],
        "all": story.text,
    }
    return render(environment, "story/_council.html", values)


def _shown(night: Night, convention: Convention, sentence: Sentence, *, is_file: bool) -> dict[str, Any]:
    return {"text": sentence.text, "html": linked(night.election, convention, sentence, is_file=is_file)}
