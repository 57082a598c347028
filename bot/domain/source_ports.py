"""Interfaces of the sources of tracks, features and tags, and of what is stored about them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.collections import Artist, Collection
from bot.domain.errors import Unavailable
from bot.domain.filing import GenreTags
from bot.domain.song_query import SongQuery
from bot.domain.source_states import CachedReply, JsonValue, SourceState
from bot.domain.tracks import MeasuredTrack, SubjectRef, Track


class TrackLookup(Protocol):
    """Source of track metadata. Raises Unavailable."""

    @property
    def name(self) -> str:
        """The source's name."""

    async def get(self, known: Track) -> Track | None:
        """Return what the source knows of a recording, found by any of the ids of `known`.

        None if the source does not know it, or cannot look up any of these ids.
        """


class TrackSearch(Protocol):
    """Source that finds tracks by name. Raises Unavailable."""

    @property
    def name(self) -> str:
        """The source's name."""

    async def search(self, query: SongQuery) -> Sequence[Track]:
        """Return at most 25 tracks, in the source's own order."""


class PageLookup(Protocol):
    """Source that knows the pages of music services. Raises Unavailable."""

    async def get(self, ref: SubjectRef) -> Track | None:
        """Return what the page about a track says of it; None if there is no such page.

        At least the title is known, and where the service tells them the artists and ids.
        """


class CollectionLookup(Protocol):
    """Source of albums, playlists and artists' top tracks. Raises Unavailable."""

    async def get(self, ref: SubjectRef) -> Collection | None:
        """Return a collection with its first tracks.

        None if the source does not know it, or cannot look up references of this kind or service.
        """


class CollectionSearch(Protocol):
    """Source that finds albums and artists by name. Methods raise Unavailable."""

    async def find_album(self, title: str, artists: Sequence[str]) -> Collection | None:
        """Return the album with a title and its first tracks.

        None unless exactly one album with this title fits: with `artists`, one by them.
        """

    async def find_artist(self, name: str) -> Collection | None:
        """Return the top tracks of the artist with a name; None if no artist has it."""


class ArtistSearch(Protocol):
    """Source that finds artists by name. Raises Unavailable."""

    async def artist(self, name: str) -> Artist | None:
        """Return the artist with a name, without the tracks; None if no artist has it."""


class FeatureProvider(Protocol):
    """Source of audio features. Methods raise Unavailable."""

    @property
    def name(self) -> str:
        """The source's name."""

    async def measure(self, tracks: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
        """Return each track with its known features, valid by `model.schema`; None if unknown.

        A track is found by its Spotify id, else by its ISRC, and gains the ids that the source
        tells. Any number of tracks may be given; the source's limits are kept.
        """


class EachFeatures(Protocol):
    """Sources of audio features that say for each track whether they could be asked."""

    async def measure_each(
        self, tracks: Sequence[Track]
    ) -> Sequence[MeasuredTrack | Unavailable | None]:
        """Return each track with its features; None if all sources were asked and none knows it."""


class GenreTagSource(Protocol):
    """Source of genre tags that people gave. Raises Unavailable."""

    @property
    def name(self) -> str:
        """The source's name."""

    async def tags(self, track: Track) -> GenreTags | None:
        """Return the tags of a track; None if the source does not know it or it has none."""


class TempoSource(Protocol):
    """Source that knows tempos. Raises Unavailable."""

    @property
    def name(self) -> str:
        """The source's name."""

    async def tempo(self, known: Track) -> float | None:
        """Return the tempo of a track in BPM; None if it is unknown."""


class SourceCache(Protocol):
    """Stores replies of sources, for all processes. Methods raise StorageFailed.

    Keys name what was asked, such as `spotify:ID` or `isrc:CODE`; values are JSON.
    """

    async def read(self, source: str, keys: Sequence[str]) -> Mapping[str, CachedReply]:
        """Return the replies that have not expired, by key."""

    async def write(
        self, source: str, replies: Mapping[str, JsonValue], lifetime: timedelta
    ) -> None:
        """Store replies, replacing earlier ones; None stands for "unknown to the source"."""


class SourceLedger(Protocol):
    """Stores the state of the sources and the calls they answered. Methods raise StorageFailed."""

    async def states(self) -> Sequence[SourceState]:
        """Return the stored states, by name of the source."""

    async def save(self, state: SourceState) -> None:
        """Store the state of a source, replacing the earlier one."""

    async def count(self, source: str, calls: int) -> None:
        """Add calls to the count of a source."""

    async def counted(self, source: str, since: datetime) -> int:
        """Return the calls counted since a moment, to the hour."""


class LinkResolver(Protocol):
    """Resolves short links."""

    async def resolve(self, url: str) -> str | None:
        """Return the address at a music service that a short link redirects to, else None.

        Raises Unavailable.
        """
