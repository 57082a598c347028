"""The adapters of the music services against their stand-ins."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import aiohttp

from bot.domain.source_ports import (
    CollectionLookup,
    GenreTagSource,
    PageLookup,
    TrackLookup,
    TrackSearch,
)
from bot.domain.tracks import Track
from bot.sources import oembed_pages
from bot.sources.deezer import DeezerLookup, DeezerPages
from bot.sources.deezer_collections import DeezerCollections
from bot.sources.discogs import Discogs
from bot.sources.http_client import HttpService
from bot.sources.itunes import ITunesCollections, ITunesPages, ITunesSearch
from bot.sources.lastfm import LastFm
from bot.sources.listenbrainz import ListenBrainzLabs, ListenBrainzTags
from bot.sources.musicbrainz import MusicBrainz, MusicBrainzPages
from bot.sources.oembed import OEmbedCollections, OEmbedLookup
from bot.sources.reccobeats import ReccoBeatsFeatures, ReccoBeatsLookup
from bot.sources.spotify.collections import SpotifyCollections
from bot.sources.spotify.lookup import SpotifyLookup
from bot.sources.spotify.session import SpotifySession
from tests.stubs.music.catalogue import Song, song, with_versions
from tests.stubs.music.service import Api
from tests.stubs.music.spotify import CLIENT_ID, CLIENT_SECRET
from tests.stubs.music.tag_services import DISCOGS_TOKEN, LASTFM_KEY
from tests.stubs.music.world import MusicWorld

AGENT = "Soundslike/1.0 ( music@example.org )"

ROAD: Song = song(
    "Old Town Road",
    "Lil Nas X",
    "Billy Ray Cyrus",
    album="7 EP",
    tags={"country rap": 6, "hip hop": 4},
    album_tags={"country": 3},
    artist_tags={"pop rap": 9},
    year=2019,
    duration_ms=157_000,
    bpm=136.0,
)
QUEEN: Song = song(
    "Bohemian Rhapsody",
    "Queen",
    album="A Night at the Opera",
    tags={},
    album_tags={"rock": 8, "art rock": 2},
    artist_tags={"glam rock": 5},
    known_ids=(),
    year=1975,
)
UNTAGGED: Song = song("Untitled", "Nobody", tags={}, album_tags={}, artist_tags={})
ALBUM: list[Song] = [
    song(f"Part {place}", "The Band", album="Suite", rank=1000 - place, duration_ms=180_000)
    for place in range(1, 121)
]
SONGS: list[Song] = [*with_versions([ROAD]), QUEEN, UNTAGGED, *ALBUM]
UNKNOWN: Song = song("A Song That No Service Knows", "Nobody At All")

PLAYLIST = 4242
SPOTIFY_PLAYLIST = "P" * 22


def music_world() -> MusicWorld:
    """Return the services of these tests, without limits of time."""
    mixed = [ROAD, QUEEN, *ALBUM[:3]]
    return MusicWorld(
        SONGS,
        deezer_playlists={PLAYLIST: ("Mixed", mixed)},
        spotify_playlists={SPOTIFY_PLAYLIST: ("Mixed", mixed)},
        limits=False,
    )


@dataclass
class Adapters:
    """The adapters of a world.

    Attributes:
        world: The stand-ins.
        session: The HTTP client.
        opened: The clients of services that were opened.
    """

    world: MusicWorld
    session: aiohttp.ClientSession
    opened: dict[str, HttpService] = field(default_factory=dict)

    def http(self, api: Api) -> HttpService:
        """Return the client of a stand-in, the same each time."""
        if api.name not in self.opened:
            client = HttpService(api.name, api.url, self.session, user_agent=AGENT)
            self.opened[api.name] = client
        return self.opened[api.name]

    @property
    def spotify(self) -> SpotifySession:
        """A Spotify client."""
        url = self.world.spotify.url
        return SpotifySession(
            CLIENT_ID,
            CLIENT_SECRET,
            self.session,
            api=f"{url}/v1/",
            token_url=f"{url}/api/token",
        )

    @property
    def musicbrainz(self) -> MusicBrainz:
        """MusicBrainz."""
        return MusicBrainz(self.http(self.world.musicbrainz))

    @property
    def features(self) -> ReccoBeatsFeatures:
        """ReccoBeats' features."""
        return ReccoBeatsFeatures(self.http(self.world.reccobeats))

    @property
    def lookups(self) -> Mapping[str, Callable[[], TrackLookup]]:
        """Track look-ups by name."""
        return {
            "reccobeats": lambda: ReccoBeatsLookup(self.http(self.world.reccobeats)),
            "deezer": lambda: DeezerLookup(self.http(self.world.deezer)),
            "musicbrainz": lambda: self.musicbrainz,
            "spotify": lambda: SpotifyLookup(self.spotify, "US"),
            "spotify-oembed": lambda: OEmbedLookup(self.http(self.world.oembed)),
            "listenbrainz-labs": lambda: ListenBrainzLabs(self.http(self.world.listenbrainz)),
        }

    @property
    def searches(self) -> Mapping[str, Callable[[], TrackSearch]]:
        """Searches by name."""
        return {
            "reccobeats": lambda: ReccoBeatsLookup(self.http(self.world.reccobeats)),
            "deezer": lambda: DeezerLookup(self.http(self.world.deezer)),
            "musicbrainz": lambda: self.musicbrainz,
            "spotify": lambda: SpotifyLookup(self.spotify, "US"),
            "itunes": lambda: ITunesSearch(self.http(self.world.itunes)),
            "listenbrainz-labs": lambda: ListenBrainzLabs(self.http(self.world.listenbrainz)),
        }

    @property
    def pages(self) -> Mapping[str, Callable[[], PageLookup]]:
        """Look-ups of pages by music service."""
        return {
            "deezer": lambda: DeezerPages(DeezerLookup(self.http(self.world.deezer))),
            "musicbrainz": lambda: MusicBrainzPages(self.musicbrainz),
            "apple-music": lambda: ITunesPages(self.http(self.world.itunes)),
            "youtube": lambda: oembed_pages.youtube(self.http(self.world.youtube)),
            "tidal": lambda: oembed_pages.tidal(self.http(self.world.tidal)),
            "soundcloud": lambda: oembed_pages.soundcloud(self.http(self.world.soundcloud)),
            "bandcamp": lambda: oembed_pages.BandcampPages(self.http(self.world.bandcamp)),
        }

    @property
    def collections(self) -> Mapping[str, Callable[[], CollectionLookup]]:
        """Look-ups of collections by name."""
        return {
            "deezer": lambda: DeezerCollections(self.http(self.world.deezer)),
            "itunes": lambda: ITunesCollections(self.http(self.world.itunes)),
            "spotify": lambda: SpotifyCollections(self.spotify, "US"),
            "spotify-oembed": lambda: OEmbedCollections(self.http(self.world.oembed)),
        }

    @property
    def tags(self) -> Mapping[str, Callable[[], GenreTagSource]]:
        """Sources of tags by name."""
        return {
            "musicbrainz": lambda: self.musicbrainz,
            "listenbrainz": lambda: ListenBrainzTags(self.http(self.world.listenbrainz)),
            "lastfm": lambda: LastFm(self.http(self.world.lastfm), LASTFM_KEY),
            "discogs": lambda: Discogs(self.http(self.world.discogs), DISCOGS_TOKEN),
        }


def known(one: Song) -> Track:
    """Return all that is known of a song."""
    return Track(
        spotify_id=one.spotify_id,
        title=one.title,
        artists=one.artists,
        isrc=one.isrc,
        musicbrainz_id=one.mbid,
        deezer_id=str(one.deezer_id),
    )
