"""Texts of searches: songs to choose from."""

from typing import Final

from bot.domain.replies import Notice
from bot.domain.sanitize import one_line
from bot.domain.song_names import Title
from bot.domain.tracks import Track
from bot.texts.card import artists, title_and_artists
from bot.texts.card import title as card_title

MAX_LABEL: Final = 80
"""Characters on one of Discord's buttons."""

MAX_DETAILS: Final = 30
"""Characters of year and version at the end of a label."""

MAX_QUERY: Final = 80
"""Characters of a search that are repeated."""


def several_matches(text: str, count: int) -> str:
    """Return the question which of several songs is meant; `count` are offered."""
    typed = one_line(text, MAX_QUERY)
    if count == 1:
        return f"I'm not sure which song “{typed}” is. Do you mean this one?"
    if count:
        return f"Several songs fit “{typed}”. Which one do you mean?"
    return f"Several songs fit “{typed}”. Add the artist, and I find the right one?"


def choice_label(track: Track, max_length: int = MAX_LABEL) -> str:
    """Return title and artists with year and version, such as "Creep - Radiohead (1993, live)"."""
    parts = Title.of(track.title)
    name = card_title(track) if parts.is_plain else one_line(_written(parts))
    details = one_line(", ".join(filter(None, (_year(track), *parts.versions))), MAX_DETAILS)
    end = f" ({details})" if details else ""
    return title_and_artists(name, artists(track), max_length - len(end)) + end


def with_choices(notice: Notice) -> str:
    """Return a notice and the songs that it offers as text, for places without buttons."""
    return "\n".join([notice.text, *(f"• {choice.label}" for choice in notice.choices)])


def _written(parts: Title) -> str:
    return " ".join(f"({text})" if is_note else text for text, is_note in parts.name)


def _year(track: Track) -> str:
    return str(track.year) if track.year else ""
