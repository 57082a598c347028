"""Tracks, their identifiers and their audio features."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import ClassVar, Final, Self

from bot.domain.filing import FiledUnder
from bot.domain.music_services import MusicService
from bot.domain.text import is_visible
from model.schema import YEAR
from model.sound.heard import Heard

MAX_TITLE_LENGTH: Final = 300
"""Characters of a title or of an artist's name; a source's adapter shortens longer ones."""

MAX_ARTISTS: Final = 50
"""Artists of a track that are read."""


class SubjectKind(StrEnum):
    """Kinds of things that an answer can be about."""

    TRACK = "track"
    ALBUM = "album"
    PLAYLIST = "playlist"
    ARTIST = "artist"


@dataclass(frozen=True, slots=True)
class SubjectRef:
    """Reference to a subject by a music service's id, as a link contains it."""

    kind: SubjectKind
    id: str
    service: MusicService = MusicService.SPOTIFY

    def __str__(self) -> str:
        """Return the reference in the form that `parse` reads: `service/kind/id`."""
        return f"{self.service}/{self.kind}/{self.id}"

    @property
    def known_key(self) -> str | None:
        """Key of the track if the reference tells it, as Spotify's id comes first in a key."""
        return self.id if self.service is MusicService.SPOTIFY else None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the reference that a text holds; raise ValueError if it holds none."""
        service, kind, subject = text.split("/", 2)
        return cls(SubjectKind(kind), subject, MusicService(service))


@dataclass(frozen=True, slots=True)
class Track:
    """A recording, with every identifier that a source knows for it.

    Attributes:
        spotify_id: Spotify's track id, 22 base-62 characters.
        title: Title; empty when only an identifier is known.
        artists: Names of the credited artists, in order.
        url: Web page of the track.
        image: Address of the cover.
        isrc: International Standard Recording Code.
        musicbrainz_id: MusicBrainz recording id.
        deezer_id: Deezer's track id.
        duration_ms: Length in milliseconds.
        duration_source: Name of the source that gave `duration_ms`.
        year: Year of first release.
        sound_id: Id of a sound that no service has, such as a file: a digest or a random one.
    """

    kind: ClassVar = SubjectKind.TRACK

    spotify_id: str | None = None
    title: str = ""
    artists: tuple[str, ...] = ()
    url: str | None = None
    image: str | None = None
    isrc: str | None = None
    musicbrainz_id: str | None = None
    deezer_id: str | None = None
    duration_ms: int | None = None
    duration_source: str | None = None
    year: int | None = None
    sound_id: str | None = None

    @property
    def key(self) -> str:
        """Key under which predictions and votes for this track are stored.

        The first known of: Spotify id, ISRC, MusicBrainz id, Deezer id, the id of a sound, title
        with artists.
        """
        if self.spotify_id:
            return self.spotify_id
        others = (
            ("isrc", self.isrc),
            ("mbid", self.musicbrainz_id),
            ("deezer", self.deezer_id),
            ("sound", self.sound_id),
        )
        for scheme, value in others:
            if value:
                return f"{scheme}:{value}"
        return f"{self.title} - {', '.join(self.artists)}".casefold()

    @property
    def ref(self) -> SubjectRef | None:
        """Reference by which the track can be asked for again; None if it has no id for one."""
        ids = (
            (MusicService.SPOTIFY, self.spotify_id),
            (MusicService.DEEZER, self.deezer_id),
            (MusicService.MUSICBRAINZ, self.musicbrainz_id),
        )
        found = ((service, value) for service, value in ids if value)
        return next((SubjectRef(SubjectKind.TRACK, v, s) for s, v in found), None)

    @property
    def is_named(self) -> bool:
        """Whether both title and artists are known, and the title can be seen."""
        return is_visible(self.title) and bool(self.artists)

    def merge(self, other: "Track") -> "Track":
        """Return this track with its unknown fields taken from `other`.

        `other` must be the same recording as another source describes it. The length and its
        source are taken together.
        """
        missing = {f.name for f in fields(self) if not getattr(self, f.name)}
        if is_visible(other.title) and not is_visible(self.title):
            missing.add("title")
        if self.duration_ms is not None:
            missing.discard("duration_source")
        else:
            missing |= {"duration_ms", "duration_source"}
        return replace(self, **{name: getattr(other, name) for name in missing})


Subject = Track
"""What an answer is about; albums and playlists have summaries instead."""


@dataclass(frozen=True, slots=True)
class AudioFeatures:
    """Measured audio features.

    Attributes:
        values: Feature name to value, valid by `model.schema` (names, units, ranges).
        sources: Feature name to the name of the source that gave the value; same keys as `values`.
    """

    values: Mapping[str, float]
    sources: Mapping[str, str]

    @classmethod
    def from_source(cls, values: Mapping[str, float], source: str) -> Self:
        """Return features that all come from one source."""
        return cls(values, dict.fromkeys(values, source))

    @property
    def source(self) -> str:
        """Name of the source that gave most of the values; empty without values."""
        names = list(self.sources.values())
        return max(names, key=names.count, default="")

    def with_year(self, year: int | None) -> dict[str, float]:
        """Return the values with a year of release, if it is known, as models are given it."""
        return dict(self.values) if year is None else {**self.values, YEAR.name: float(year)}

    def with_value(self, name: str, value: float, source: str) -> "AudioFeatures":
        """Return these features with one more value; a value that is already known is kept."""
        if name in self.values:
            return self
        return AudioFeatures({**self.values, name: value}, {**self.sources, name: source})


@dataclass(frozen=True, slots=True)
class MeasuredTrack:
    """A track with its features and filed genres, before classification.

    Attributes:
        track: The track.
        features: Its features; none if no source knows them and it was heard instead.
        filed_under: None if no source knows the genres, or none was asked.
        heard: What was heard in a sound of it; None if none was listened to.
    """

    track: Track
    features: AudioFeatures
    filed_under: FiledUnder | None = None
    heard: Heard | None = None
