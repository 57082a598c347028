"""Sentences for people about what the model learned from their corrections."""

from collections.abc import Iterator
from typing import Final

from bot.domain.sanitize import one_line
from bot.domain.statistics import DisputedSong, Learning
from bot.domain.tracks import Track
from bot.texts.card import short_headline, title
from bot.texts.numbers import count_of, percent
from model.gate_report import GenreChange

DISPUTED: Final = "Most disputed here"
"""Title of the songs whose votes are split most."""

MAX_TITLE: Final = 80
"""Characters of a song's title in a sentence, or of title and artists together."""

EVERYWHERE: Final = "from all servers"
"""Corrections are counted over all servers, unlike what a server's statistics say besides."""


def learned(track: Track, genre: str) -> str:
    """Return what a person learns of a song that they corrected."""
    name = one_line(title(track), MAX_TITLE)
    return f"The song you corrected, “{name}”, is now answered your way: {genre}."


def learning(learned: Learning) -> Iterator[str]:
    """Yield sentences about the model, and about what it learned from corrections."""
    model = f"Model {learned.model.name}, version {learned.model.version}"
    if waiting := _waiting(learned):
        yield f"{model}: {waiting}."
    else:
        yield f"{model}."
    if learned.trained_on is None:
        return
    songs = count_of(learned.trained_on, "corrected song")
    if learned.changes:
        changes = "; ".join(map(genre_change, learned.changes))
        yield f"Its training, on {songs}, changed {changes}."
    else:
        yield f"Its training was on {songs}."


def disputed_name(song: DisputedSong) -> str:
    """Return the name of a disputed song on one line."""
    return short_headline(song.track, MAX_TITLE)


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


def _waiting(learned: Learning) -> str:
    """Return how many corrections a version was not trained on; "" if unknown."""
    count, is_trained = learned.corrections, learned.trained_on is not None
    since = "since its training" if is_trained else "so far"
    match count:
        case None:
            return ""
        case 0:
            return f"no corrections {since}"
        case 1:
            return f"1 correction {since}" + ("" if is_trained else ", not trained on yet")
        case _:
            said = f"{count:,} corrections {EVERYWHERE} {since}"
            return said if is_trained else f"{said}; this version was not trained on them"
