"""Use case: ask every source about one track, side by side."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.concurrency.deadline import deadline
from bot.domain import links, ranking
from bot.domain.errors import SoundslikeError, TrackNotFound, Unavailable
from bot.domain.music_services import MusicService
from bot.domain.song_query import SongQuery
from bot.domain.source_ports import (
    FeatureProvider,
    GenreTagSource,
    TempoSource,
    TrackLookup,
    TrackSearch,
)
from bot.domain.source_states import JsonValue
from bot.domain.tempo import is_half_or_double
from bot.domain.tracks import MeasuredTrack, SubjectKind, SubjectRef, Track
from bot.services.measure import MeasureService
from bot.services.search import SearchService
from model.schema import NAMES, YEAR, looks_equal

TIME_LIMIT: Final = 10.0
"""Seconds for each source."""

SHOWN: Final = (
    "spotify_id", "isrc", "musicbrainz_id", "deezer_id", "title", "artists", "year", "duration_ms",
)  # fmt: skip
"""Attributes of a track that are compared."""

MAX_TAGS: Final = 10

Values = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """What one source says of a track.

    Attributes:
        name: The source's name.
        values: Ids, names, features and tags; empty if it does not know the track.
        error: Why it could not be asked, if it could not.
    """

    name: str
    values: Values
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A value in which sources differ.

    Attributes:
        value: Name of a feature, or `year`.
        by_source: Source to value.
        is_half_or_double: Whether it is a tempo, and one of them is about half of another.
    """

    value: str
    by_source: Mapping[str, float]
    is_half_or_double: bool = False


class SourceComparison:
    """Asks the sources themselves, not the cache.

    Args:
        measure: Identifies the track of a link.
        search: Identifies the track of a name.
        lookups: Sources of ids and names.
        features: Sources of audio features.
        tags: Sources of genre tags.
        tempos: Sources of tempos alone.
        searches: Sources that find tracks by name only.
    """

    def __init__(
        self,
        *,
        measure: MeasureService,
        search: SearchService,
        lookups: Sequence[TrackLookup],
        features: Sequence[FeatureProvider],
        tags: Sequence[GenreTagSource],
        tempos: Sequence[TempoSource],
        searches: Sequence[TrackSearch],
    ) -> None:
        self._measure = measure
        self._search = search
        self._lookups = lookups
        self._features = features
        self._tags = tags
        self._tempos = tempos
        self._searches = searches

    async def compare(self, text: str) -> Sequence[SourceAnswer]:
        """Return what each source says of the track that a link or a name means.

        Raises TrackNotFound and Unavailable if the track cannot be identified.
        """
        track = await self._identify(text)
        asked = [
            *((one.name, _lookup(one, track)) for one in self._lookups),
            *((one.name, _features(one, track)) for one in self._features),
            *((one.name, _tags(one, track)) for one in self._tags),
            *((one.name, _tempo(one, track)) for one in self._tempos),
            *((one.name, _search(one, track)) for one in self._searches),
        ]
        answers = await asyncio.gather(*(_answer(name, ask) for name, ask in asked))
        merged: dict[str, SourceAnswer] = {}
        for one in answers:
            before = merged.get(one.name, SourceAnswer(one.name, {}))
            values = {**before.values, **one.values}
            merged[one.name] = replace(before, values=values, error=before.error or one.error)
        return list(merged.values())

    async def _identify(self, text: str) -> Track:
        found = next((link for link in links.find(text).links if link.kind == "track"), None)
        if found is None:
            match = (await self._search.find(text)).best
            if match is None:
                raise TrackNotFound
            return await self._complete(self._measure.by_track(match), match)
        ref = SubjectRef(SubjectKind.TRACK, found.id, found.service)
        is_spotify = found.service is MusicService.SPOTIFY
        known = Track(spotify_id=found.id) if is_spotify else None
        return await self._complete(self._measure.by_ref(ref), known)

    async def _complete(self, work: Awaitable[MeasuredTrack], known: Track | None) -> Track:
        """Return a measured track with all its ids, else what is known of it."""
        try:
            return (await work).track
        except SoundslikeError:
            if known is None:
                raise
            return known


def disagreements(answers: Sequence[SourceAnswer]) -> Sequence[Disagreement]:
    """Return the features and the year in which sources differ by more than a listener's step."""
    found = []
    for name in (*NAMES, YEAR.name):
        given = {
            one.name: float(value)
            for one in answers
            if isinstance(value := one.values.get(name), int | float)
        }
        if not given:
            continue
        low, high = min(given.values()), max(given.values())
        if not looks_equal(name, low, high):
            doubled = name == "tempo" and is_half_or_double(low, high)
            found.append(Disagreement(name, given, doubled))
    return found


async def _answer(name: str, ask: Callable[[], Awaitable[Values]]) -> SourceAnswer:
    try:
        async with deadline(TIME_LIMIT):
            return SourceAnswer(name, await ask())
    except Unavailable as error:
        return SourceAnswer(name, {}, error.reason)
    except TimeoutError:
        return SourceAnswer(name, {}, f"no answer in {TIME_LIMIT:g} s")


def _lookup(lookup: TrackLookup, track: Track) -> Callable[[], Awaitable[Values]]:
    async def ask() -> Values:
        return _shown(await lookup.get(track))

    return ask


def _search(search: TrackSearch, track: Track) -> Callable[[], Awaitable[Values]]:
    async def ask() -> Values:
        query = SongQuery.parse(" - ".join([track.title, *track.artists[:1]]))
        found = await search.search(query) if query.words else ()
        return _shown(ranking.choose(ranking.rank(query, [found])).best)

    return ask


def _shown(track: Track | None) -> Values:
    if track is None:
        return {}
    values = ((name, getattr(track, name)) for name in SHOWN)
    return {name: value for name, value in values if value}


def _features(provider: FeatureProvider, track: Track) -> Callable[[], Awaitable[Values]]:
    async def ask() -> Values:
        (measured,) = await provider.measure([track])
        return dict(measured.features.values) if measured else {}

    return ask


def _tags(source: GenreTagSource, track: Track) -> Callable[[], Awaitable[Values]]:
    async def ask() -> Values:
        found = await source.tags(track)
        return {"tags": [tag.name for tag in found.tags[:MAX_TAGS]]} if found else {}

    return ask


def _tempo(source: TempoSource, track: Track) -> Callable[[], Awaitable[Values]]:
    async def ask() -> Values:
        tempo = await source.tempo(track)
        return {} if tempo is None else {"tempo": tempo}

    return ask
