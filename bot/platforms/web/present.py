"""Values of the core as JSON for the page. Text only: the page makes no markup of it."""

import hashlib
from typing import Any, Final
from urllib.parse import urlsplit

from bot import texts
from bot.domain import emoji
from bot.domain.cards import Answer, Card, Notice, Theme
from bot.domain.votes import Ballot, VoteKind
from bot.texts import web_page

BARS: Final = 5
"""Genres that are shown as bars where there is no chart."""

REACTIONS: Final = 3
"""Genres that can be voted for by a single reaction."""

Json = dict[str, Any]


def card(shown: Card, said: Ballot) -> Json:
    """Describe a card, and what the visitor has said of it."""
    answer = shown.answer
    track = answer.track
    best = list(answer.prediction.genres.items())[:BARS]
    return {
        "type": "card",
        "id": shown.id,
        "track": {
            "key": track.key,
            "title": texts.title(track),
            "artists": texts.artists(track),
            "url": https_only(track.url),
            "image": https_only(track.image),
        },
        "emoji": emoji.GENRES.get(answer.prediction.best, ""),
        "verdict": texts.verdict(answer),
        "why": texts.why(answer),
        "small_print": texts.small_print(answer),
        "genres": [
            {"genre": genre, "share": share, "percent": texts.percent(share)}
            for genre, share in best
        ],
        "chart": {
            **{theme.value: chart_address(shown, theme) for theme in Theme},
            "alt": texts.alt(answer),
            "missing": texts.CHART_MISSING,
        },
        "reactions": _reactions(answer),
        "ballot": ballot(said),
    }


def notice(shown: Notice) -> Json:
    """Describe a sentence that stands in place of a card."""
    return {"type": "notice", "code": shown.code, "text": shown.text}


def ballot(said: Ballot) -> Json:
    """Describe what the visitor has said, in values and in words."""
    active = sorted((choice.kind.value, choice.genre) for choice in said.active)
    return {
        "active": [{"kind": kind, "genre": genre} for kind, genre in active],
        "counted": said.counted,
        "said": web_page.said(said),
    }


def page_data() -> Json:
    """Describe what the page needs before anyone has said anything: sentences and genres."""
    return {
        "strings": dict(web_page.PAGE),
        "commands": web_page.COMMANDS,
        "examples": web_page.EXAMPLES,
        "genres": web_page.genre_options(),
        "too_long": texts.MESSAGE_TOO_LONG,
    }


def chart_address(shown: Card, theme: Theme) -> str:
    """Return where the chart is; another answer under the same id has another address."""
    version = hashlib.sha256(repr(shown.answer).encode()).hexdigest()[:12]
    return f"/charts/{shown.id}.png?theme={theme.value}&v={version}"


def https_only(url: str | None) -> str | None:
    """Return `url` when it is an https address; None for all else, such as `javascript:`."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme == "https" and parts.netloc else None


def _reactions(answer: Answer) -> list[Json]:
    top = list(answer.prediction.genres)[:REACTIONS]
    genres = [
        {"kind": VoteKind.REACTION.value, "genre": genre, "emoji": emoji.GENRES[genre]}
        for genre in top
    ]
    right = {
        "kind": VoteKind.RIGHT.value,
        "genre": answer.prediction.best,
        "emoji": emoji.RIGHT,
    }
    return [right, *genres]
