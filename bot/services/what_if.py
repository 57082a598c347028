"""Use case: what the model says of values set by hand, and where it would change its mind."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from bot.concurrency.bounded_cache import BoundedCache
from bot.concurrency.single_flight import SingleFlight
from bot.domain import song_ids, what_if
from bot.domain.cards import Answer
from bot.domain.errors import FeaturesUnknown, SoundslikeError, UserFacing
from bot.domain.ports import Classifier, ModelRegistry, Now
from bot.domain.tracks import SubjectRef, Track
from bot.domain.what_if import Asked, Correction, CorrectionKind
from bot.services.disputes import DisputeService
from bot.services.failures import failure_notice
from bot.services.outlooks import Outlook, outlook
from bot.services.songs import SongService
from model.percentiles import median
from model.schema import INPUT_NAMES, NAMES

CACHE_SIZE: Final = 512
"""Predictions that are kept in memory, 5 kB each, for addresses that are shared."""

FAILED_SONGS: Final = 512
FAILED_SECONDS: Final = 10.0
"""Time for which a song that could not be looked up is not asked for again: a drag asks often."""

AVERAGE: Final = "average"
"""Stands in an address for the median of each feature over all songs as the start."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where values started from: a song, a genre's typical song, or the average song.

    Attributes:
        values: Its rounded values; those that are not known are missing.
        track: The song, if it is one.
        song: Its id in addresses, also of one that cannot be looked up at the moment.
        genre: The genre, if it is a typical song.
    """

    values: Mapping[str, float]
    track: Track | None = None
    song: str | None = None
    genre: str | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What an address means.

    Attributes:
        model: The model that is asked.
        values: Values of its inputs that are known, rounded.
        origin: Where the values started from.
        corrections: What was wrong in the address.
        this_year: The largest year.
        failure: Why its song cannot be looked up at the moment.
    """

    model: Classifier
    values: Mapping[str, float]
    origin: Origin
    corrections: tuple[Correction, ...]
    this_year: int
    failure: SoundslikeError | None = None

    @property
    def features(self) -> tuple[str, ...]:
        """Inputs that the model takes, in schema order."""
        return tuple(name for name in INPUT_NAMES if name in self.model.features)


@dataclass(frozen=True, slots=True)
class WhatIfResult:
    """What the page "what if" displays.

    Attributes:
        features: Inputs that the model takes, in schema order.
        values: Those that are known, rounded.
        origin: Where the values started from.
        outlook: The prediction.
        corrections: What was wrong in the address.
        this_year: The largest year.
        failure: Why the song cannot be looked up at the moment.
    """

    features: tuple[str, ...]
    values: Mapping[str, float]
    origin: Origin
    outlook: Outlook
    corrections: tuple[Correction, ...]
    this_year: int
    failure: SoundslikeError | None = None

    @property
    def address(self) -> str:
        """The canonical address."""
        return self.address_with({})

    def address_with(self, changes: Mapping[str, float]) -> str:
        """Return the canonical address after changes of values."""
        values = {**self.values, **changes}
        song, start = self.origin.song, self.origin.genre
        return what_if.address(values, self.features, song=song, start=start)


class _Start(NamedTuple):
    """Where the values of an address start from."""

    origin: Origin
    corrections: tuple[Correction, ...] = ()
    failure: SoundslikeError | None = None


