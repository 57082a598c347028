"""All music services on loopback, with the songs of one catalogue."""

import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from tests.stubs.music.catalogue import Song
from tests.stubs.music.deezer import Deezer
from tests.stubs.music.itunes import ITunes
from tests.stubs.music.listenbrainz import ListenBrainz
from tests.stubs.music.musicbrainz import MusicBrainz
from tests.stubs.music.pages import (
    BandcampPages,
    SoundCloudOEmbed,
    SpotifyOEmbed,
    TidalOEmbed,
    YouTubeOEmbed,
)
from tests.stubs.music.reccobeats import ReccoBeats
from tests.stubs.music.service import Api, Fault
from tests.stubs.music.spotify import Spotify
from tests.stubs.music.tag_services import Discogs, LastFm


class MusicWorld:
    """Stand-ins of every music service.

        async with MusicWorld([song("Old Town Road", "Lil Nas X")]).running() as world:
            settings = Settings(**world.settings, contact="me@example.org")
            world.deezer.fail(Fault.QUOTA)
            ...
            assert world.reccobeats.asked("audio-features") == 1

    Args:
        songs: The songs that all services know, as far as they have ids there.
        deezer_playlists: Deezer's playlists by id: title and songs.
        spotify_playlists: Spotify's playlists by id.
        limits: Whether requests past the published limits are refused.
        clock: Clock of the limits, in seconds.
    """

    def __init__(
        self,
        songs: Sequence[Song],
        *,
        deezer_playlists: Mapping[int, tuple[str, Sequence[Song]]] | None = None,
        spotify_playlists: Mapping[str, tuple[str, Sequence[Song]]] | None = None,
        limits: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.songs = list(songs)
        self.reccobeats = ReccoBeats(songs, limits=limits, clock=clock)
        self.deezer = Deezer(songs, dict(deezer_playlists or {}), limits=limits, clock=clock)
        self.musicbrainz = MusicBrainz(songs, limits=limits, clock=clock)
        self.listenbrainz = ListenBrainz(songs, limits=limits, clock=clock)
        self.itunes = ITunes(songs, limits=limits, clock=clock)
        self.lastfm = LastFm(songs, limits=limits, clock=clock)
        self.discogs = Discogs(songs, limits=limits, clock=clock)
        self.spotify = Spotify(songs, dict(spotify_playlists or {}), limits=limits, clock=clock)
        self.oembed = SpotifyOEmbed(songs, limits=limits, clock=clock)
        self.youtube = YouTubeOEmbed(songs, limits=limits, clock=clock)
        self.tidal = TidalOEmbed(songs, limits=limits, clock=clock)
        self.soundcloud = SoundCloudOEmbed(songs, limits=limits, clock=clock)
        self.bandcamp = BandcampPages(songs, limits=limits, clock=clock)

    @property
    def by_setting(self) -> Mapping[str, Api]:
        """The stand-ins by the setting of their address."""
        return {
            "reccobeats_url": self.reccobeats,
            "deezer_url": self.deezer,
            "musicbrainz_url": self.musicbrainz,
            "listenbrainz_url": self.listenbrainz,
            "itunes_url": self.itunes,
            "lastfm_url": self.lastfm,
            "discogs_url": self.discogs,
            "spotify_url": self.spotify,
            "oembed_url": self.oembed,
            "youtube_oembed_url": self.youtube,
            "tidal_oembed_url": self.tidal,
            "soundcloud_oembed_url": self.soundcloud,
            "bandcamp_oembed_url": self.bandcamp,
        }

    @property
    def settings(self) -> dict[str, str]:
        """The addresses by the names of the settings' fields."""
        return {setting: api.url for setting, api in self.by_setting.items()}

    @property
    def environment(self) -> dict[str, str]:
        """The addresses by the names of the environment's variables."""
        return {setting.upper(): url for setting, url in self.settings.items()}

    @property
    def apis(self) -> Sequence[Api]:
        """All stand-ins."""
        return list(self.by_setting.values())

    def asked(self) -> dict[str, int]:
        """Return the number of requests to each service that was asked."""
        return {api.name: api.asked() for api in self.apis if api.asked()}

    def fail(self, fault: Fault | None, *names: str) -> None:
        """Let the services with these names fail, or all; None ends it."""
        for api in self.apis:
            if not names or api.name in names:
                api.fail(fault)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["MusicWorld"]:
        """Serve until the end of the block."""
        async with AsyncExitStack() as stack:
            for api in self.apis:
                await stack.enter_async_context(api.running())
            yield self
