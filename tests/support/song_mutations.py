"""Seeded ways in which people type the name of a song, and the recording that each asks for."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

VERSIONS: Final = ("live", "karaoke", "sped up", "slowed", "8d", "instrumental")
"""Versions that are asked for; `""` stands for the original."""

NOTES: Final = (
    *("(Official Video)", "[Official Music Video]", "(Lyrics)", "(Audio)", "- Remastered 2011"),
    *("(Remastered)", "[HD]", "(Radio Edit)", "- 2009 Remaster", "(Official Audio)"),
)
"""What is said of the original recording."""

SHORTEST: Final = 4
"""Letters of a word that is misspelt."""


class Named(NamedTuple):
    """Title and artists of an original recording."""

    title: str
    artists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed search.

    Attributes:
        text: The text.
        song: The song that is meant.
        version: The version that is asked for, `""` for the original.
        kinds: Names of the mutations.
    """

    text: str
    song: Named
    version: str
    kinds: tuple[str, ...]


def typed_searches(songs: Sequence[Named], count: int, seed: int) -> Iterator[Typed]:
    """Yield mutations of songs, each song in turn; equal arguments give equal mutations."""
    rng = random.Random(seed)  # noqa: S311 - test data
    for number in range(count):
        yield _typed(songs[number % len(songs)], rng)


def _typed(song: Named, rng: random.Random) -> Typed:
    kinds: list[str] = []
    title, artist, version = song.title, song.artists[0], ""
    if len(song.artists) > 1 and rng.random() < 0.5:
        kinds.append("feat.")
        title += rng.choice((" feat. {}", " ft. {}", " (feat. {})", " (with {})", " featuring {}")
                            ).format(song.artists[1])  # fmt: skip
    match rng.randrange(4):
        case 0:
            kinds.append("brackets")
            title += " " + rng.choice(NOTES)
        case 1:
            kinds.append("version")
            version = rng.choice(VERSIONS)
            title += rng.choice((" {}", " ({})", " [{} version]")).format(version)
        case _:
            pass
    text, order = _ordered(title, artist, rng)
    kinds.append(order)
    if rng.random() < 0.5 and (misspelt := _misspelt(text, rng)):
        kinds.append("typo")
        text = misspelt
    if rng.random() < 0.5:
        text = text.lower()
    return Typed(text, song, version, tuple(kinds))


def _ordered(title: str, artist: str, rng: random.Random) -> tuple[str, str]:
    forms = {
        "artist title": f"{artist} {title}",
        "title artist": f"{title} {artist}",
        "title - artist": f"{title} - {artist}",
        "artist - title": f"{artist} - {title}",
        "title by artist": f"{title} by {artist}",
        '"title" artist': f'"{title}" {artist}',
    }
    order = rng.choice(list(forms))
    return forms[order], order


def _misspelt(text: str, rng: random.Random) -> str | None:
    """Return a text with one mistake in a word of at least SHORTEST letters."""
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word) >= SHORTEST and word.isalpha()]
    if not long:
        return None
    place = rng.choice(long)
    words[place] = misspell(words[place], rng)
    return " ".join(words)


def misspell(word: str, rng: random.Random) -> str:
    """Return a word with a letter left out, doubled or replaced, or two letters exchanged."""
    place = rng.randrange(1, len(word) - 1)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    match rng.randrange(4):
        case 0:
            return before + after
        case 1:
            return before + letter * 2 + after
        case 2:
            return before + rng.choice("aeiourtnsl") + after
        case _:
            return before + after[0] + letter + after[1:]
