"""Use case: identify a track, measure it, and find where the world files it.

A track that one source does not know by its id is looked up elsewhere for its ISRC, by which
re-releases are found. What a card can do without, such as the filed genres, has a time limit of its
own; a source that takes longer is left out.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final, Protocol, TypeVar

from bot.concurrency.deadline import deadline
from bot.concurrency.single_flight import SingleFlight
from bot.domain import links
from bot.domain.errors import FeaturesUnknown, TrackNotFound, Unavailable
from bot.domain.filing import FiledUnder
from bot.domain.music_services import MusicService
from bot.domain.source_ports import FeatureProvider, PageLookup, TrackLookup
from bot.domain.tracks import MeasuredTrack, SubjectRef, Track
from bot.services.previews import HeardPreview
from model.sound.heard import Heard

TIME_LIMIT: Final = 10.0
"""Seconds for everything that a question needs from outside."""

DETAIL_LIMIT: Final = 2.5
"""Seconds for each source of what a card can do without."""

CACHE_SIZE: Final = 2048
"""Tracks that are kept in memory."""

_log = logging.getLogger(__name__)
T = TypeVar("T")


class Filing(Protocol):
    """Finds where the world files tracks."""

    async def filed_under(self, track: Track) -> FiledUnder | None:
        """Return the genres of a track; None if no source knows them in time. Does not raise."""


class Previews(Protocol):
    """Listens to previews of tracks."""

    @property
    def always(self) -> bool:
        """Whether tracks with known features are heard as well."""

    async def hear(self, track: Track) -> HeardPreview | None:
        """Return what is heard in a track's preview; None if there is none. Does not raise."""


