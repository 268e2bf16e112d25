"""A sentence of a story as HTML: what it names leads there, and what an entry made true to how things stood then."""

from markupsafe import Markup, escape

from app.domain.election import Convention, Election
from app.pages.addresses import contest_url, council_url
from app.pages.past import at_moment
from app.wording.story.text import Sentence, Span


def linked(election: Election, convention: Convention, sentence: Sentence, *, is_file: bool = False) -> Markup:
    """``sentence`` with its links; a file has no past to lead to: everything there leads to how things stand."""
    return Markup().join(_span(election, convention, span, is_file=is_file) for span in sentence.spans)


def address_of(election: Election, convention: Convention, span: Span, *, is_file: bool = False) -> str:
    """Where a part of a sentence leads; empty where it is about nothing."""
    if span.ballot_id:
        address = contest_url(election, span.ballot_id, convention)
    elif span.council_id:
        address = council_url(election, span.council_id, convention)
    else:
        return ""
    return at_moment(address, span.seq) if span.seq and not is_file else address


def _span(election: Election, convention: Convention, span: Span, *, is_file: bool) -> Markup:
    address = address_of(election, convention, span, is_file=is_file)
    return Markup('<a href="%s">%s</a>') % (address, span.text) if address else escape(span.text)
