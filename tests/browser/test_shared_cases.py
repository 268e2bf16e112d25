"""The browser's side of the rules that the server has as well: the real modules, on pages of their own."""

import mimetypes
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Page, Route

from app.pages.embed.widget import FEW_ROWS, MANY_ROWS, MOST_ROWS
from app.pages.overview.board import STATES
from app.process.folders import STATIC
from tests.shared_cases import cases

ORIGIN = "https://declared.test"


@pytest.fixture
def shown(page: Page):
    """Shows some HTML at an address of a site that has the static files."""
    pages: dict[str, str] = {}

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path in pages:
            route.fulfill(body=pages[path], content_type="text/html; charset=utf-8")
        else:
            file = STATIC / Path(path).relative_to("/static")
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0])

    page.route(f"{ORIGIN}/**", answer)

    def show(html: str, **query: str) -> Page:
        pages["/"] = f"<!doctype html>{html}"
        page.goto(f"{ORIGIN}/?{urlencode(query)}")
        return page

    return show


def test_a_figure_is_read_as_it_is_typed(shown) -> None:
    typed = cases("numbers")
    found = shown("<title>Numbers</title>").evaluate(
        """async (typed) => {
          const { count } = await import("/static/js/desk/sums.js");
          return typed.map(count);
        }""",
        list(typed),
    )
    assert dict(zip(typed, found, strict=True)) == typed


def test_winners_and_ties_follow_from_the_votes_as_typed(shown) -> None:
    wanted = cases("winners")
    found = shown("<title>Winners</title>").evaluate(
        """async (cases) => {
          const { sums } = await import("/static/js/desk/sums.js");
          const row = (votes) =>
            `<p data-row><input data-votes value="${votes}"><span class="entry-lot"><input type="checkbox"></span>` +
            "<span data-mark></span></p>";
          return cases.map(({ votes, seats, drawn = [] }) => {
            const form = document.createElement("form");
            form.dataset.up = form.dataset.fill = seats;
            form.innerHTML = `<div data-sums></div>${votes.map(row).join("")}`;
            const rows = [...form.querySelectorAll("[data-row]")];
            const which = (name) => rows.flatMap((one, at) => (one.classList.contains(name) ? [at] : []));
            drawn.forEach((at) => (rows[at].querySelector("[type=checkbox]").checked = true));
            sums(form);
            return { elected: which("is-elected"), tied: which("is-tied") };
          });
        }""",
        wanted,
    )
    assert found == [{"elected": case["elected"], "tied": case["tied"]} for case in wanted]


def _facts(row: dict) -> str:
    """The data that ``overview/_row.html`` gives it: of what has not happened none."""
    usual = {"parties": [], "region": "", "updated": 0, "expected": 0, "line": 0}
    named = {"state": row["stage"], **usual, **{name: value for name, value in row.items() if name != "stage"}}
    named["parties"] = " ".join(named["parties"])
    seldom = ("gained", "lost", "happened")
    return "".join(f' data-{name}="{value}"' for name, value in named.items() if value or name not in seldom)


def _board(rows: list[dict]) -> str:
    """The board's form and rows, with the data that ``overview/_row.html`` gives them."""
    parties = ("CON", "LAB", "LD", "NOC")
    options = {"party": parties, "gained": parties, "lost": parties, "state": STATES, "region": ("Kent", "Merseyside")}
    selects = "".join(
        f'<select name="{name}"><option value=""></option>{"".join(f"<option>{one}</option>" for one in of)}</select>'
        for name, of in options.items()
    )
    sorts = "".join(f"<option>{name}</option>" for name in ("now", "name", "state", "updated", "expected", "line"))
    slots = "".join(f"<tbody><tr{_facts(row)}></tr></tbody>" for row in rows)
    return (
        f'<title>Board</title><form id="filters"><input name="q">{selects}<select name="sort">{sorts}</select></form>'
        f'<span id="board-count"></span><table id="board"><thead></thead>{slots}</table><p id="board-empty"></p>'
    )


SHOWN = """async (queries) => {
  await import("/static/js/overview/filters.js");
  const form = document.getElementById("filters");
  return queries.map((query) => {
    const asked = { q: "", party: "", gained: "", lost: "", state: "", region: "", sort: "now", ...query };
    for (const [name, value] of Object.entries(asked)) form.elements[name].value = value;
    form.dispatchEvent(new Event("input"));
    return [...document.querySelectorAll("tbody:not([hidden]) tr")].map((row) => row.dataset.name);
  });
}"""


def test_the_board_shows_what_is_asked_for_in_the_order_asked_for(shown) -> None:
    wanted = cases("filters")
    found = shown(_board(wanted["rows"])).evaluate(SHOWN, [case["query"] for case in wanted["cases"]])
    assert found == [case["shown"] for case in wanted["cases"]]


def test_the_board_of_a_night_has_first_what_happened_then_what_is_about_to(shown) -> None:
    for case in cases("filters")["nights"]:
        assert shown(_board(case["rows"])).evaluate(SHOWN, [{}]) == [case["shown"]], case["told"]


def _widget(councils: dict[str, str]) -> str:
    slots = "".join(
        f'<tbody data-slot="{one}"><tr data-region="{region}"></tr></tbody>' for one, region in councils.items()
    )
    return (
        '<html data-file><title>Widget</title><script src="/static/js/embed/widget.js"></script>'
        f'<h1><a href="/">Kent</a></h1><table class="board" data-limits="{MOST_ROWS} {FEW_ROWS} {MANY_ROWS}">'
        f"{slots}</table>"
    )


def test_a_widget_shows_the_councils_that_are_chosen_in_their_order(shown) -> None:
    wanted = cases("choices")
    for case in wanted["cases"]:
        page = shown(_widget(wanted["councils"]), **case["query"])
        slots = page.locator("[data-slot]").evaluate_all("(slots) => slots.map((slot) => slot.dataset.slot)")
        assert slots == case["shown"], case["told"]


def test_a_contest_is_found_at_the_desk_by_the_same_words(shown) -> None:
    wanted = cases("desk_board")
    found = shown("<title>Board</title>").evaluate(
        """async ({ lines, cases }) => {
          const { askedWords, matches } = await import("/static/js/desk/matching.js");
          return cases.map(({ state, q }) => {
            const here = lines.filter(({ tags }) => !state || tags.includes(state));
            const meant = (forgiving) => here.filter(({ name, council, aliases = "" }) =>
              matches(`${name} ${council} ${aliases}`, askedWords(q), { forgiving }));
            const exact = meant(false);
            return (exact.length ? exact : meant(true)).map(({ name }) => name);
          });
        }""",
        wanted,
    )
    assert found == [case["shown"] for case in wanted["cases"]]