class MeasureService:
    """Measures tracks with the sources.

    Args:
        pages: Knows the pages of the services other than Spotify.
        by_name: Returns the track with the name of a page whose service tells no ids.
        features: Measures tracks.
        lookups: Sources of ids and names, in order of preference, the most authoritative one last.
        details: Sources of names and of the years of first release, asked by ISRC before `lookups`.
        filing: Finds the filed genres.
        previews: Listens to previews; None if that is switched off.
        time_limit: Seconds for a question.
    """

    def __init__(
        self,
        *,
        pages: PageLookup,
        by_name: Callable[[Track], Awaitable[Track | None]],
        features: FeatureProvider,
        lookups: Sequence[TrackLookup],
        details: Sequence[TrackLookup] = (),
        filing: Filing,
        previews: Previews | None = None,
        time_limit: float = TIME_LIMIT,
    ) -> None:
        self._pages = pages
        self._by_name = by_name
        self._features = features
        self._lookups = lookups
        self._details = details
        self._filing = filing
        self._previews = previews
        self._time_limit = time_limit
        self._measured: SingleFlight[MeasuredTrack] = SingleFlight(CACHE_SIZE)

    async def by_ref(self, ref: SubjectRef) -> MeasuredTrack:
        """Measure the track that a link refers to.

        Raises:
            TrackNotFound: No source knows the track.
            FeaturesUnknown: Too few of its features are known.
            Unavailable: A needed service cannot be used, or the time limit has passed.
        """
        return await self._shared(str(ref), lambda: self._measure_ref(ref))

    async def by_track(self, track: Track) -> MeasuredTrack:
        """Measure a track that a search found; raises as `by_ref` does."""
        ref = track.ref
        key = str(ref) if ref else track.key
        return await self._shared(key, lambda: self._measure(track))

    async def close(self) -> None:
        """Cancel the measurements in progress."""
        await self._measured.close()

    async def _shared(
        self, key: str, measure: Callable[[], Awaitable[MeasuredTrack]]
    ) -> MeasuredTrack:
        measured = await self._measured.get(key, lambda: self._limited(measure()))
        if not measured.track.is_named or measured.filed_under is None:
            self._measured.discard(key)  # a source that failed may answer next time
        return measured

    async def _limited(self, work: Awaitable[T]) -> T:
        try:
            async with deadline(self._time_limit):
                return await work
        except TimeoutError as error:
            reason = f"no answer in {self._time_limit:g} s"
            raise Unavailable("the music services", reason) from error

    async def _measure_ref(self, ref: SubjectRef) -> MeasuredTrack:
        if ref.service is MusicService.SPOTIFY:
            return await self._measure(Track(spotify_id=ref.id, url=links.subject_address(ref)))
        page = await self._pages.get(ref)
        if page is None:
            raise TrackNotFound(str(ref))
        has_id = page.spotify_id or page.isrc
        found = None if has_id else await self._by_name(page)
        known = found.merge(page) if found else page
        return await self._measure(replace(known, url=links.subject_address(ref)))

    async def _measure(self, known: Track) -> MeasuredTrack:
        # Other years than those of `details` are of the release that was asked for.
        known = replace(known, year=None)
        measured, error = await self._ask_features(known)
        if measured is None:
            completed = await self._identify(known)
            if error is None and completed.isrc and not known.isrc:
                measured, error = await self._ask_features(completed)
            if measured is None and error is None:
                measured = await self._hear(completed)
            if measured is None:
                failure = error or FeaturesUnknown(completed.title)
                failure.song = completed.title
                raise failure
        return await self._with_details(measured)

    async def _hear(self, track: Track) -> MeasuredTrack | None:
        """Return the track with what is heard in its preview; None if nothing is."""
        found = await self._previews.hear(track) if self._previews else None
        return MeasuredTrack(track, found.features, heard=found.heard) if found else None

    async def _ask_features(self, track: Track) -> tuple[MeasuredTrack | None, Unavailable | None]:
        """Return the track with its features, or the failure for which they are not known."""
        try:
            (measured,) = await self._features.measure([track])
        except Unavailable as error:
            return None, error
        return measured, None

    async def _identify(self, known: Track) -> Track:
        """Return the track with an ISRC, else with what the lookups know of it."""
        merged, failure = await self._complete(
            known, self._lookups, lambda track: bool(track.isrc and track.is_named)
        )
        merged = replace(merged, year=known.year)
        if merged == known and not known.is_named:
            # The last lookup is the service's own: what it does not know does not exist.
            raise failure or TrackNotFound(known.key)
        return merged

    async def _with_details(self, measured: MeasuredTrack) -> MeasuredTrack:
        """Add names, year and filed genres, as far as sources tell them in time."""
        track = measured.track
        named, filed_under, heard = await asyncio.gather(
            self._named(track), self._filing.filed_under(track), self._heard(measured)
        )
        return replace(measured, track=named, filed_under=filed_under, heard=heard)

    async def _heard(self, measured: MeasuredTrack) -> Heard | None:
        """Return what is heard in a track, if those with known features are heard as well."""
        if measured.heard or not (self._previews and self._previews.always):
            return measured.heard
        found = await self._previews.hear(measured.track)
        return found.heard if found else None

    async def _named(self, track: Track) -> Track:
        if track.is_named and track.year is not None:
            return track
        if track.isrc or track.musicbrainz_id:
            track, _ = await self._complete(track, self._details, lambda _: False)
        if not track.is_named:
            named, _ = await self._complete(track, self._lookups, lambda found: found.is_named)
            track = replace(named, year=track.year)
        return track

    async def _complete(
        self, known: Track, lookups: Sequence[TrackLookup], enough: Callable[[Track], bool]
    ) -> tuple[Track, Unavailable | None]:
        """Merge what lookups know, until it is enough.

        Returns also the failure of the lookup that was asked last, if it failed.
        """
        failure: Unavailable | None = None
        for lookup in lookups:
            if enough(known):
                break
            try:
                async with deadline(DETAIL_LIMIT):
                    found = await lookup.get(known)
            except Unavailable as error:
                _log.info("source skipped: %s", error)
                failure = error
            except TimeoutError:
                slow = Unavailable(lookup.name, f"no answer in {DETAIL_LIMIT:g} s")
                _log.info("source skipped: %s", slow)
                failure = slow
            else:
                known = known.merge(found) if found else known
                failure = None
        return known, failure