class WhatIfService:
    """Predicts from values by the default model. The answers are not stored.

    Predictions have a thread of their own, as the event loop serves others and the threads that all
    share look up names of hosts. `close` ends it.

    Args:
        songs: Answers for the songs to start with.
        disputes: The famous songs to start with.
        models: The models.
        now: The time, for the largest year.
        monotonic: Clock in seconds.
    """

    def __init__(
        self,
        songs: SongService,
        disputes: DisputeService,
        models: ModelRegistry,
        now: Now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._songs = songs
        self._disputes = disputes
        self._models = models
        self._now = now
        self._outlooks: SingleFlight[Outlook] = SingleFlight(CACHE_SIZE)
        self._failed: BoundedCache[SoundslikeError] = BoundedCache(FAILED_SONGS, monotonic)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="what-if")

    async def answer(self, pairs: Iterable[tuple[str, str]], famous: Sequence[str]) -> WhatIfResult:
        """Return the prediction for the names and values of an address, as `read` has them.

        Raises ModelUnusable.
        """
        return await self.predict(await self.read(pairs, famous))

    async def read(self, pairs: Iterable[tuple[str, str]], famous: Sequence[str]) -> Setting:
        """Return what the names and values of an address mean; sources are asked for its song.

        What the address does not name is as in its start, which is the average song unless it names
        another. An address that names nothing starts with the first song of `famous` that disputes
        its filing (see `DisputeService`). Raises ModelUnusable.
        """
        this_year = self._now().year
        asked = what_if.read(pairs, this_year)
        model = await self._models.get(None)
        origin, corrections, failure = await self._origin(asked, model, famous)
        start = what_if.rounded(origin.values)
        wanted = {**start, **asked.values}
        known = {name: wanted.get(name) for name in INPUT_NAMES if name in model.features}
        values = {name: value for name, value in known.items() if value is not None}
        origin = replace(origin, values=start)
        corrected = (*asked.corrections, *corrections)
        return Setting(model, values, origin, corrected, this_year, failure)

    async def predict(self, setting: Setting) -> WhatIfResult:
        """Return the prediction; nothing but the processor is asked."""
        model, values, this_year = setting.model, setting.values, setting.this_year
        key = f"{model.name} {model.version} {what_if.address(values)}"

        async def compute() -> Outlook:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, outlook, model, values, this_year)

        found = await self._outlooks.get(key, compute)
        origin, corrections, failure = setting.origin, setting.corrections, setting.failure
        features = setting.features
        return WhatIfResult(features, values, origin, found, corrections, this_year, failure)

    async def is_ready(self, ref: SubjectRef) -> bool:
        """Return whether `read` asks no source for a song."""
        return self._failed.get(str(ref)) is not None or await self._songs.is_ready(ref)

    async def close(self) -> None:
        """Cancel the predictions, but for the one in progress, and end the thread."""
        await self._outlooks.close()
        self._thread.shutdown(cancel_futures=True)

    async def famous(self, songs: Sequence[str]) -> list[Track]:
        """Return the songs to start with, those of `songs` that dispute their filing."""
        answers = await self._disputes.among(songs)
        return [answer.subject for answer in answers if song_ids.song_id(answer.subject)]

    async def _origin(self, asked: Asked, model: Classifier, famous: Sequence[str]) -> _Start:
        if asked.song is not None:
            return await self._song(asked.song)
        if asked.start in {None, AVERAGE}:
            if not (asked.start or asked.values or _names_feature(asked)):
                for answer in await self._disputes.among(famous):
                    if song := song_ids.song_id(answer.subject):
                        return _Start(_origin_of(answer, song))
            return _Start(_average())
        genre = str(asked.start)
        try:
            return _Start(Origin(model.typical(genre), genre=genre))
        except KeyError:
            return _instead(CorrectionKind.NO_GENRE)

    async def _song(self, song: str) -> _Start:
        ref = song_ids.parse(song)
        if ref is None:
            return _instead(CorrectionKind.NO_SONG)
        if failed := self._failed.get(str(ref)):
            return _not_now(ref, failed)
        try:
            answer = await self._songs.answer(ref)
        except UserFacing as error:
            is_known = isinstance(error, FeaturesUnknown)
            return _instead(CorrectionKind.NO_FIGURES if is_known else CorrectionKind.NO_SONG)
        except SoundslikeError as error:
            failure_notice(error, "what if")
            error.__traceback__ = None  # it would keep what was in memory
            self._failed.put(str(ref), error, FAILED_SECONDS)
            return _not_now(ref, error)
        if answer.by_sound_alone:
            return _instead(CorrectionKind.NO_FIGURES)
        song_id = song_ids.of_ref(song_ids.canonical(ref, answer.subject))
        return _Start(_origin_of(answer, song_id))


def _instead(kind: CorrectionKind) -> _Start:
    """Return the average song, as what the address names is none."""
    return _Start(_average(), (Correction(kind),))


def _not_now(ref: SubjectRef, error: SoundslikeError) -> _Start:
    """Return the average song, while that of the address cannot be looked up; its id stays."""
    origin = replace(_average(), song=song_ids.of_ref(ref))
    return _Start(origin, (Correction(CorrectionKind.NOT_NOW),), error)


def _names_feature(asked: Asked) -> bool:
    """Return whether an address names a feature whose value is no valid one."""
    return any(one.kind is not CorrectionKind.NO_FEATURE for one in asked.corrections)


def _origin_of(answer: Answer, song: str) -> Origin:
    values = answer.features.with_year(answer.subject.year)
    return Origin(values, track=answer.subject, song=song)


def _average() -> Origin:
    """Return the median of each audio feature over all songs; its year is unknown."""
    return Origin({name: median(name) for name in NAMES})
