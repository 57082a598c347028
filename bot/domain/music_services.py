"""The music services whose links are answered."""

from enum import StrEnum


class MusicService(StrEnum):
    """Services with pages about tracks; the value is the service's name in references and JSON."""

    SPOTIFY = "spotify"
    APPLE_MUSIC = "apple-music"
    DEEZER = "deezer"
    YOUTUBE = "youtube"
    """YouTube and YouTube Music, which share the ids of their videos."""
    TIDAL = "tidal"
    SOUNDCLOUD = "soundcloud"
    BANDCAMP = "bandcamp"
    MUSICBRAINZ = "musicbrainz"
