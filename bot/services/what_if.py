"""Use case: what the model says of values set by hand, and where it would change its mind."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.concurrency.single_flight import SingleFlight
from bot.domain import song_ids, what_if
from bot.domain.cards import Answer
from bot.domain.errors import FeaturesUnknown, SoundslikeError
from bot.domain.ports import Classifier, ModelRegistry, Now
from bot.domain.tracks import AudioFeatures, MeasuredTrack, Track
from bot.domain.what_if import Asked, Correction, CorrectionKind
from bot.services.classify import classify
from bot.services.disputes import DisputeService
from bot.services.failures import failure_notice
from bot.services.songs import SongService
from model.percentiles import median
from model.schema import INPUT_NAMES, NAMES, YEAR

CACHE_SIZE: Final = 512
"""Predictions that are kept in memory, 5 kB each, for addresses that are shared."""

AVERAGE: Final = "average"
"""Stands in an address for the median of each feature over all songs as the start."""

SOURCE: Final = "what if"
"""Source of the values in answers."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where values started from: a song, a genre's typical song, or the average song.

    Attributes:
        values: Its rounded values; those that are not known are missing.
        track: The song, if it is one.
        song: Its id in addresses.
        genre: The genre, if it is a typical song.
    """

    values: Mapping[str, float]
    track: Track | None = None
    song: str | None = None
    genre: str | None = None


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """The nearest value of a feature at which another genre becomes the most probable one."""

    feature: str
    value: float
    genre: str
    is_higher: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """A prediction from values, with its turning points.

    `answer` is None if too few values are known for a prediction; there are no turning points then.
    """

    answer: Answer | None
    turning_points: tuple[TurningPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What the page "what if" displays.

    Attributes:
        features: Inputs that the model takes, in schema order.
        values: Those that are known, rounded.
        origin: Where the values started from.
        outlook: The prediction.
        corrections: What was wrong in the address.
        this_year: The largest year.
    """

    features: tuple[str, ...]
    values: Mapping[str, float]
    origin: Origin
    outlook: Outlook
    corrections: tuple[Correction, ...]
    this_year: int

    @property
    def address(self) -> str:
        """The canonical address."""
        return self.address_with({})

    def address_with(self, changes: Mapping[str, float]) -> str:
        """Return the canonical address after changes of values."""
        values = {**self.values, **changes}
        song, start = self.origin.song, self.origin.genre
        return what_if.address(values, self.features, song=song, start=start)


class WhatIfService:
    """Predicts from values by the default model. The answers are not stored."""

    def __init__(
        self, songs: SongService, disputes: DisputeService, models: ModelRegistry, now: Now
    ) -> None:
        self._songs = songs
        self._disputes = disputes
        self._models = models
        self._now = now
        self._outlooks: SingleFlight[Outlook] = SingleFlight(CACHE_SIZE)

    async def answer(self, pairs: Iterable[tuple[str, str]], famous: Sequence[str]) -> WhatIf:
        """Return the prediction for the names and values of an address.

        What the address does not name is as in its start, which is the average song unless it names
        another. An address that names nothing starts with the first song of `famous` that disputes
        its filing (see `DisputeService`). Raises ModelUnusable.
        """
        this_year = self._now().year
        asked = what_if.read(pairs, this_year)
        model = await self._models.get(None)
        origin, corrections = await self._origin(asked, model, famous)
        features = tuple(name for name in INPUT_NAMES if name in model.features)
        start = what_if.rounded(origin.values)
        wanted = {**start, **asked.values}
        known = {name: wanted.get(name) for name in features}
        values = {name: value for name, value in known.items() if value is not None}
        key = f"{model.name} {model.version} {what_if.address(values)}"
        outlook = await self._outlooks.get(key, lambda: _outlook(model, values, this_year))
        origin = replace(origin, values=start)
        return WhatIf(
            features, values, origin, outlook, (*asked.corrections, *corrections), this_year
        )

    async def famous(self, songs: Sequence[str]) -> list[Track]:
        """Return the songs to start with, those of `songs` that dispute their filing."""
        answers = await self._disputes.among(songs)
        return [answer.subject for answer in answers if song_ids.song_id(answer.subject)]

    async def _origin(
        self, asked: Asked, model: Classifier, famous: Sequence[str]
    ) -> tuple[Origin, tuple[Correction, ...]]:
        if asked.song is not None:
            return await self._song(asked.song)
        if asked.start in {None, AVERAGE}:
            if not (asked.start or asked.values):
                for answer in await self._disputes.among(famous):
                    if song := song_ids.song_id(answer.subject):
                        return _origin_of(answer, song), ()
            return _average(), ()
        genre = str(asked.start)
        try:
            return Origin(model.typical(genre), genre=genre), ()
        except KeyError:
            return _average(), (Correction(CorrectionKind.NO_GENRE),)

    async def _song(self, song: str) -> tuple[Origin, tuple[Correction, ...]]:
        ref = song_ids.parse(song)
        if ref is None:
            return _average(), (Correction(CorrectionKind.NO_SONG),)
        try:
            answer = await self._songs.answer(ref)
        except FeaturesUnknown:
            return _average(), (Correction(CorrectionKind.NO_FIGURES),)
        except SoundslikeError as error:
            failure_notice(error, f"what if, song {ref}")
            return _average(), (Correction(CorrectionKind.NO_SONG),)
        if answer.by_sound_alone:
            return _average(), (Correction(CorrectionKind.NO_FIGURES),)
        return _origin_of(answer, song_ids.of_ref(song_ids.canonical(ref, answer.subject))), ()


def _origin_of(answer: Answer, song: str) -> Origin:
    values = answer.features.with_year(answer.subject.year)
    return Origin(values, track=answer.subject, song=song)


def _average() -> Origin:
    """Return the median of each audio feature over all songs; its year is unknown."""
    return Origin({name: median(name) for name in NAMES})


async def _outlook(model: Classifier, values: Mapping[str, float], this_year: int) -> Outlook:
    """Classify in a thread, as trying all values takes 5 ms, and the event loop serves others."""
    return await asyncio.to_thread(outlook, model, values, this_year)


def outlook(model: Classifier, values: Mapping[str, float], this_year: int) -> Outlook:
    """Classify values, and find their turning points."""
    features = {name: value for name, value in values.items() if name in NAMES}
    year = int(values[YEAR.name]) if YEAR.name in values else None
    measured = MeasuredTrack(Track(year=year), AudioFeatures.from_source(features, SOURCE))
    try:
        answer = classify(model, measured)
    except FeaturesUnknown:
        return Outlook(None)
    return Outlook(answer, turning_points(model, values, answer.prediction.best, this_year))


def turning_points(
    model: Classifier, values: Mapping[str, float], best: str, this_year: int
) -> tuple[TurningPoint, ...]:
    """Return the turning point of each known feature, in schema order; none where there is none.

    Of each feature, all values that its slider can be dragged to are tried, the other features
    unchanged (about 1,200 songs, in one batch of the model); of those at which another genre than
    `best` is the most probable one, the nearest is the turning point, the higher one of two that
    are as near. What lies between two neighbouring values of a slider is not looked at.
    """
    sliders = what_if.sliders(this_year)
    grids = {name: sliders[name].grid() for name in values}
    found = []
    for name, genres in model.best_genres(values, grids).items():
        here = values[name]
        others = [
            (abs(value - here), -value, genre)
            for value, genre in zip(grids[name], genres, strict=True)
            if genre != best and value != here
        ]
        if others:
            _, negative, genre = min(others)
            found.append(TurningPoint(name, -negative, genre, -negative > here))
    return tuple(found)
