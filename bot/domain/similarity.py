"""How well a song's name fits a search, between 0 and 1.

The similarity of two names is that of rapidfuzz: twice the letters of their longest common
subsequence, divided by the letters of both. rapidfuzz takes 15 ms to import, so it is imported at
the first search.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from bot.domain.song_names import SongName, compact
from bot.domain.song_query import SongQuery
from bot.domain.versions import FOREIGN, OFTEN_BY_OTHERS, Version, versions_in

MAX_ARTISTS: Final = 6
"""Names of artists of a track that are compared."""

TITLE_ALONE: Final = 0.95
"""Factor of a search that names no artist, or no title: less of the song is confirmed."""

ANY_ORDER: Final = 0.97
"""Factor of words that are the song's in a different order."""

PART_OF_NAMES: Final = 0.97
"""Factor of a guest, or of one of the names that an artist's name consists of."""

WITH_OTHERS: Final = 0.93
"""Similarity of several artists to one of them; sources often name the first artist only."""

BY_OTHERS: Final = 0.9
"""Similarity of any artist if the version that was asked for is often by others."""

MIN_PART: Final = 0.5
"""Share of a title's letters that identify it."""

UNASKED: Final = 0.12
"""Deduction for each version that was not asked for."""

UNASKED_FOREIGN: Final = 0.2
"""The same for karaoke and covers."""

MISSING: Final = 0.12
"""Deduction for a version that was asked for."""

UNUSED_NOTE: Final = 0.01
"""Deduction for a note in a title that may be part of the name and was not typed."""


class Fit(NamedTuple):
    """How a song fits a search.

    Attributes:
        score: Similarity, less the deductions.
        by_artist: Whether the search names the artist alone.
        other_version: Whether it is a version that was not asked for.
    """

    score: float
    by_artist: bool = False
    other_version: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    """Normalised words, and the same without spaces."""

    words: str
    letters: str

    @classmethod
    def of(cls, words: Sequence[str] | str) -> "_Words":
        text = words if isinstance(words, str) else " ".join(words)
        return cls(text, compact(text))


class Matcher:
    """Compares one search with songs.

    Takes time proportional to the words of the search; their number is limited.
    """

    def __init__(self, query: SongQuery) -> None:
        from rapidfuzz.fuzz import ratio  # noqa: PLC0415 - see above

        self._ratio = ratio
        self._text = " ".join(query.spellings[0]) if query.spellings else ""
        self._versions = query.versions
        self._pairs = [
            (_Words.of(reading.title), _Words.of(reading.artist))
            for reading in query.readings
            if reading.artist
        ]
        self._spellings = query.spellings
        for words in self._spellings:
            self._pairs += _divisions(words)
        self._pairs = list(dict.fromkeys(self._pairs))
        self._wholes = [_Words.of(words) for words in self._spellings]
        self._sorted = ["".join(sorted(words)) for words in self._spellings]

    def fit(self, song: SongName, *, versions: bool = True) -> Fit:
        """Return how a song fits; with `versions`, deduct for those that were not asked for."""
        titles = [_Words.of(form) for form in dict.fromkeys((song.title, song.short, song.full))]
        asked = self._asked(song)
        unasked = song.versions - asked if versions else frozenset()
        by_others = bool(asked & song.versions & OFTEN_BY_OTHERS)
        cache: dict[tuple[bool, str], float] = {}

        def title(words: _Words) -> float:
            key = False, words.words
            if key not in cache:
                cache[key] = max(self._title(words, form) for form in titles)
            return cache[key]

        def artist(words: _Words) -> float:
            key = True, words.words
            if key not in cache:
                similar = self._artist(words, song)
                cache[key] = max(similar, _by_others(words, song)) if by_others else similar
            return cache[key]

        both = max((_combined(title(t), artist(a)) for t, a in self._pairs), default=0.0)
        both = max(both, self._in_any_order(song))
        alone = TITLE_ALONE * max(map(title, self._wholes), default=0.0)
        by_artist = TITLE_ALONE * max(
            (self._artist(words, song) for words in self._wholes), default=0.0
        )
        score = max(both, alone)
        return Fit(
            score=max(score, by_artist) - self._deduction(song, asked, unasked),
            by_artist=by_artist > score,
            other_version=bool(unasked),
        )

    def _similarity(self, one: str, other: str) -> float:
        return self._ratio(one, other) / 100

    def _title(self, typed: _Words, form: _Words) -> float:
        similar = self._similarity(typed.letters, form.letters)
        share = len(typed.letters) / max(1, len(form.letters))
        if MIN_PART <= share < 1 and f" {typed.words} " in f" {form.words} ":
            return max(similar, 0.8 + 0.2 * share)
        return similar

    def _artist(self, typed: _Words, song: SongName) -> float:
        words = typed.words.removeprefix("the ")
        letters = compact(words)
        names = song.artists[:MAX_ARTISTS]
        best = max(
            (self._similarity(letters, compact(form)) for form in _together(names)), default=0.0
        )
        for name in (*names, *song.others[:MAX_ARTISTS]):
            best = max(best, PART_OF_NAMES * self._similarity(letters, compact(name)))
            if best < WITH_OTHERS and f" {name} " in f" {words} ":
                best = WITH_OTHERS
        return best

    def _in_any_order(self, song: SongName) -> float:
        """Compare all words, sorted, and all letters without regard to spaces."""
        best = 0.0
        for names in {song.artists, song.artists[:1]}:
            joined = " ".join(names)
            both = f"{song.title} {joined}"
            in_order = "".join(sorted(both.split()))
            for words, whole in zip(self._sorted, self._wholes, strict=True):
                forms = (words, in_order), (whole.letters, compact(both))
                best = max(best, *(self._similarity(one, other) for one, other in forms))
            turned = compact(f"{joined} {song.title}")
            best = max(best, *(self._similarity(w.letters, turned) for w in self._wholes), 0.0)
        return ANY_ORDER * best

    def _deduction(
        self, song: SongName, asked: frozenset[Version], unasked: frozenset[Version]
    ) -> float:
        deduction = UNASKED * len(unasked - FOREIGN) + UNASKED_FOREIGN * len(unasked & FOREIGN)
        if asked - song.versions:
            deduction += MISSING
        if song.title != song.short and song.title not in self._text:
            deduction += UNUSED_NOTE
        return deduction

    def _asked(self, song: SongName) -> frozenset[Version]:
        """Return the versions asked for by words that are not those of the title itself."""
        if not self._versions:
            return self._versions
        rest = self._text.split()
        for word in song.title.split():
            if word in rest:
                rest.remove(word)
        return versions_in(" ".join(rest))


def _divisions(words: Sequence[str]) -> Iterator[tuple[_Words, _Words]]:
    """Yield each division of words into title and artist, in both orders."""
    for place in range(1, len(words)):
        first, second = _Words.of(words[:place]), _Words.of(words[place:])
        yield first, second
        yield second, first


def _by_others(typed: _Words, song: SongName) -> float:
    """Compare an artist with what a version by others says of the song's artist."""
    names = f" {song.full} {' '.join(song.artists)} "
    return 1.0 if f" {typed.words.removeprefix('the ')} " in names else BY_OTHERS


def _combined(title: float, artist: float) -> float:
    """Combine similarities of title and artist; the lower one counts more."""
    return 0.3 * (title + artist) + 0.4 * min(title, artist)


def _together(names: Sequence[str]) -> Iterable[str]:
    """Return the names one by one, and the first of them together."""
    return dict.fromkeys((*names, *(" ".join(names[:count]) for count in range(2, len(names) + 1))))
