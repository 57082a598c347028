"""Titles and artists' names in a form in which they can be compared."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bot.domain.text import is_visible
from bot.domain.tracks import Track
from bot.domain.versions import (
    Version,
    versions_in,
    versions_of_artist,
    without_notes,
    without_versions,
)

MAX_LENGTH: Final = 600
"""Characters of a name that are compared."""

_APOSTROPHES: Final = "'`\u00b4\u02b9\u02bb\u02bc\u02c8\u2018\u2019\u201b\u2032\uff07"

_LETTERS: Final = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h"}
    | {"\u0131": "i", "$": "s", "&": " and ", "+": " and "}
    | dict.fromkeys(_APOSTROPHES, "")
)
"""Letters that have no decomposition, signs that stand for letters or words, apostrophes."""

_INITIALS: Final = re.compile(r"(?<=\b\w)\.(?=\w\b)")
"""The points of R.E.M."""

_LETTER_I: Final = re.compile(r"(?<=\w)!(?=\w)")
"""The exclamation mark of P!nk."""

_ACCENTS: Final = (range(10, 37), range(200, 256))
"""Canonical combining classes of accents, and of the points of Hebrew and Arabic.

The marks of Indic scripts, the tones of Thai and the voicing of kana are parts of letters.
"""


def normal(text: str) -> str:
    """Return the words of a text for comparison: case, accents and punctuation are left out.

    Every script is kept. A text of punctuation alone, such as the title "???", stays as it is.
    """
    cut = _LETTER_I.sub("i", _INITIALS.sub("", text[:MAX_LENGTH]))
    words = _words(cut)
    return words or " ".join(filter(is_visible, cut.casefold().split()))


def _words(text: str) -> str:
    if text.isascii():
        kept = text.lower().translate(_LETTERS)
        return " ".join("".join(c if c.isalnum() else " " for c in kept).split())
    for _ in range(2):  # case folding and compatibility forms lead to one another
        text = unicodedata.normalize("NFKD", text.casefold())
    kept = text.translate(_LETTERS)
    joined = unicodedata.normalize("NFC", "".join(map(_as_word, kept)))
    return " ".join(joined.split())


def _as_word(character: str) -> str:
    """Return a character of a word, a space between words, or nothing."""
    if character.isalnum():
        return character
    match unicodedata.category(character):
        case "Mn" | "Mc" | "Me":
            accent = any(unicodedata.combining(character) in classes for classes in _ACCENTS)
            return character if not accent and is_visible(character) else ""
        case "Cf":
            return ""
        case _:
            return " "


def compact(words: str) -> str:
    """Return words without the spaces between them, which people put differently."""
    return words.replace(" ", "")


BRACKETS: Final = dict(zip("([{\uff08\u3010\uff3b", ")]}\uff09\u3011\uff3d", strict=True))
"""Opening brackets and their partners, also those that Chinese and Japanese is written with."""

DASH: Final = re.compile(r"\s+[-\u2010-\u2015\u2212]+\s+|\s*[;|]\s+")
"""Separators of title, artist and notes."""

GUEST: Final = re.compile(r"(?:^|\s)(?:(?:feat|ft)\.\s*|(?:feat|ft|featuring)\s+)", re.IGNORECASE)
_GUEST_NOTE: Final = re.compile(r"\s*(?:(?:feat|ft)\b\.?|featuring\b|with\b|w/)", re.IGNORECASE)
_LISTED: Final = re.compile(r"\s*[,&+/;]\s*|\s+(?:and|x|vs\.?|y|et|und|con)\s+", re.IGNORECASE)
_UNMARKED: Final = frozenset({Version.KARAOKE, Version.SPED_UP, Version.EIGHT_D})
"""Versions that titles also name without brackets."""


def bracketed(text: str) -> Iterator[tuple[str, bool]]:
    """Split a text at its outermost brackets; yield each part, and whether it is inside.

    An opening bracket without its partner counts to the end. Takes linear time.
    """
    start = depth = 0
    for place, character in enumerate(text):
        opens = character in BRACKETS
        if opens or (depth and character in BRACKETS.values()):
            if depth == (0 if opens else 1):
                yield text[start:place], not opens
                start = place + 1
            depth += 1 if opens else -1
    yield text[start:], depth > 0


def listed(names: str) -> Iterator[str]:
    """Yield the single names of an enumeration, such as "A, B & C"."""
    yield from filter(None, _LISTED.split(names))


@dataclass(frozen=True, slots=True)
class Title:
    """The parts of a title, as it is written.

    Attributes:
        name: The name and those notes that may belong to it, in order; notes are marked True.
        guests: Names after "feat." or "with".
        versions: Notes that name a version.
        is_plain: Whether there is nothing but the name.
    """

    name: tuple[tuple[str, bool], ...]
    guests: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    is_plain: bool = True

    @classmethod
    def of(cls, title: str) -> "Title":
        """Take a title apart. Notes are in brackets, after a dash or after "feat."."""
        name: list[tuple[str, bool]] = []
        guests: list[str] = []
        versions: list[str] = []
        plain = True
        for text, is_note in _parts(title[:MAX_LENGTH]):
            words = normal(text) if is_note else ""
            if is_note and (marker := _GUEST_NOTE.match(text)):
                guests += listed(text[marker.end() :].strip())
            elif is_note and versions_in(words):
                versions.append(text)
            elif not is_note or without_notes(words):
                name.append((text, is_note))
                continue
            plain = False
        if any(normal(text) for text, _ in name):
            return cls(tuple(name), tuple(guests), tuple(versions), plain)
        return cls(((title, False),))


def _parts(title: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a title without brackets and dashes, and whether each is a note."""
    for text, inside in bracketed(title):
        for number, piece in enumerate([text] if inside else DASH.split(text)):
            head, *guests = GUEST.split(piece, maxsplit=1)
            if head.strip():
                yield head.strip(), inside or number > 0
            yield from ((f"feat. {names.strip()}", True) for names in guests)


