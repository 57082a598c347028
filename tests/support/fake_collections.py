"""Collections and summaries for tests, and in-memory sources of collections."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from bot.domain.cards import ModelRef
from bot.domain.collections import Artist, Collection, CollectionSummary, CollectionTrack
from bot.domain.errors import Unavailable
from bot.domain.music_services import MusicService
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from model.genres import WIDE
from tests.support.factories import TYPICAL, VALUES, track

ALBUM: Final = SubjectRef(SubjectKind.ALBUM, "101", MusicService.DEEZER)
PLAYLIST: Final = SubjectRef(SubjectKind.PLAYLIST, "202", MusicService.DEEZER)
ARTIST: Final = SubjectRef(SubjectKind.ARTIST, "303", MusicService.DEEZER)
SPOTIFY_ALBUM: Final = SubjectRef(SubjectKind.ALBUM, "4IRiXE5NROxknUSAUSjMoO")
SPOTIFY_ARTIST: Final = SubjectRef(SubjectKind.ARTIST, "7jVv8c5Fj3E9VhNjxT4snq")
SPOTIFY_PLAYLIST: Final = SubjectRef(SubjectKind.PLAYLIST, "37i9dQZF1DXcBWIGoYBM5M")

MEANS: Final = {name: value for name, value in VALUES.items() if name not in {"key", "mode"}}
"""Means of an invented collection."""


def song(number: int, **fields: Any) -> Track:
    """Return a track whose Spotify id tells its number."""
    return track(f"{number:022d}", title=f"Song {number}", **fields)


def songs(count: int) -> tuple[Track, ...]:
    """Return tracks with the numbers from 1."""
    return tuple(song(number) for number in range(1, count + 1))


def collection(tracks: Sequence[Track] = songs(8), **fields: Any) -> Collection:
    """Return an album; its count is the number of its tracks."""
    known: dict[str, Any] = {
        "ref": ALBUM,
        "title": "7 EP",
        "artists": ("Lil Nas X",),
        "url": "https://www.deezer.com/album/101",
        "image": "https://images.example/7",
        "count": len(tracks),
        "tracks": tuple(tracks),
    }
    return Collection(**(known | fields))


def listed(number: int, genre: str = "hip-hop", probability: float = 0.62) -> CollectionTrack:
    """Return a classified track of a collection."""
    return CollectionTrack(number, song(number), genre, probability)


def shares(best: str = "hip-hop", share: float = 0.61) -> dict[str, float]:
    """Return the shares of all genres: that of the best one, and a series for the others."""
    others = [genre for genre in WIDE if genre != best]
    total = sum(range(1, len(others) + 1))
    ranks = range(len(others), 0, -1)
    parts = {g: (1 - share) * r / total for g, r in zip(others, ranks, strict=True)}
    return {best: share, **parts}


def summary(answered: int = 8, **fields: Any) -> CollectionSummary:
    """Return a summary of `answered` tracks, which are all there are."""
    tracks = fields.get("tracks") or tuple(listed(number + 1) for number in range(answered))
    telling = len(tracks) > 2
    known: dict[str, Any] = {
        "ref": ALBUM,
        "title": "7 EP",
        "artists": ("Lil Nas X",),
        "url": "https://www.deezer.com/album/101",
        "image": "https://images.example/7",
        "count": len(tracks),
        "read": len(tracks),
        "unmeasured": 0,
        "unasked": 0,
        "tracks": tracks,
        "genres": shares(),
        "features": dict(MEANS),
        "spread": {name: value / 10 for name, value in MEANS.items()},
        "typical": dict(TYPICAL),
        "most_typical": tracks[0] if telling else None,
        "oddest": tracks[-1] if telling else None,
        "sources": ("reccobeats",),
        "model": ModelRef("wide", "1a2b3c4d"),
    }
    return CollectionSummary(**(known | fields))


class FakeCollections:
    """Knows the given collections; `error` is raised instead, if set."""

    def __init__(self, *known: Collection, error: Unavailable | None = None) -> None:
        self.known = {one.ref: one for one in known}
        self.error = error
        self.asked: list[SubjectRef] = []

    async def get(self, ref: SubjectRef) -> Collection | None:
        self.asked.append(ref)
        if self.error:
            raise self.error
        return self.known.get(ref)


class FakeCollectionSearch:
    """Finds the given collections by title, or by name of the artist."""

    def __init__(
        self, albums: Iterable[Collection] = (), artists: Iterable[Collection] = ()
    ) -> None:
        self.albums: Mapping[str, Collection] = {one.title: one for one in albums}
        self.artists: Mapping[str, Collection] = {one.title: one for one in artists}

    async def find_album(self, title: str, artists: Sequence[str]) -> Collection | None:
        found = self.albums.get(title)
        fits = found and (not artists or set(artists) & set(found.artists))
        return found if fits else None

    async def find_artist(self, name: str) -> Collection | None:
        return self.artists.get(name)


class FakeArtists:
    """Knows the given artists by their names; `away` makes it unavailable."""

    def __init__(self) -> None:
        self.known: Mapping[str, Artist] = {}
        self.away = False
        self.asked: list[str] = []

    async def artist(self, name: str) -> Artist | None:
        self.asked.append(name)
        if self.away:
            raise Unavailable("fake", "away")
        return self.known.get(name)
