"""Figures of a collection: shares of genres, means and spread of features, typical and odd tracks.

With x_if the value of feature f of track i, m_f and s_f the mean and the population standard
deviation over the tracks for which f is known, and c_f the smallest difference that a listener can
check (`step` in `model.schema`), the distance of a track from the mean is the root mean square of
its standardised features:

    d_i = sqrt(mean over the known f of ((x_if - m_f) / max(s_f, c_f)) ** 2)

The floor c_f keeps out features that are nearly equal in all tracks, as nothing of it is audible.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import Final

from bot.domain.cards import ModelRef
from bot.domain.collections import Collection, CollectionSummary, CollectionTrack
from bot.domain.tracks import AudioFeatures, Track
from model.classifier import Prediction
from model.schema import BY_NAME, NAMES

QUANTITIES: Final = tuple(name for name in NAMES if name not in {"key", "mode"})
"""Features of which a mean makes sense."""

MIN_TRACKS: Final = 3
"""Tracks from which on one is the most typical; two are equally far from their mean."""

ALIKE: Final = 1e-9
"""Distances up to this are those of tracks with equal features."""


@dataclass(frozen=True, slots=True)
class ClassifiedTrack:
    """A track of a collection with all that was found out about it.

    Attributes:
        number: Its place in the collection, from 1.
        track: The track.
        features: Its features.
        prediction: Its genres.
    """

    number: int
    track: Track
    features: AudioFeatures
    prediction: Prediction


def summarise(
    collection: Collection,
    tracks: Sequence[ClassifiedTrack],
    *,
    unmeasured: int,
    typical: Mapping[str, float],
    model: ModelRef,
) -> CollectionSummary:
    """Return the summary of a collection.

    Args:
        collection: The collection.
        tracks: The tracks that were classified, at least one, in the collection's order.
        unmeasured: Number of tracks whose features no source knows.
        typical: Features of the typical song of the genre with the largest share.
        model: The model that classified the tracks.
    """
    values = [one.features.values for one in tracks]
    means = mean_features(values)
    spread = spread_of(values)
    distances = [distance(one, means, spread) for one in values]
    listed = tuple(
        CollectionTrack(one.number, one.track, best, one.prediction.genres[best])
        for one in tracks
        for best in (one.prediction.best,)
    )
    telling = len(tracks) >= MIN_TRACKS and max(distances) > ALIKE
    return CollectionSummary(
        ref=collection.ref,
        title=collection.title,
        artists=collection.artists,
        url=collection.url,
        image=collection.image,
        count=max(collection.count, len(collection.tracks)),
        read=len(collection.tracks),
        unmeasured=unmeasured,
        unasked=len(collection.tracks) - len(tracks) - unmeasured,
        tracks=listed,
        genres=shares(one.prediction for one in tracks),
        features=means,
        spread=spread,
        typical=typical,
        most_typical=listed[distances.index(min(distances))] if telling else None,
        oddest=listed[distances.index(max(distances))] if telling else None,
        sources=_by_frequency(one.features.source for one in tracks),
        model=model,
        found_by_title=collection.found_by_title,
    )


def shares(predictions: Iterable[Prediction]) -> dict[str, float]:
    """Return the mean probability of each genre over one or more predictions, in descending order.

    The shares sum to 1.
    """
    sums: Counter[str] = Counter()
    for prediction in predictions:
        sums.update(prediction.genres)
    total = math.fsum(sums.values())
    return {genre: value / total for genre, value in sums.most_common()}


def mean_features(songs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean of each quantity over the songs for which it is known."""
    return {name: fmean(values) for name, values in _known(songs).items()}


def spread_of(songs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the population standard deviation of each quantity that a song has; 0 for one song."""
    return {name: pstdev(values) for name, values in _known(songs).items()}


def distance(
    song: Mapping[str, float], means: Mapping[str, float], spread: Mapping[str, float]
) -> float:
    """Return how far a song is from the mean; see the module's formula."""
    squares = [
        ((song[name] - mean) / max(spread[name], BY_NAME[name].step)) ** 2
        for name, mean in means.items()
        if name in song
    ]
    return math.sqrt(fmean(squares)) if squares else 0.0


def _known(songs: Sequence[Mapping[str, float]]) -> dict[str, list[float]]:
    columns = {name: [song[name] for song in songs if name in song] for name in QUANTITIES}
    return {name: values for name, values in columns.items() if values}


def _by_frequency(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name, _ in Counter(names).most_common())
