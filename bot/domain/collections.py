"""Albums, playlists and artists' top tracks, and what is said about them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.cards import ModelRef
from bot.domain.tracks import SubjectRef, Track

MAX_TRACKS: Final = 100
"""Tracks of a collection that are read."""

Progress = Callable[[str], Awaitable[None]]
"""Displays a sentence that says how far the work is, instead of the one before."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection of tracks.

    Attributes:
        ref: The album, playlist or artist.
        title: Its title; the name of an artist.
        artists: Artists of an album.
        url: Its web page.
        image: Address of its cover.
        count: Tracks that it has, as the service says.
        tracks: Its first tracks, at most MAX_TRACKS.
        found_by_title: Whether another service was searched for its title, as its own cannot be
            read.
    """

    ref: SubjectRef
    title: str
    artists: tuple[str, ...]
    url: str | None
    image: str | None
    count: int
    tracks: tuple[Track, ...]
    found_by_title: bool = False


@dataclass(frozen=True, slots=True)
class Artist:
    """An artist whose top tracks can be asked for."""

    name: str
    ref: SubjectRef


@dataclass(frozen=True, slots=True)
class CollectionTrack:
    """A classified track of a collection.

    Attributes:
        number: Its place in the collection, from 1.
        track: The track.
        genre: The most probable genre.
        probability: Its probability.
    """

    number: int
    track: Track
    genre: str
    probability: float


@dataclass(frozen=True, slots=True)
class CollectionSummary:
    """The sound of a collection.

    Attributes:
        ref: The album, playlist or artist, as it was asked for.
        title: Its title; the name of an artist.
        artists: Artists of an album.
        url: Its web page.
        image: Address of its cover.
        count: Tracks that it has, as the service says.
        read: Tracks that were looked up, at most MAX_TRACKS.
        unmeasured: Tracks among them whose features no source knows, or too few of them.
        unasked: Tracks among them that could not be looked up, because a source failed or the time
            limit had passed.
        tracks: The other ones, classified, in the collection's order; at least one.
        genres: Share of each genre: the mean of the tracks' probabilities, in descending order;
            they sum to 1.
        features: Mean of each feature over the tracks for which it is known; not of key and mode,
            which are no quantities.
        spread: Population standard deviation of each of these features.
        typical: Features of the typical song of the first genre, for the radar chart.
        most_typical: The track nearest to the mean, by `collection_figures.distance`; None if there
            are fewer than three, or all are alike.
        oddest: The track farthest from it; None if `most_typical` is.
        sources: Names of the sources of the features, that of most tracks first.
        model: The model that made the predictions.
        found_by_title: As in `Collection`.
    """

    ref: SubjectRef
    title: str
    artists: tuple[str, ...]
    url: str | None
    image: str | None
    count: int
    read: int
    unmeasured: int
    unasked: int
    tracks: tuple[CollectionTrack, ...]
    genres: Mapping[str, float]
    features: Mapping[str, float]
    spread: Mapping[str, float]
    typical: Mapping[str, float]
    most_typical: CollectionTrack | None
    oddest: CollectionTrack | None
    sources: tuple[str, ...]
    model: ModelRef
    found_by_title: bool = False

    @property
    def answered(self) -> int:
        """Number of classified tracks."""
        return len(self.tracks)

    @property
    def best(self) -> str:
        """The genre with the largest share."""
        return next(iter(self.genres))
