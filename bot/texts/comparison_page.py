"""Texts of the page that compares two songs."""

from collections.abc import Mapping
from typing import Final

from bot.domain.cards import Answer
from bot.domain.comparison import Comparison
from bot.domain.errors import NoTrackLink, SoundslikeError
from bot.texts.card import headline as full_name
from bot.texts.comparison import called, differences, headline
from bot.texts.contrasts import METHOD, UNKNOWN
from bot.texts.legend import HALF_OF_ALL
from bot.texts.numbers import LABELS, format_feature
from bot.texts.replies import failure
from bot.texts.site import FRAME
from model.schema import RADAR

WORDS: Final[Mapping[str, str]] = {
    "title": "Compare two songs",
    "lead": "Two songs side by side: what differs, and which genre each feature speaks for.",
    "lead_of_one": "Which song do you want to compare it with?",
    "a": "First song",
    "b": "Second song",
    "placeholder": FRAME["placeholder"],
    "send": FRAME["compare"],
    "pairs": "Famous disputes",
    "with": "Famous disputes to compare it with",
    "others": "Compare other songs",
    "songs": "Both songs",
    "figures": "Every feature",
    "caption": "Each value, and the genre that it speaks for with the points that genre gains",
    "feature": "Feature",
    "speaks_for": "speaks for",
    "differ": "What differs",
    "speak": "What speaks for which genre",
    "share": "What they share",
    "method": METHOD,
    "song_page": "Its page",
    "swap": "Swap them",
    "link": "Link to this comparison",
    "versus": "vs",
}
"""What the template knows as `words`."""

ONLY_SONGS: Final = "Only songs can be compared, and that is {}. Name one of its songs?"
NO_ADDRESS: Final = "I know that song by its name only, so I can't compare it. Paste a link to it?"
NO_SONG: Final = "I see no song there. Type a title and an artist, or paste a link to a song."


def title(comparison: Comparison) -> str:
    """Return the heading: "Old Town Road vs Jolene"."""
    first, second = called(comparison)
    return f"{first} {WORDS['versus']} {second}"


def description(comparison: Comparison) -> str:
    """Return what a link to the comparison says in a chat."""
    return " ".join([headline(comparison), *differences(comparison)[:2]])


def not_a_song(kind: str) -> str:
    """Return that an album, a playlist or an artist cannot be compared."""
    return ONLY_SONGS.format(f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}")


def problem(error: SoundslikeError, text: str) -> str:
    """Return why there is no song to compare; `text` is what was asked for."""
    if isinstance(error, NoTrackLink):
        return not_a_song(f"{error.link_kind} link") if error.link_kind else NO_SONG
    return failure(error, error.song or text)


def alt(first: Answer, second: Answer) -> str:
    """Return the chart's alternative text."""
    values = [answer.features.values for answer in (first, second)]
    known = [
        f"{LABELS[name].lower()} {' and '.join(_figure(name, one.get(name)) for one in values)}"
        for name in RADAR
        if any(name in one for one in values)
    ]
    names = (
        f"{full_name(first.subject)} (solid line), and {full_name(second.subject)} (dashed line)"
    )
    return f"Radar chart of {names}, compared with {HALF_OF_ALL}: {', '.join(known)}."


def _figure(name: str, value: float | None) -> str:
    return UNKNOWN if value is None else format_feature(name, value)
