"""What messages look like to whoever gets them, how they are signed, and when one is tried again."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.alerts import alerts_of
from app.domain.night import Night
from app.hooks.bodies import body_of
from app.hooks.reaching import Answered
from app.hooks.sender import Patience
from app.hooks.telling import AlertTelling, SentFrom, signed, tellings, trial
from app.store.hooks import Hook, HookForm, HookWanted
from tests.builders import CON, LAB, a_contest, a_council, a_ward, an_election, an_entry

NOW = datetime(2026, 5, 8, 2, 30, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
HOOK = Hook(1, HookWanted("https://example.org/hook", frozenset()), SECRET, NOW)


def told(council_name: str = "Testshire", *, public_url: str = "https://results.example.org") -> AlertTelling:
    """The message of a flip."""
    contest = a_contest("north")
    night = Night.before_first(an_election(a_council(contest, name=council_name, eve=CON)))
    night, change = night.apply(an_entry(1, a_ward(contest, LAB)))
    server = SentFrom(public_url)
    ((_, _, message),) = tellings(night.election, "e", 1, alerts_of(change, "bbc"), server)
    return message


def body(form: HookForm, message: AlertTelling) -> dict:
    return json.loads(body_of(message, form))


def test_a_signature_is_that_of_the_specification() -> None:
    """Its own example: https://www.standardwebhooks.com, of which only the time is given in another form here."""
    now = datetime.fromtimestamp(1614265330, UTC)
    headers = signed(HOOK, "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', now)
    assert headers["webhook-id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_our_own_body_has_all_that_is_known() -> None:
    message = body(HookForm.JSON, told())
    assert message == {
        "type": "declared.flip",
        "version": 1,
        "id": "test-2023-e-1-0",
        "timestamp": "2023-05-04T22:01:00+00:00",
        "test": False,
        "data": {
            "kinds": ["flip", "certain"],
            "withdrawn": False,
            "headline": "LAB gain Testshire from CON",
            "text": "LAB 1 of 1.",
            "reason": None,
            "election": "test-2023",
            "election_name": "Test elections 2023",
            "epoch": "e",
            "seq": 1,
            "council_id": "testshire",
            "council": "Testshire",
            "ballot_id": None,
            "contest": None,
            "now": LAB,
            "before": CON,
            "url": "https://results.example.org/elections/test-2023/councils/testshire",
        },
    }
    assert "." not in message["id"], "the specification parts what is signed by full stops"


def test_slack_is_given_plain_text_and_escaped_links() -> None:
    message = body(HookForm.SLACK, told("*Bold* & <!channel>"))
    assert message["text"] == "LAB gain *Bold* &amp; &lt;!channel&gt; from CON"
    headline, text, context = message["blocks"]
    assert headline["text"] == {"type": "plain_text", "text": "LAB gain *Bold* & <!channel> from CON", "emoji": False}
    assert text["text"]["text"] == "LAB 1 of 1."
    url = "https://results.example.org/elections/test-2023/councils/testshire"
    assert context["elements"] == [{"type": "mrkdwn", "text": f"<{url}|*Bold* &amp; &lt;!channel&gt;>"}]


def test_teams_is_given_an_adaptive_card_in_a_message() -> None:
    message = body(HookForm.TEAMS, told("[click](https://evil.example)"))
    (attachment,) = message["attachments"]
    assert (message["type"], attachment["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert [block["type"] for block in card["body"]] == ["RichTextBlock", "RichTextBlock"]
    assert card["body"][0]["inlines"][0]["text"] == "LAB gain [click](https://evil.example) from CON"
    assert card["actions"][0]["type"] == "Action.OpenUrl"


def test_discord_is_given_an_embed_that_mentions_nobody_and_marks_nothing_up() -> None:
    message = body(HookForm.DISCORD, told("**@everyone** [x](y)"))
    (embed,) = message["embeds"]
    assert message["allowed_mentions"] == {"parse": []}
    assert embed["title"] == r"LAB gain \*\*\@everyone\*\* \[x\](y) from CON"
    assert embed["description"] == "LAB 1 of 1."
    assert embed["footer"] == {"text": "Test elections 2023"}
    assert embed["url"].endswith("/councils/testshire")


@pytest.mark.parametrize("form", list(HookForm))
def test_every_form_says_it_without_an_address_of_ours_and_of_a_trial_and_never_at_endless_length(form) -> None:
    for message in (told(public_url=""), trial(NOW, "1"), told("x" * 9000)):
        text = body_of(message, form).decode()
        assert "results.example.org/" not in text or message.url
        assert len(text) < (40_000 if form is HookForm.JSON else 8000)
    assert "TEST: a message to try the way" in body_of(trial(NOW, "1"), form).decode()


def test_pauses_double_up_to_five_minutes_unless_more_is_asked_for_and_end_after_a_day() -> None:
    patience, failed = Patience(pause=1.0, hours=24), Answered(is_taken=False, told="HTTP 500")

    def pause(attempts: int, answered: Answered = failed, since: timedelta | None = None) -> float | None:
        hook = Hook(1, HOOK.wanted, SECRET, NOW, NOW - since if since is not None else None, attempts)
        due = patience.due_at(hook, answered, NOW)
        return (due - NOW).total_seconds() if due is not None else None

    assert [pause(attempts) for attempts in (0, 1, 2, 8, 9, 10_000)] == [1, 2, 4, 256, 300, 300]
    assert pause(0, Answered(is_taken=False, told="", pause=900)) == 900
    assert pause(300, since=timedelta(hours=23, minutes=59)) == 300
    assert pause(300, since=timedelta(hours=24)) is None
