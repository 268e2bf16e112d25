"""Pictures: drawn once, kept within bounds, and never a burden to anybody else."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from app.drawing.drawer import Drawer, NotDrawn, Pictures, TooMany
from app.pages.cards.typesetting import font_files

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10" fill="#c00"/></svg>'
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def drawer():
    made = Drawer(font_files())
    yield made
    made.close()


class Slow(Drawer):
    """Draws nothing, when it is let."""

    def __init__(self) -> None:
        super().__init__([])
        self.drawn: list[str] = []
        self.may = threading.Event()

    def draw(self, svg: str) -> bytes:
        assert self.may.wait(60)
        self.drawn.append(svg)
        return svg.encode()


def run(test: Callable, slow: Slow, **limits: int) -> None:
    async def main() -> None:
        pictures = Pictures(slow, **limits)
        try:
            await test(pictures)
        finally:
            slow.may.set()
            await asyncio.to_thread(pictures.close)

    asyncio.run(main())


def given(text: str) -> Callable[[], str]:
    return lambda: text


def test_a_document_becomes_a_png(drawer):
    assert drawer.draw(SVG).startswith(PNG)
    assert drawer.draw(SVG) == drawer.draw(SVG)


def test_what_cannot_be_drawn_is_said_and_the_next_one_is_drawn(drawer):
    with pytest.raises(NotDrawn):
        drawer.draw("<svg")
    assert drawer.draw(SVG).startswith(PNG)


def test_a_process_that_died_is_started_again(drawer):
    drawer.draw(SVG)
    process = drawer._process
    os.kill(process.pid, signal.SIGKILL)
    process.wait(30)
    assert drawer.draw(SVG).startswith(PNG)


def test_the_process_ends_with_its_input(drawer):
    drawer.draw(SVG)
    process = drawer._process
    process.stdin.close()
    assert process.wait(30) == 0


def test_drawing_leaves_the_interpreter_to_others(drawer):
    """The process draws for some tens of milliseconds; meanwhile a thread here is never held up for as long."""
    big = SVG.replace("</svg>", "<text y='8'>Medway</text>" * 3000 + "</svg>")
    drawer.draw(big)
    turns = 0
    done = threading.Event()

    def draw() -> None:
        drawer.draw(big)
        done.set()

    thread = threading.Thread(target=draw)
    thread.start()
    while not done.is_set():
        time.sleep(0.001)
        turns += 1
    thread.join()
    assert turns > 3


def test_a_picture_is_drawn_once_for_all_who_ask_at_the_same_time():
    slow = Slow()

    async def test(pictures: Pictures) -> None:
        asked = [asyncio.create_task(pictures.picture("a", given("svg"))) for _ in range(50)]
        await asyncio.sleep(0)
        slow.may.set()
        assert set(await asyncio.gather(*asked)) == {b"svg"}
        assert await pictures.picture("a", given("not asked for")) == b"svg"
        assert slow.drawn == ["svg"]

    run(test, slow)


def test_whoever_goes_away_takes_the_picture_from_nobody():
    slow = Slow()

    async def test(pictures: Pictures) -> None:
        first = asyncio.create_task(pictures.picture("a", given("svg")))
        second = asyncio.create_task(pictures.picture("a", given("svg")))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        slow.may.set()
        assert await second == b"svg"

    run(test, slow)


def test_too_many_are_told_to_come_back_and_the_past_leaves_room_for_the_present():
    slow = Slow()

    async def test(pictures: Pictures) -> None:
        past = [asyncio.create_task(pictures.picture(n, given(f"{n}"), is_past=True)) for n in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(TooMany):
            await pictures.picture("more of the past", given("svg"), is_past=True)
        now = [asyncio.create_task(pictures.picture(f"now {n}", given(f"now {n}"))) for n in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(TooMany):
            await pictures.picture("more", given("svg"))
        slow.may.set()
        assert await asyncio.gather(*past, *now) == [b"0", b"1", b"now 0", b"now 1"]
        assert await pictures.picture("more", given("svg")) == b"svg", "there is room again"

    run(test, slow, waiting=4)


def test_no_more_bytes_are_kept_than_agreed():
    slow = Slow()
    slow.may.set()

    async def test(pictures: Pictures) -> None:
        for number in range(20):
            await pictures.picture(number, given("x" * 100))
            assert pictures.size <= 1000
        await pictures.picture(19, given("x" * 100))
        assert len(slow.drawn) == 20, "the newest ones are kept"
        await pictures.picture(0, given("x" * 100))
        assert len(slow.drawn) == 21, "the oldest are not"

    run(test, slow, kept=1000)


def test_a_picture_that_failed_is_tried_again():
    slow = Slow()
    slow.may.set()

    async def test(pictures: Pictures) -> None:
        def broken() -> str:
            raise NotDrawn("broken")

        with pytest.raises(NotDrawn):
            await pictures.picture("a", broken)
        assert await pictures.picture("a", given("svg")) == b"svg"

    run(test, slow)
