"""XML of strangers as a tree with the line of every element: no document types, no entities, within bounds."""

from dataclasses import dataclass, field
from xml.parsers import expat

from app.bundles.tables import Fault

DEEPEST = 20
MOST_ELEMENTS = 100_000
"""The election of a large council has some thousands."""


@dataclass(slots=True)
class Element:
    """An element: its name in small letters, the line it begins on, its text with single spaces, and its children."""

    name: str
    line: int
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def all(self, name: str) -> list["Element"]:
        return [child for child in self.children if child.name == name]

    def inside(self, group: str, name: str) -> list["Element"]:
        """Those of ``name`` within the children ``group``, as lists are written."""
        return [element for held in self.all(group) for element in held.all(name)]

    def child(self, name: str) -> "Element | None":
        return next(iter(self.all(name)), None)

    def text_of(self, name: str) -> str:
        found = self.child(name)
        return found.text if found else ""


class _Unfit(Exception):
    """What no file of an election has; the message says what."""


class _Builder:
    """Makes the tree of what expat tells."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=None)
        self.parser.StartElementHandler = self.begin
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.tell
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.root = Element("", 0)
        self._open = [self.root]
        self._number = 0
        self._texts: list[list[str]] = [[]]

    def begin(self, name: str, _: dict[str, str]) -> None:
        self._number += 1
        if self._number > MOST_ELEMENTS or len(self._open) > DEEPEST:
            raise _Unfit("has far more elements than an election, or deeper ones")
        # A namespace is of no account, and neither is its prefix.
        element = Element(name.rpartition(":")[2].lower(), self.parser.CurrentLineNumber)
        self._open[-1].children.append(element)
        self._open.append(element)
        self._texts.append([])

    def end(self, _: str) -> None:
        self._open.pop().text = " ".join("".join(self._texts.pop()).split())

    def tell(self, text: str) -> None:
        self._texts[-1].append(text)

    def refuse(self, *_: object) -> None:
        raise _Unfit("has a document type (<!DOCTYPE …>), which can make a small file a large one")


def read_xml(file: str, content: bytes, faults: list[Fault]) -> Element | None:
    """The outermost element of the file; None, and a fault, where it is not XML."""
    builder = _Builder()
    try:
        builder.parser.Parse(content, True)  # noqa: FBT003  # the end of the file; expat names nothing
    except expat.ExpatError as error:
        told = f"is not XML ({expat.ErrorString(error.code)})"
        remedy = "save it as the web service answers it: …/mgWebService.asmx/GetElectionResults?lElectionId=1"
        faults.append(Fault(file, error.lineno, told, remedy))
        return None
    except _Unfit as error:
        faults.append(Fault(file, builder.parser.CurrentLineNumber, str(error), "take it out"))
        return None
    return builder.root.children[0]
