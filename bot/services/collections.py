"""Use case: summarise the tracks of an album, a playlist or an artist."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.concurrency.deadline import deadline
from bot.concurrency.shared_work import Report, SharedWork
from bot.domain.cards import ModelRef, Theme
from bot.domain.collection_figures import ClassifiedTrack, shares, summarise
from bot.domain.collections import Collection, CollectionSummary, Progress
from bot.domain.errors import (
    CollectionNotFound,
    CollectionUnreadable,
    FeaturesUnknown,
    Forbidden,
    Unavailable,
    stack_of,
)
from bot.domain.music_services import MusicService
from bot.domain.picture_ports import Renderer
from bot.domain.places import Place
from bot.domain.ports import Classifier, ModelRegistry, SummaryStore
from bot.domain.replies import Summary
from bot.domain.source_ports import (
    CollectionLookup,
    CollectionSearch,
    EachFeatures,
    TrackLookup,
)
from bot.domain.tracks import MeasuredTrack, SubjectKind, SubjectRef, Track
from bot.services.classify import model_inputs
from bot.texts import collections as texts
from model.errors import TooFewFeatures

TIME_LIMIT: Final = 60.0
"""Seconds for a collection; the tracks that are measured by then are summarised."""

BATCH: Final = 40
"""Tracks that are measured between two reports of progress."""

MAX_IDENTIFIED: Final = 4
"""Tracks without an id by which features are known that are looked up at the same time."""

OPEN_SERVICES: Final = frozenset({MusicService.DEEZER, MusicService.APPLE_MUSIC})
"""Services whose collections can be read without an account: what they do not know is not there."""

_log = logging.getLogger(__name__)

Measured = MeasuredTrack | Unavailable | None
"""A measured track, the failure of its sources, or None if no source knows its features."""


class CollectionService:
    """Summarises collections.

    Args:
        lookups: Sources of collections, in order of preference.
        search: Finds albums and artists by name, for those whose tracks no lookup tells; None
            without such a source.
        features: Measures tracks.
        track_lookups: Sources of ids for tracks that have neither a Spotify id nor an ISRC.
        models: The models.
        summaries: Stores the summaries.
        renderer: Draws their charts.
        time_limit: Seconds for a collection.
    """

    def __init__(
        self,
        *,
        lookups: Sequence[CollectionLookup],
        search: CollectionSearch | None,
        features: EachFeatures,
        track_lookups: Sequence[TrackLookup],
        models: ModelRegistry,
        summaries: SummaryStore,
        renderer: Renderer,
        time_limit: float = TIME_LIMIT,
    ) -> None:
        self._lookups = lookups
        self._search = search
        self._features = features
        self._track_lookups = track_lookups
        self._models = models
        self._summaries = summaries
        self._renderer = renderer
        self._time_limit = time_limit
        self._work: SharedWork[CollectionSummary] = SharedWork()

    async def summarise(
        self,
        ref: SubjectRef,
        place: Place,
        model: str | None = None,
        progress: Progress | None = None,
    ) -> Summary:
        """Summarise a collection and store the summary.

        Concurrent calls for one collection share the work, which ends when all are cancelled.

        Args:
            ref: An album, a playlist or an artist.
            place: Where the summary is about to be sent.
            model: Name of a model; None selects the default.
            progress: Called at the start, before the first batch and after each one, unless an
                earlier call still runs. What it raises is raised.

        Raises:
            CollectionNotFound: No source knows the collection.
            CollectionUnreadable: No source can read it.
            FeaturesUnknown: None of its tracks is measured.
            Unavailable: A needed service cannot be used, or the time limit has passed.
            ModelUnusable: The model cannot be loaded.
            StorageFailed: The summary cannot be stored.
        """
        return await self._summaries.add(await self.answer(ref, model, progress), place)

    async def answer(
        self, ref: SubjectRef, model: str | None = None, progress: Progress | None = None
    ) -> CollectionSummary:
        """Summarise a collection without storing the summary; as `summarise` otherwise."""

        async def tell(done: int, total: int) -> None:
            if progress:
                await progress(texts.progress(ref, done, total))

        key = f"{model or ''} {ref}"
        return await self._work.get(
            key, lambda report: self._summarise(ref, model, report), tell if progress else None
        )

    async def get(self, summary_id: int, place: Place | None = None) -> Summary | None:
        """Return a stored summary; with `place`, only one sent there; raise StorageFailed."""
        return await self._summaries.get(summary_id, place)

    async def get_all(self, summary_ids: Sequence[int], place: Place) -> Mapping[int, Summary]:
        """Return those of several summaries that were sent to a place; raise StorageFailed."""
        return await self._summaries.get_all(summary_ids, place)

    async def chart(self, summary: Summary, theme: Theme) -> bytes | None:
        """Return a summary's chart as PNG; None if it cannot be drawn."""
        try:
            return await self._renderer.collection(summary.answer, theme)
        except Exception as error:  # noqa: BLE001 - a summary is sent without its chart then
            _log.error("summary %s: chart failed: %s", summary.id, stack_of(error))
            return None

    async def _summarise(
        self, ref: SubjectRef, model: str | None, report: Report
    ) -> CollectionSummary:
        report(0, 0)
        classifier = await self._models.get(model)
        collection: Collection | None = None
        measured: list[Measured] = []
        try:
            async with deadline(self._time_limit):
                collection = await self._find(ref)
                await self._measure(collection.tracks, measured, report)
        except TimeoutError as error:
            if collection is None:
                raise self._too_slow() from error
            _log.info("of a collection, %s tracks were looked up in time", len(measured))
            measured += [self._too_slow()] * (len(collection.tracks) - len(measured))
        return _summary(collection, measured, classifier)

    async def _find(self, ref: SubjectRef) -> Collection:
        """Return a collection with tracks that can be measured."""
        known: Collection | None = None
        failure: Unavailable | None = None
        for lookup in self._lookups:
            try:
                found = await lookup.get(ref)
            except Unavailable as error:
                _log.info("source skipped: %s", error)
                failure = failure or error
                continue
            if found and any(track.ref or track.isrc for track in found.tracks):
                return found
            known = known or found
        found = await self._find_by_title(known) if known else None
        if found:
            return found
        is_open = ref.service in OPEN_SERVICES
        if failure and (is_open or not isinstance(failure, Forbidden)):
            raise failure
        if known and not known.tracks and is_open:
            raise FeaturesUnknown(known.title)  # there is nothing in it
        if known or not is_open:
            raise CollectionUnreadable(ref, known.title if known else None)
        raise CollectionNotFound(ref)

    async def _find_by_title(self, known: Collection) -> Collection | None:
        """Return a collection of which only names are known, with the tracks of another service."""
        if self._search is None:
            return None
        match known.ref.kind:
            case SubjectKind.ALBUM:
                found = await self._search.find_album(known.title, known.artists)
            case SubjectKind.ARTIST:
                found = await self._search.find_artist(known.title)
            case _:
                return None
        if found is None or not found.tracks:
            return None
        return replace(
            found,
            ref=known.ref,
            url=known.url or found.url,
            image=known.image or found.image,
            found_by_title=True,
        )

    async def _measure(
        self, tracks: Sequence[Track], measured: list[Measured], report: Report
    ) -> None:
        """Measure tracks in batches; add each batch to `measured`."""
        report(0, len(tracks))
        for start in range(0, len(tracks), BATCH):
            measured += await self._measure_batch(tracks[start : start + BATCH])
            report(len(measured), len(tracks))

    async def _measure_batch(self, tracks: Sequence[Track]) -> Sequence[Measured]:
        gate = asyncio.Semaphore(MAX_IDENTIFIED)
        identified = await asyncio.gather(*(self._identify(track, gate) for track in tracks))
        # An album's year is not that of the first release, which is an input of the model.
        known = [replace(one, year=None) for one in identified if isinstance(one, Track)]
        try:
            answers = iter(await self._features.measure_each(known) if known else [])
        except Unavailable as error:
            answers = iter([error] * len(known))
        return [next(answers) if isinstance(one, Track) else one for one in identified]

    async def _identify(self, track: Track, gate: asyncio.Semaphore) -> Track | Unavailable:
        """Return a track with an id by which its features may be known, if a source tells one."""
        failure: Unavailable | None = None
        for lookup in self._track_lookups:
            if _has_id(track):
                break
            try:
                async with gate:
                    found = await lookup.get(track)
            except Unavailable as error:
                failure = failure or error
            else:
                track = track.merge(found) if found else track
        return failure if failure and not _has_id(track) else track

    def _too_slow(self) -> Unavailable:
        return Unavailable("the music services", f"no answer in {self._time_limit:g} s")


def _has_id(track: Track) -> bool:
    return bool(track.spotify_id or track.isrc)


def _summary(
    collection: Collection, found: Sequence[Measured], classifier: Classifier
) -> CollectionSummary:
    """Classify the measured tracks; 0.1 ms each."""
    classified: list[ClassifiedTrack] = []
    unmeasured = 0
    for number, measured in enumerate(found, 1):
        if isinstance(measured, MeasuredTrack):
            features, values = model_inputs(measured)
            try:
                prediction = classifier.predict(values)
            except TooFewFeatures:
                unmeasured += 1
            else:
                one = ClassifiedTrack(number, measured.track, features, prediction)
                classified.append(one)
        elif measured is None:
            unmeasured += 1
    if not classified:
        failure = next((one for one in found if isinstance(one, Unavailable)), None)
        raise failure or FeaturesUnknown(collection.title)
    best = next(iter(shares(one.prediction for one in classified)))
    return summarise(
        collection,
        classified,
        unmeasured=unmeasured,
        typical=classifier.typical(best),
        model=ModelRef(classifier.name, classifier.version),
    )
