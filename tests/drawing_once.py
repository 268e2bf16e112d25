"""Pictures for tests of what is around them."""

from app.drawing.drawer import Drawer


class DrawnOnce(Drawer):
    """The process that draws, asked once for each document: most tests publish the same cards."""

    def __init__(self, font_files: list) -> None:
        super().__init__(font_files)
        self._drawn: dict[str, bytes] = {}

    def draw(self, svg: str) -> bytes:
        if svg not in self._drawn:
            self._drawn[svg] = super().draw(svg)
        return self._drawn[svg]
