"""Sources behind the cache: a track is asked for upstream once, by any of the processes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.domain.collections import Collection
from bot.domain.filing import GenreTags
from bot.domain.song_query import SongQuery
from bot.domain.source_ports import (
    CollectionLookup,
    FeatureProvider,
    GenreTagSource,
    PageLookup,
    TrackLookup,
    TrackSearch,
)
from bot.domain.tracks import MeasuredTrack, SubjectRef, Track
from bot.sources.reply_cache import COLLECTIONS, SEARCHES, Cache, CachedReplies

Scheme = tuple[str, str]
"""Name of an id in a key, and the attribute of `Track` that holds it."""

SPOTIFY: Final[Scheme] = ("spotify", "spotify_id")
ISRC: Final[Scheme] = ("isrc", "isrc")
MUSICBRAINZ: Final[Scheme] = ("mbid", "musicbrainz_id")
DEEZER: Final[Scheme] = ("deezer", "deezer_id")


class CachedLookup:
    """Implements TrackLookup with another one.

    Args:
        lookup: The source.
        cache: The cache.
        schemes: The ids by which it looks up.
        by_name: Whether it looks up tracks without such an id by title and artists.
    """

    def __init__(
        self,
        lookup: TrackLookup,
        cache: Cache,
        schemes: Sequence[Scheme],
        *,
        by_name: bool = False,
    ) -> None:
        self.name = lookup.name
        self._lookup = lookup
        self._schemes = schemes
        self._by_name = by_name
        self._replies = CachedReplies[Track](cache, f"{self.name}/tracks", Track)

    async def get(self, known: Track) -> Track | None:
        """Return what the source knows of a recording; raise Unavailable."""
        key = key_of(known, self._schemes, by_name=self._by_name)
        if key is None:
            return None
        return await self._replies.get(key, lambda: self._lookup.get(known))


class CachedTags:
    """Implements GenreTagSource with another one; `schemes` as in `CachedLookup`.

    A track without such an id is asked for by its names, if it has any.
    """

    def __init__(self, source: GenreTagSource, cache: Cache, schemes: Sequence[Scheme]) -> None:
        self.name = source.name
        self._source = source
        self._schemes = schemes
        self._replies = CachedReplies[GenreTags](cache, f"{self.name}/tags", GenreTags)

    async def tags(self, track: Track) -> GenreTags | None:
        """Return the tags of a track; raise Unavailable."""
        key = key_of(track, self._schemes, by_name=True)
        if key is None:
            return None
        return await self._replies.get(key, lambda: self._source.tags(track))


class CachedPages:
    """Implements PageLookup with another one."""

    def __init__(self, pages: PageLookup, cache: Cache) -> None:
        self._pages = pages
        self._replies = CachedReplies[Track](cache, "pages", Track)

    async def get(self, ref: SubjectRef) -> Track | None:
        """Return what the page about a track says of it; raise Unavailable."""
        return await self._replies.get(str(ref), lambda: self._pages.get(ref))


class CachedCollections:
    """Implements CollectionLookup with another one, whose name is given."""

    def __init__(self, lookup: CollectionLookup, cache: Cache, name: str) -> None:
        self._lookup = lookup
        self._replies = CachedReplies[Collection](cache, f"{name}/lists", Collection, COLLECTIONS)

    async def get(self, ref: SubjectRef) -> Collection | None:
        """Return a collection with its first tracks; raise Unavailable."""
        return await self._replies.get(str(ref), lambda: self._lookup.get(ref))


class CachedSearch:
    """Implements TrackSearch with another one."""

    def __init__(self, search: TrackSearch, cache: Cache) -> None:
        self.name = search.name
        self._search = search
        self._cache = cache
        self._replies = CachedReplies[tuple[Track, ...]](
            cache, f"{self.name}/searches", tuple[Track, ...], SEARCHES
        )

    async def search(self, query: SongQuery) -> Sequence[Track]:
        """Return the matches of a search; raise Unavailable."""
        key = self._cache.search_key(query.text)
        return await self._replies.get(key, lambda: self._ask(query)) or ()

    async def _ask(self, query: SongQuery) -> tuple[Track, ...] | None:
        return tuple(await self._search.search(query)) or None


class CachedFeatures:
    """Implements FeatureProvider with another one; `schemes` as in `CachedLookup`."""

    def __init__(self, provider: FeatureProvider, cache: Cache, schemes: Sequence[Scheme]) -> None:
        self.name = provider.name
        self._provider = provider
        self._schemes = schemes
        self._replies = CachedReplies[MeasuredTrack](cache, f"{self.name}/features", MeasuredTrack)

    async def measure(self, tracks: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
        """Return each track with its features; ask for those that are not stored."""
        keys = [key_of(track, self._schemes) for track in tracks]
        asked = {key: track for key, track in zip(keys, tracks, strict=True) if key}
        if len(asked) == 1:  # shared with concurrent callers
            ((key, track),) = asked.items()
            found = {key: await self._replies.get(key, lambda: self._measure(track))}
        else:
            found = await self._measure_all(asked)
        return [
            _identified(track, found[key]) if key else None
            for key, track in zip(keys, tracks, strict=True)
        ]

    async def _measure_all(self, asked: Mapping[str, Track]) -> dict[str, MeasuredTrack | None]:
        found = await self._replies.stored(list(asked))
        missing = {key: track for key, track in asked.items() if key not in found}
        if not missing:
            return found
        measured = await self._provider.measure(list(missing.values()))
        new = dict(zip(missing, measured, strict=True))
        self._replies.store(new)
        return found | new

    async def _measure(self, track: Track) -> MeasuredTrack | None:
        (measured,) = await self._provider.measure([track])
        return measured


def _identified(track: Track, measured: MeasuredTrack | None) -> MeasuredTrack | None:
    """Return stored features with the track that was asked for, and the ids stored with them."""
    return replace(measured, track=track.merge(measured.track)) if measured else None


def key_of(track: Track, schemes: Sequence[Scheme], *, by_name: bool = False) -> str | None:
    """Return the key of a track by the first id that it has, else by its names; None without."""
    ids = ((name, getattr(track, attribute)) for name, attribute in schemes)
    named = f"name:{track.title}\n{', '.join(track.artists)}" if track.is_named else None
    return next((f"{name}:{value}" for name, value in ids if value), named if by_name else None)
