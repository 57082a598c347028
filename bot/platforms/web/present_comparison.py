"""Two songs side by side, as the template of the page takes them."""

from itertools import islice
from typing import Final
from urllib.parse import urlencode

from bot import texts
from bot.domain import song_ids
from bot.domain.cards import Answer, Theme
from bot.domain.comparison import Comparison
from bot.domain.pictures import COMPARISON_PIXELS
from bot.domain.tracks import SubjectRef
from bot.platforms.web import present
from bot.texts import comparison as words
from bot.texts import comparison_page, contrasts

MAX_GENRES: Final = 3
"""Genres of each song that have a bar."""


def address(a: str = "", b: str = "") -> str:
    """Return the address of the page with these songs, given by id or in words."""
    given = {name: song for name, song in (("a", a), ("b", b)) if song}
    return f"/compare?{urlencode(given)}" if given else "/compare"


def comparison(found: Comparison, refs: tuple[SubjectRef, SubjectRef]) -> present.Json:
    """Return a comparison; `refs` are by which the songs were asked for."""
    first, second = map(song_ids.of_ref, refs)
    return {
        "title": comparison_page.title(found),
        "headline": texts.unbroken(words.headline(found)),
        "relation": words.relation(found),
        "differences": [texts.unbroken(one) for one in words.differences(found)],
        "speaks": [texts.unbroken(one) for one in contrasts.speaks(found)],
        "shared": words.shared(found),
        "gaps": words.gaps(found),
        "rows": _rows(found),
        "names": words.called(found),
        "songs": [
            _song(answer, ref)
            for answer, ref in zip((found.first, found.second), refs, strict=True)
        ],
        "chart": _chart(found, first, second),
        "address": address(a=first, b=second),
        "swapped": address(a=second, b=first),
        "description": comparison_page.description(found),
    }


def _rows(found: Comparison) -> list[present.Json]:
    return [
        {
            "label": row.label,
            "apart": texts.unbroken(row.apart),
            "cells": [
                {"value": texts.unbroken(cell.value), "speaks_for": cell.speaks_for}
                for cell in (row.first, row.second)
            ],
        }
        for row in contrasts.rows(found)
    ]


def _song(answer: Answer, ref: SubjectRef) -> present.Json:
    card = present.answer(answer, {})
    return {
        "track": card["track"],
        "verdict": card["verdict"],
        "emoji": card["emoji"],
        "genres": list(islice(card["genres"], MAX_GENRES)),
        "address": present.song_address(song_ids.of_ref(ref)),
        "what_if": card["song"]["what_if"] if card["song"] and answer.features.values else None,
    }


def _chart(found: Comparison, first: str, second: str) -> present.Json | None:
    """Return the chart; None if no feature of either song is known."""
    if not found.contrasts:
        return None
    width, height = COMPARISON_PIXELS
    addresses = {
        theme.value: f"/compare/chart.png?{urlencode({'a': first, 'b': second, 'theme': theme})}"
        for theme in Theme
    }
    alt = comparison_page.alt(found.first, found.second)
    return {**addresses, "alt": alt, "width": width, "height": height}
