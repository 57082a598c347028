"""A song as people type it."""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bot.domain.song_names import (
    DASH,
    GUEST,
    MAX_LENGTH,
    artist,
    bracketed,
    normal,
)
from bot.domain.versions import (
    Version,
    versions_in,
    without_filler,
    without_notes,
    without_versions,
)

MAX_READINGS: Final = 6
MAX_WORDS: Final = 16
"""Words that are compared with names; what comes later cannot tell songs apart."""

_BY: Final = re.compile(r"\s+by\s+", re.IGNORECASE)
_QUOTED: Final = re.compile(r"[\"“„«»”「『](.+?)[\"”“»«」』]")
_WITH: Final = re.compile(r"\s+with\s+", re.IGNORECASE)
_SCRIPTS: Final = re.compile(r"(?<=[a-z0-9])(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])(?=[a-z0-9])")
"""Places between Latin letters and those of another script."""

_GUEST_WORD: Final = re.compile(r"(?<!\S)(?:feat|ft|featuring)(?!\S)")
_GUEST_NOTE: Final = re.compile(r"(?:feat|ft|featuring|with)(?!\S)")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a search: the words of the title, and of the artists if they are apart."""

    title: str
    artist: str | None = None


@dataclass(frozen=True, slots=True)
class SongQuery:
    """The words of a search.

    Attributes:
        text: What was typed, with single spaces.
    """

    text: str

    @classmethod
    def parse(cls, typed: str) -> "SongQuery":
        """Return the search for a typed text; never raises."""
        return cls(" ".join(typed[:MAX_LENGTH].split()))

    @property
    def words(self) -> str:
        """The normalised words to search for, without guests, "by" and notes on the same recording.

        Words that ask for a version are kept. For sources that search all words in any order.
        """
        notes = (normal(text) for text, inside in self._parts() if inside)
        asked = " ".join(note for note in notes if versions_in(note))
        outside = _BY.sub(" ", _without_guests(self._outside()))
        return without_filler(_trimmed(f"{normal(outside)} {asked}")) or normal(self.text)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The ways in which dashes, "by" and quotes divide the text, the likeliest first.

        The words are normalised, without guests, versions and notes. "A - B" has two readings. The
        last one has all words as title, and no artist.
        """
        pairs = islice(self._pairs(), MAX_READINGS - 1)
        found = dict.fromkeys(Reading(title, artist(who)) for title, who in pairs)
        whole = _bare(_without_guests(self._outside())) or normal(self.text)
        return (*found, *([Reading(whole)] if whole else []))

    @property
    def versions(self) -> frozenset[Version]:
        """The versions that the words may ask for; some words may belong to the title."""
        return versions_in(normal(self.text))

    @property
    def spellings(self) -> tuple[tuple[str, ...], ...]:
        """The normalised words that may be a title and artists in any order.

        All words; those without guests; and those without versions, besides.
        """
        full = _GUEST_WORD.sub(" ", normal(self.text))
        outside = _without_guests(self._outside())
        before_with = _WITH.split(outside, maxsplit=1)[0]
        texts = (full, without_notes(full), normal(outside), _bare(outside), _bare(before_with))
        lists = (tuple(text.split()[:MAX_WORDS]) for text in texts)
        return tuple(dict.fromkeys(words for words in lists if words))

    @property
    def relaxed(self) -> tuple["SongQuery", ...]:
        """Searches for parts of the words, for sources that find nothing if a word is misspelt.

        A single mistake is outside of one half of the words. Words of two scripts that are written
        together are divided.
        """
        first = next((r for r in self.readings if r.artist), None)
        words = _bare(_without_guests(self._outside())).split()
        middle = (len(words) + 1) // 2
        halves = [" ".join(words[:middle]), " ".join(words[middle:])]
        longest = sorted(words, key=len, reverse=True)[:2] if len(words) > 2 else []  # noqa: PLR2004
        fewer = [" ".join(w for w in words if w != long) for long in longest]
        parts = [first.title, first.artist or ""] if first else halves
        spaced = _SCRIPTS.sub(" ", " ".join(words))
        asked = dict.fromkeys((spaced, *parts, *fewer))
        return tuple(SongQuery(part) for part in asked if part and part != self.words)

    def _parts(self) -> list[tuple[str, bool]]:
        return list(bracketed(self.text[:MAX_LENGTH]))

    def _outside(self) -> str:
        """Return the text without notes in brackets; brackets that are part of a name stay."""
        return "".join(text for text, inside in self._parts() if not inside or _is_name(text))

    def _pairs(self) -> "list[tuple[str, str]]":
        """Return title and artist as each separator divides the text."""
        outside = self._outside()
        pairs: list[tuple[str, str]] = []
        for dash in islice(DASH.finditer(outside), 2):
            sides = _name(outside[: dash.start()]), _name(outside[dash.end() :])
            pairs += [sides, sides[::-1]]
        for by in islice(_BY.finditer(outside), 2):
            pairs.append((_name(outside[: by.start()]), _name(outside[by.end() :])))
        if quoted := _QUOTED.search(outside):
            rest = f"{outside[: quoted.start()]} {outside[quoted.end() :]}"
            pairs.append((_name(quoted[1]), _name(rest).removeprefix("by ")))
        return [(title, who) for title, who in pairs if title and who]


def _is_name(note: str) -> bool:
    """Return whether a note in brackets may be part of a name."""
    words = normal(note)
    return not (_GUEST_NOTE.match(words) or versions_in(words) or not without_notes(words))


def _without_guests(text: str) -> str:
    """Return a text without guests after "feat.", each up to the next dash."""
    parts = DASH.split(text)
    return " - ".join(GUEST.split(part, maxsplit=1)[0] for part in parts)


def _name(text: str) -> str:
    """Return the normalised words of a title or artist; empty if they are notes only."""
    return without_versions(without_notes(normal(_without_guests(text))))


def _trimmed(words: str) -> str:
    return without_notes(words) or " ".join(words.split())


def _bare(text: str) -> str:
    """Return the normalised words of a text without versions and notes, unless none is left."""
    words = normal(text)
    trimmed = _trimmed(words)
    return without_versions(trimmed) or trimmed