@dataclass(frozen=True, slots=True)
class SongName:
    """Title and artists of a track in normalised words.

    Attributes:
        title: The title without guests, versions and what is said of the same recording.
        short: The title without any note; equal to `title` if there is none.
        full: The title with its versions.
        artists: Names of the artists, without "the" before them.
        others: Names that artists' names consist of, and guests.
        versions: How the recording differs from the original.
    """

    title: str
    short: str
    full: str
    artists: tuple[str, ...]
    others: tuple[str, ...]
    versions: frozenset[Version]

    @classmethod
    def of(cls, track: Track) -> "SongName":
        """Return the name of a track."""
        parts = Title.of(track.title)
        title = normal(" ".join(text for text, _ in parts.name))
        short = normal(" ".join(text for text, is_note in parts.name if not is_note)) or title
        notes = normal(" ".join(parts.versions))
        unmarked = versions_in(title) & _UNMARKED
        full = f"{title} {notes}".strip()
        if unmarked and (bare := without_versions(title)):
            title = short = bare
        else:
            unmarked = frozenset()
        artists = tuple(filter(None, map(artist, track.artists)))
        versions = versions_in(notes) | unmarked | _union(map(versions_of_artist, artists))
        others = dict.fromkeys(map(artist, _single_names(track.artists, parts.guests)))
        return cls(title, short, full, artists, tuple(n for n in others if n), versions)

    @property
    def forms(self) -> frozenset[str]:
        """The title with and without notes, without spaces."""
        return frozenset({compact(self.title), compact(self.short)})

    def begins_with(self, words: str) -> bool:
        """Return whether title and artists, or artists and title, begin with normalised words."""
        names = " ".join(self.artists)
        orders = f"{self.title} {names}", f"{names} {self.title}"
        return any(name.startswith(words.removeprefix("the ")) for name in orders)

    def is_same_song(self, other: "SongName") -> bool:
        """Return whether both are recordings of one song by one artist."""
        if not self.forms & other.forms:
            return False
        ours, theirs = {*self.artists, *self.others}, {*other.artists, *other.others}
        return bool(theirs.intersection(self.artists[:1]) or ours.intersection(other.artists[:1]))

    def is_same_recording(self, other: "SongName") -> bool:
        """Return whether nothing tells the two recordings apart."""
        return self.is_same_song(other) and compact(self.full) == compact(other.full)


def artist(name: str) -> str:
    """Return an artist's normalised name without "the" before it."""
    return normal(name).removeprefix("the ")


def _single_names(artists: Iterable[str], guests: Iterable[str]) -> Iterator[str]:
    for name in artists:
        found = list(listed(name[:MAX_LENGTH]))
        yield from found if len(found) > 1 else ()
    yield from guests


def _union(sets: Iterable[frozenset[Version]]) -> frozenset[Version]:
    return frozenset(version for found in sets for version in found)
