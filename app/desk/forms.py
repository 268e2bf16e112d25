"""The form that was posted, field by field."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from app.domain.letters import is_control
from app.web.errors import Problem
from app.web.receiving import LARGEST, received

MOST_FIELDS = 1000

FORM_TYPE = "application/x-www-form-urlencoded"


async def form_of(
    request: Request, *, largest: int = LARGEST, most_fields: int = MOST_FIELDS
) -> Mapping[str, list[str]]:
    """The fields of a posted form by name, each with all its values in their order, as typed.

    408, 413 and 415, and 400 for what is not text.
    """
    media_type = request.headers.get("Content-Type", FORM_TYPE).partition(";")[0].strip().lower()
    if media_type != FORM_TYPE:
        raise Problem(415, f"Send a form, as “{FORM_TYPE}”.")
    body = await received(request, "A form", largest=largest)
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=most_fields, errors="strict")
    except ValueError:
        raise Problem(400, "This form cannot be read.") from None
    form: dict[str, list[str]] = {}
    for name, value in pairs:
        # Nobody types a control character, and what is kept here is shown on air.
        typed = "".join(letter for letter in value if not is_control(letter))
        form.setdefault(name, []).append(typed)
    return form
