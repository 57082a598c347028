"""Albums, playlists and artists' top tracks."""

from dataclasses import dataclass
from typing import Final

from bot.domain.tracks import SubjectRef, Track

MAX_TRACKS: Final = 100
"""Tracks of a collection that are read."""


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
    """

    ref: SubjectRef
    title: str
    artists: tuple[str, ...]
    url: str | None
    image: str | None
    count: int
    tracks: tuple[Track, ...]
