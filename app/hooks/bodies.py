"""What a message looks like: our own JSON, or what Slack, Teams and Discord show as a message of theirs."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from app.hooks.telling import AlertTelling
from app.store.hooks import HookForm

JsonObject = dict[str, Any]

VERSION = 1
"""Of our own JSON: members are added under the same, and anything else is another."""

_SHORT, _LONG = 250, 2900
"""Characters of a headline and of a text, below what each of the three takes."""


def body_of(telling: AlertTelling, form: HookForm) -> bytes:
    """The body of a message, as it is signed and sent."""
    return json.dumps(_FORMS[form](telling), ensure_ascii=False, separators=(",", ":")).encode()


def _json(told: AlertTelling) -> JsonObject:
    return {
        "type": f"declared.{told.kind}",
        "version": VERSION,
        "id": told.message_id,
        "timestamp": told.at.isoformat(),
        "test": told.is_test,
        "data": {
            "kinds": list(told.kinds),
            "withdrawn": told.is_withdrawn,
            "headline": told.headline,
            "text": told.text,
            "reason": told.reason,
            "election": told.slug or None,
            "election_name": told.election or None,
            "epoch": told.epoch or None,
            "seq": told.seq,
            "council_id": told.council_id,
            "council": told.council,
            "ballot_id": told.ballot_id,
            "contest": told.contest,
            "now": told.now,
            "before": told.before,
            "url": told.url or None,
        },
    }


def _slack(told: AlertTelling) -> JsonObject:
    """Blocks of plain text: what candidates and councils are called marks nothing up."""
    texts = [_cut(told.headline, _SHORT), *([_cut(told.text, _LONG)] if told.text else [])]
    blocks: list[JsonObject] = [
        {"type": "section", "text": {"type": "plain_text", "text": text, "emoji": False}} for text in texts
    ]
    if told.url:
        link = {"type": "mrkdwn", "text": f"<{told.url}|{_slack_escaped(_place(told))}>"}
        blocks.append({"type": "context", "elements": [link]})
    return {"text": _slack_escaped(texts[0]), "mrkdwn": False, "blocks": blocks}


def _slack_escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _teams(told: AlertTelling) -> JsonObject:
    """A message with an Adaptive Card, as the workflow “When a Teams webhook request is received” takes it."""
    texts = [("Bolder", _cut(told.headline, _SHORT)), *([("Default", _cut(told.text, _LONG))] if told.text else [])]
    card: JsonObject = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        # Runs of text, which are taken as they are: a TextBlock would read Markdown in them.
        "body": [
            {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, "weight": weight}]}
            for weight, text in texts
        ],
    }
    if told.url:
        card["actions"] = [{"type": "Action.OpenUrl", "title": _place(told), "url": told.url}]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _discord(told: AlertTelling) -> JsonObject:
    """An embed that mentions nobody."""
    embed: JsonObject = {"title": _cut(_discord_escaped(told.headline), _SHORT), "timestamp": told.at.isoformat()}
    if told.text:
        embed["description"] = _cut(_discord_escaped(told.text), _LONG)
    if told.url:
        embed["url"] = told.url
    if told.election:
        embed["footer"] = {"text": told.election}
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}


def _discord_escaped(text: str) -> str:
    return re.sub(r"([\\*_~`|>#\[\]<@])", r"\\\1", text)


def _place(told: AlertTelling) -> str:
    """What the link of a message leads to."""
    return _cut(told.council or told.election, _SHORT)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


_FORMS: Mapping[HookForm, Callable[[AlertTelling], JsonObject]] = {
    HookForm.JSON: _json,
    HookForm.SLACK: _slack,
    HookForm.TEAMS: _teams,
    HookForm.DISCORD: _discord,
}
