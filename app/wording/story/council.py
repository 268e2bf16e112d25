"""The story of a council: a headline and up to three paragraphs, of which each sentence stands by itself."""

from dataclasses import dataclass

from app.domain.council import CouncilState
from app.domain.election import Convention, Election
from app.wording.story.change import change_told
from app.wording.story.control import control_told
from app.wording.story.headline import headline
from app.wording.story.houses import House
from app.wording.story.text import Sentence, together
from app.wording.story.wards import wards_told

Paragraph = tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class CouncilStory:
    """``paragraphs`` are who controls it, what is otherwise than before, and its wards: those with anything to say."""

    headline: Sentence
    paragraphs: tuple[Paragraph, ...]

    @property
    def text(self) -> str:
        """All of it, a blank line between headline and paragraphs."""
        return "\n\n".join([self.headline.text, *map(together, self.paragraphs)])


def council_story(election: Election, state: CouncilState, convention: Convention, house: House) -> CouncilStory:
    """Of ``state`` as it stands, compared under ``convention``, in the style of ``house``."""
    comparison = state.comparisons[convention.key]
    paragraphs = (
        tuple(control_told(election, state, house)),
        tuple(change_told(election, state, comparison, house)),
        tuple(wards_told(election, state, house)),
    )
    told = tuple(paragraph for paragraph in paragraphs if paragraph)
    return CouncilStory(headline(election, state, comparison, house), told)
