"""Tracks and their audio features."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Track:
    """A recording. `id` is Spotify's; a song of the embedded catalogue may have none.

    `title` is empty when only the id is known. `image` is the cover's address, `duration_ms` the
    length in milliseconds.
    """

    id: str | None
    title: str = ""
    artists: tuple[str, ...] = ()
    url: str | None = None
    image: str | None = None
    isrc: str | None = None
    duration_ms: int | None = None

    @property
    def key(self) -> str:
        """What predictions and votes for this track are kept under."""
        return self.id or f"{self.title} - {', '.join(self.artists)}".casefold()


@dataclass(frozen=True, slots=True)
class AudioFeatures:
    """Measured features by name, valid as in `model.schema`, and the source that gave them."""

    values: Mapping[str, float]
    source: str
