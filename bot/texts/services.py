"""Names of the music services, and what people read about links to them."""

from collections.abc import Mapping
from typing import Final

from bot.domain import links
from bot.domain.music_services import MusicService

NAMES: Final[Mapping[MusicService, str]] = {
    MusicService.SPOTIFY: "Spotify",
    MusicService.APPLE_MUSIC: "Apple Music",
    MusicService.DEEZER: "Deezer",
    MusicService.YOUTUBE: "YouTube",
    MusicService.TIDAL: "Tidal",
    MusicService.SOUNDCLOUD: "SoundCloud",
    MusicService.BANDCAMP: "Bandcamp",
    MusicService.MUSICBRAINZ: "MusicBrainz",
}
"""Display name of each service."""

SOME: Final = "(Spotify, Apple Music, Deezer, YouTube, …)"
LINK: Final = f"a link to a song {SOME}"
SUBJECTS: Final = "songs, albums, artists and playlists"
"""What I answer links to."""
LINKS: Final = f"links to songs {SOME}"


def open_in(url: str) -> str:
    """Return the label of a link to a track's page."""
    link = links.parse(url)
    return f"Open in {NAMES[link.service]}" if link else "Open its page"
