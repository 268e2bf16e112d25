"""The stories as the API answers them: sentences as text and as HTML, and what each part of them is about."""

from collections.abc import Callable

from app.api.values import JsonObject
from app.domain.election import Convention
from app.domain.night import Night
from app.wording.story.council import council_story
from app.wording.story.houses import House
from app.wording.story.night import night_story
from app.wording.story.text import Sentence, together

Linked = Callable[[Sentence], str]
"""A sentence as HTML."""


def night_story_view(night: Night, convention: Convention, house: House, linked: Linked, *, epoch: str) -> JsonObject:
    """The night so far: its sentences in order, and all of them as ``text``."""
    sentences = night_story(night, convention, house)
    return {
        "slug": night.election.slug,
        "seq": night.seq,
        "epoch": epoch,
        "convention": convention.key,
        "style": house.value,
        "text": together(sentences),
        "sentences": [_sentence_view(it, linked) for it in sentences],
    }


def council_story_view(
    night: Night, council_id: str, convention: Convention, house: House, linked: Linked
) -> JsonObject:
    """A council's headline and paragraphs; ``seq`` is the newest entry about it."""
    state = night.councils[council_id]
    story = council_story(night.election, state, convention, house)
    return {
        "slug": night.election.slug,
        "council_id": council_id,
        "seq": state.last.seq if state.last is not None else 0,
        "convention": convention.key,
        "style": house.value,
        "text": story.text,
        "headline": _sentence_view(story.headline, linked),
        "paragraphs": [
            {
                "text": together(paragraph),
                "html": " ".join(linked(it) for it in paragraph),
                "sentences": [_sentence_view(it, linked) for it in paragraph],
            }
            for paragraph in story.paragraphs
        ],
    }


def _sentence_view(sentence: Sentence, linked: Linked) -> JsonObject:
    """``links`` are the parts that are about something: with a ``seq`` what that entry made true, else its name."""
    return {
        "about": sentence.about,
        "text": sentence.text,
        "html": linked(sentence),
        "links": [
            {
                "text": span.text,
                "council_id": span.council_id or None,
                "ballot_id": span.ballot_id or None,
                "seq": span.seq or None,
            }
            for span in sentence.spans
            if span.council_id or span.ballot_id or span.seq
        ],
    }
