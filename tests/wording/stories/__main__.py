"""Writes the stories anew: ``python -m tests.wording.stories``."""

from tests.wording.stories import FOLDER, stories

for name, text in stories():
    path = FOLDER / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
