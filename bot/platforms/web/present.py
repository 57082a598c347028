"""Domain values as JSON for the page, which inserts all of it as text."""

import hashlib
from typing import Any, Final
from urllib.parse import urlsplit

from bot import texts
from bot.domain import emoji
from bot.domain.cards import Answer, Card, Theme, displayed_genres
from bot.domain.replies import Notice
from bot.domain.votes import Ballot, VoteKind
from bot.texts import web_page

MAX_OPTIONS: Final = 3
"""Genres that can be selected with one click, the predicted one included."""

Json = dict[str, Any]


def card(card: Card, votes: Ballot) -> Json:
    """Return a card with the visitor's vote."""
    answer = card.answer
    track = answer.subject
    return {
        "type": "card",
        "id": card.id,
        "track": {
            "key": track.key,
            "title": texts.title(track),
            "artists": texts.artists(track),
            "url": https_only(track.url),
            "open": texts.open_in(track.url or ""),
            "image": https_only(track.image),
        },
        "emoji": emoji.GENRES.get(answer.prediction.best, ""),
        "verdict": texts.verdict(answer),
        "why": texts.why(answer),
        "small_print": texts.small_print(answer),
        "genres": [
            {"genre": genre, "share": share, "percent": texts.percent(share)}
            for genre, share in displayed_genres(answer).items()
        ],
        "chart": {
            **{theme.value: chart_address(card, theme) for theme in Theme},
            "alt": texts.alt(answer),
            "missing": texts.CHART_MISSING,
        },
        "options": _options(answer),
        "ballot": ballot(votes),
    }


def notice(notice: Notice) -> Json:
    """Return a notice."""
    return {"type": "notice", "code": notice.kind, "text": notice.text}


def ballot(votes: Ballot) -> Json:
    """Return the visitor's one choice, in values and in words."""
    chosen = [{"kind": VoteKind.CHOICE.value, "genre": votes.counted}] if votes.counted else []
    return {"active": chosen, "counted": votes.counted, "said": web_page.current_vote(votes)}


def page_data() -> Json:
    """Return the sentences and genres that the page needs at its start."""
    return {
        "strings": dict(web_page.PAGE),
        "commands": web_page.COMMANDS,
        "examples": web_page.EXAMPLES,
        "genres": web_page.genre_options(),
        "too_long": texts.MESSAGE_TOO_LONG,
    }


def chart_address(card: Card, theme: Theme) -> str:
    """Return a chart's address, which differs between answers with the same card id."""
    version = hashlib.sha256(repr(card.answer).encode()).hexdigest()[:12]
    return f"/charts/{card.id}.png?theme={theme.value}&v={version}"


def https_only(url: str | None) -> str | None:
    """Return `url` if it is an https address, else None (as for `javascript:`)."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme == "https" and parts.netloc else None


def _options(answer: Answer) -> list[Json]:
    """Return the genres to choose with one click; the predicted one stands for "right"."""
    best, *others = list(answer.prediction.genres)[:MAX_OPTIONS]
    right = {"kind": VoteKind.RIGHT.value, "genre": best, "emoji": emoji.RIGHT}
    return [right] + [
        {"kind": VoteKind.CHOICE.value, "genre": genre, "emoji": emoji.GENRES[genre]}
        for genre in others
    ]
