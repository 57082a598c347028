"""Sentences for people about what the model learned from their corrections."""

from collections.abc import Iterator
from typing import Final

from bot.domain.sanitize import one_line
from bot.domain.statistics import DisputedSong, Learning
from bot.domain.tracks import Track
from bot.texts.card import headline, title
from bot.texts.numbers import percent
from model.gate_report import GenreChange

DISPUTED: Final = "Most disputed here"
"""Title of the songs whose votes are split most."""

MAX_TITLE: Final = 80
"""Characters of a song's title in a sentence."""


def learned(track: Track, genre: str) -> str:
    """Return what a person learns of a song that they corrected."""
    name = one_line(title(track), MAX_TITLE)
    return f"The song you corrected, “{name}”, is now answered your way: {genre}."


def learning(learned: Learning, *, voted: bool) -> Iterator[str]:
    """Yield sentences about the model, and with votes about what it learned from corrections."""
    model = f"Model {learned.model.name}, version {learned.model.version}"
    if not voted:
        yield f"{model}."
    elif learned.trained_on is None:
        waiting = _corrections(learned.corrections)
        yield f"{model}: {waiting} so far, none of them trained on yet."
    else:
        yield f"{model}: {_corrections(learned.corrections)} since its last training."
        songs = f"{learned.trained_on:,} corrected song{'s' if learned.trained_on > 1 else ''}"
        if learned.changes:
            changes = "; ".join(map(genre_change, learned.changes))
            yield f"That training, on {songs}, changed {changes}."
        else:
            yield f"That training was on {songs}."


def disputed_name(song: DisputedSong) -> str:
    """Return the name of a disputed song on one line."""
    return one_line(headline(song.track), MAX_TITLE)


def disputed_votes(song: DisputedSong) -> str:
    """Return how the votes on a song are split, as in "5 country, 4 hip-hop"."""
    return ", ".join(f"{count} {genre}" for genre, count in song.votes.items())


def disputed(song: DisputedSong) -> str:
    """Return a disputed song with its votes on one line."""
    return f"{disputed_name(song)}: {disputed_votes(song)}"


def genre_change(change: GenreChange) -> str:
    """Return how a training changed a genre, as in "country: right 41 % before, 55 % now"."""
    before, after = percent(change.right_before), percent(change.right_after)
    return f"{change.genre}: right {before} before, {after} now"


def _corrections(count: int) -> str:
    return {0: "no corrections", 1: "1 correction"}.get(count, f"{count:,} corrections")
