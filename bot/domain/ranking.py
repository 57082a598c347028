"""Ranks what sources found for a search, and decides whether one song is meant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.domain.replies import MAX_CHOICES
from bot.domain.similarity import Fit, Matcher
from bot.domain.song_names import SongName
from bot.domain.song_query import SongQuery
from bot.domain.tracks import Track
from bot.domain.versions import FOREIGN

MIN_SCORE: Final = 0.7
"""Songs that fit less are not offered."""

CLEAR_SCORE: Final = 0.82
"""A song that fits less is offered, not taken."""

SURE_SCORE: Final = 0.9
"""With a song that fits as well, no further source is asked."""

EQUAL: Final = 0.011
"""Difference of scores within which the sources' order decides."""

NEAR: Final = 0.04
"""Difference of scores within which another song may be meant."""

OFFERED: Final = 0.12
"""Difference of scores within which songs are offered if none is clear."""

DOMINANT: Final = 2.0
"""A song is clear among others of the same name if sources name it that many times as much."""

SAME_LENGTH_MS: Final = 3000
"""Difference in length of two mentions of one recording."""


@dataclass(frozen=True, slots=True)
class Matches:
    """What a search found.

    Attributes:
        best: The song that is meant; None if that is not clear.
        close: Songs that may be meant, the likeliest first, at most MAX_CHOICES; empty with `best`.
        is_sure: Whether further sources are unlikely to know better.
    """

    best: Track | None = None
    close: tuple[Track, ...] = ()
    is_sure: bool = False


@dataclass(slots=True)
class Candidate:
    """A recording that sources found.

    Attributes:
        track: What is known of it.
        name: Its name in normalised words.
        fit: How it fits the search.
        support: How prominently sources name it: for each place that names it, 1 for the first
            of a list and less for later ones.
    """

    track: Track
    name: SongName
    fit: Fit
    support: float = 0.0
    sources: set[int] = field(default_factory=set)

    @property
    def score(self) -> float:
        """How it fits, with a little for each further source that names it."""
        return self.fit.score + 0.005 * (len(self.sources) - 1)


def rank(
    query: SongQuery, found: Sequence[Sequence[Track]], *, versions: bool = True
) -> list[Candidate]:
    """Return the recordings that sources found, the best first, each of them once.

    Args:
        query: The search.
        found: The tracks of each source, in the source's order, by which ties are broken.
        versions: Whether versions that were not asked for come later.
    """
    matcher = Matcher(query)
    known = _Known()
    for source, tracks in enumerate(found):
        for place, track in enumerate(tracks):
            name = SongName.of(track)
            candidate = known.find(track, name)
            if candidate is None:
                candidate = Candidate(track, name, matcher.fit(name, versions=versions))
                known.add(candidate)
            elif _have_same_length(candidate.track, track):
                candidate.track = candidate.track.merge(track)
            candidate.support += 1 / (1 + place / 10)
            candidate.sources.add(source)
    return sorted(known.candidates, key=lambda candidate: -round(candidate.score, 3))


class _Known:
    """Finds the candidate that is the same recording as a track."""

    def __init__(self) -> None:
        self.candidates: list[Candidate] = []
        self._by_isrc: dict[str, Candidate] = {}
        self._by_title: dict[str, list[Candidate]] = {}

    def add(self, candidate: Candidate) -> None:
        self.candidates.append(candidate)
        if candidate.track.isrc:
            self._by_isrc[candidate.track.isrc] = candidate
        for form in candidate.name.forms:
            self._by_title.setdefault(form, []).append(candidate)

    def find(self, track: Track, name: SongName) -> Candidate | None:
        if track.isrc and track.isrc in self._by_isrc:
            return self._by_isrc[track.isrc]
        alike = (c for form in name.forms for c in self._by_title.get(form, ()))
        return next((c for c in alike if c.name.is_same_recording(name)), None)


def choose(ranked: Sequence[Candidate]) -> Matches:
    """Return the song that is meant, or those that may be."""
    if not ranked:
        return Matches()
    top = ranked[0]
    songs = _songs(ranked)
    sure = top.score >= SURE_SCORE
    if top.fit.by_artist or top.score < CLEAR_SCORE:
        least = max(MIN_SCORE, top.score - OFFERED)
        return Matches(close=_tracks(s for s in songs if s.best.score >= least), is_sure=sure)
    likely = [song for song in songs if song.best.score >= top.score - NEAR]
    likely.sort(key=lambda song: (song.best.score < top.score - EQUAL, -song.support))
    if any(likely[0].support < DOMINANT * song.support for song in likely[1:]):
        return Matches(close=_tracks(likely), is_sure=sure)
    return Matches(best=likely[0].best.track, is_sure=sure)


def suggestions(query: SongQuery, found: Sequence[Sequence[Track]]) -> list[Track]:
    """Return what sources found for words that are still being typed.

    The sources know how the words may go on, so their order counts: songs whose name begins with
    the words come first, and versions that were not asked for last.
    """

    def order(candidate: Candidate) -> tuple[bool, bool, float]:
        fits = candidate.score >= SURE_SCORE or candidate.name.begins_with(query.words)
        return candidate.fit.other_version, not fits, -candidate.support

    return [candidate.track for candidate in sorted(rank(query, found), key=order)]


@dataclass(slots=True)
class _Song:
    """The recordings of one song by one artist; the best of them, and the support of all."""

    best: Candidate
    support: float


def _songs(ranked: Sequence[Candidate]) -> list[_Song]:
    """Group recordings by song, in order; a cover or karaoke version supports what it names."""
    songs: list[_Song] = []
    for candidate in ranked:
        if candidate.score < MIN_SCORE:
            break
        song = next((s for s in songs if _belongs(candidate.name, s.best.name)), None)
        if song:
            song.support += candidate.support
        else:
            songs.append(_Song(candidate, candidate.support))
    return songs


def _belongs(name: SongName, song: SongName) -> bool:
    """Return whether a recording is one of a song, or a cover whose title names its artist."""
    if name.is_same_song(song):
        return True
    tells = bool(name.versions & FOREIGN) and bool(name.forms & song.forms)
    return tells and any(f" {artist} " in f" {name.full} " for artist in song.artists[:1])


def _have_same_length(one: Track, other: Track) -> bool:
    """Return whether two tracks of one name may be one recording, as far as their length tells."""
    if one.duration_ms is None or other.duration_ms is None:
        return True
    return abs(one.duration_ms - other.duration_ms) <= SAME_LENGTH_MS


def _tracks(songs: Iterable[_Song]) -> tuple[Track, ...]:
    return tuple(song.best.track for song in songs)[:MAX_CHOICES]
