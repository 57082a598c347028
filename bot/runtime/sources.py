"""Builds the sources: which there are, in which order they are asked, and what is cached."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.music_services import MusicService
from bot.domain.source_ports import (
    ArtistSearch,
    CollectionLookup,
    CollectionSearch,
    FeatureProvider,
    GenreTagSource,
    PageLookup,
    TempoSource,
    TrackLookup,
    TrackSearch,
)
from bot.runtime import source_clients
from bot.runtime.settings import Settings, secret
from bot.services.filing import FiledUnderService
from bot.services.measure import MeasureService
from bot.services.previews import PreviewService
from bot.services.search import SearchService
from bot.sources import (
    deezer,
    discogs,
    embedded_songs,
    itunes,
    lastfm,
    listenbrainz,
    musicbrainz,
    oembed,
    oembed_pages,
    reccobeats,
)
from bot.sources.batched import BatchedFeatures, BatchedLookup
from bot.sources.cached import (
    DEEZER,
    ISRC,
    MUSICBRAINZ,
    SPOTIFY,
    CachedCollections,
    CachedFeatures,
    CachedLookup,
    CachedPages,
    CachedSearch,
    CachedTags,
)
from bot.sources.chain import FeatureChain, LookupChain
from bot.sources.clients import SourceClients
from bot.sources.deezer_collections import DeezerCollections
from bot.sources.embedded_songs import MIN_TYPED, EmbeddedSongs
from bot.sources.http_client import HttpService
from bot.sources.musicbrainz import MusicBrainz, Recording
from bot.sources.pages import PagesByService
from bot.sources.reply_cache import Cache, CachedReplies
from model.tag_taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources of each kind, in order of preference.

    Attributes:
        embedded: The built-in songs, found by their exact names.
        similar: The same, found by similar names.
        beginning: The same, found by the first letters of their names.
        features: Sources of audio features.
        lookups: Sources of ids and names.
        details: Sources of names and years that are asked by ISRC.
        fast_searches: Sources that find songs by name within a second.
        slow_searches: The others, in steps.
        ids: Finds an ISRC or a Spotify id for a song without one.
        pages: The pages of the music services.
        tags: Sources of genre tags.
        tempos: Sources of tempos alone.
        collections: Sources of albums, playlists and artists.
        collection_search: Finds albums and artists by name.
        artist_search: Finds artists by name, without their tracks.
    """

    embedded: EmbeddedSongs
    similar: EmbeddedSongs
    beginning: EmbeddedSongs
    features: FeatureChain
    lookups: Sequence[TrackLookup]
    details: Sequence[TrackLookup]
    fast_searches: Sequence[TrackSearch]
    slow_searches: Sequence[Sequence[TrackSearch]]
    ids: TrackLookup
    pages: PageLookup
    tags: Sequence[GenreTagSource]
    tempos: Sequence[TempoSource]
    collections: Sequence[CollectionLookup]
    collection_search: CollectionSearch
    artist_search: ArtistSearch


@dataclass(frozen=True, slots=True)
class _Spotify:
    """Spotify's Web API, which identifies tracks; its features are off unless the settings say."""

    lookups: Sequence[TrackLookup] = ()
    searches: Sequence[TrackSearch] = ()
    features: Sequence[FeatureProvider] = ()
    collections: Sequence[CollectionLookup] = ()


def build(settings: Settings, clients: SourceClients, cache: Cache, taxonomy: Taxonomy) -> Sources:
    """Build the sources."""
    songs = embedded_songs.load()
    embedded = EmbeddedSongs(songs)
    spotify = _spotify(settings, clients, cache)

    reccobeats_api = clients.service(reccobeats.NAME, settings.reccobeats_url)
    recco_names = reccobeats.ReccoBeatsLookup(reccobeats_api)
    recco = CachedLookup(BatchedLookup(recco_names, reccobeats.MAX_IDS), cache, (SPOTIFY, ISRC))
    recco_features = CachedFeatures(
        BatchedFeatures(reccobeats.ReccoBeatsFeatures(reccobeats_api), reccobeats.MAX_IDS),
        cache,
        (SPOTIFY, ISRC),
    )

    deezer_api = clients.service(deezer.NAME, settings.deezer_url)
    deezer_names = deezer.DeezerLookup(deezer_api)
    by_deezer = CachedLookup(deezer_names, cache, (DEEZER, ISRC))
    deezer_lists = DeezerCollections(deezer_api)

    brainz = MusicBrainz(
        clients.service(musicbrainz.NAME, settings.musicbrainz_url),
        lambda tag: bool(taxonomy.genres_of(tag)),
        CachedReplies[Recording](cache, "musicbrainz/recordings", Recording),
    )
    itunes_api = clients.service(itunes.NAME, settings.itunes_url)
    spotify_oembed = clients.service(oembed.NAME, settings.oembed_url)
    labs = listenbrainz.ListenBrainzLabs(
        clients.service(listenbrainz.LABS_NAME, settings.listenbrainz_labs)
    )
    return Sources(
        embedded=embedded,
        similar=EmbeddedSongs(songs, fuzzy=True),
        beginning=EmbeddedSongs(songs, fuzzy=True, min_letters=MIN_TYPED),
        features=FeatureChain([embedded, recco_features, *spotify.features]),
        lookups=[
            embedded,
            recco,
            by_deezer,
            *spotify.lookups,
            brainz,
            CachedLookup(oembed.OEmbedLookup(spotify_oembed), cache, (SPOTIFY,)),
        ],
        details=[brainz],
        fast_searches=[CachedSearch(deezer_names, cache)],
        slow_searches=[
            [
                CachedSearch(recco_names, cache),
                CachedSearch(itunes.ITunesSearch(itunes_api), cache),
            ],
            [CachedSearch(brainz, cache), *spotify.searches],
        ],
        ids=LookupChain([by_deezer, CachedLookup(labs, cache, (MUSICBRAINZ,), by_name=True)]),
        pages=CachedPages(_pages(settings, clients, deezer_names, brainz, itunes_api), cache),
        tags=_tags(settings, clients, cache, embedded, brainz),
        tempos=[deezer_names],
        collections=[
            CachedCollections(deezer_lists, cache, deezer.NAME),
            *spotify.collections,
            CachedCollections(itunes.ITunesCollections(itunes_api), cache, itunes.NAME),
            CachedCollections(oembed.OEmbedCollections(spotify_oembed), cache, oembed.NAME),
        ],
        collection_search=deezer_lists,
        artist_search=deezer_lists,
    )


def search(found: Sources) -> SearchService:
    """Build the search in the sources."""
    return SearchService(
        built_in=found.embedded,
        fast=[found.similar, *found.fast_searches],
        others=found.slow_searches,
        typed=[found.beginning, *found.fast_searches],
        complete=found.ids,
    )


def measure(
    found: Sources,
    search: SearchService,
    filing: FiledUnderService,
    previews: PreviewService | None = None,
) -> MeasureService:
    """Build the service that measures tracks with the sources, and listens to their previews."""
    return MeasureService(
        pages=found.pages,
        by_name=search.by_name,
        features=found.features,
        lookups=found.lookups,
        details=found.details,
        filing=filing,
        previews=previews,
    )


def _spotify(settings: Settings, clients: SourceClients, cache: Cache) -> _Spotify:
    if not (settings.spotify_client_id and settings.spotify_client_secret):
        return _Spotify()
    # spotipy takes 0.4 s to import.
    from bot.sources.spotify.collections import SpotifyCollections  # noqa: PLC0415
    from bot.sources.spotify.features import SpotifyFeatures  # noqa: PLC0415
    from bot.sources.spotify.lookup import SpotifyLookup  # noqa: PLC0415
    from bot.sources.spotify.session import NAME  # noqa: PLC0415

    session = source_clients.spotify_session(settings, clients)
    lookup = SpotifyLookup(session, settings.spotify_market)
    lists = SpotifyCollections(session, settings.spotify_market)
    features = [CachedFeatures(SpotifyFeatures(session), cache, (SPOTIFY,))]
    return _Spotify(
        lookups=[CachedLookup(lookup, cache, (SPOTIFY,))],
        searches=[CachedSearch(lookup, cache)],
        features=features if settings.spotify_audio_features else [],
        collections=[CachedCollections(lists, cache, NAME)],
    )


def _pages(
    settings: Settings,
    clients: SourceClients,
    deezer_names: deezer.DeezerLookup,
    brainz: MusicBrainz,
    itunes_api: HttpService,
) -> PagesByService:
    youtube = clients.service("youtube", settings.youtube_oembed_url)
    tidal = clients.service("tidal", settings.tidal_oembed_url)
    soundcloud = clients.service("soundcloud", settings.soundcloud_oembed_url)
    bandcamp = clients.service("bandcamp", settings.bandcamp_oembed_url)
    return PagesByService(
        {
            MusicService.APPLE_MUSIC: itunes.ITunesPages(itunes_api),
            MusicService.BANDCAMP: oembed_pages.BandcampPages(bandcamp),
            MusicService.DEEZER: deezer.DeezerPages(deezer_names),
            MusicService.MUSICBRAINZ: musicbrainz.MusicBrainzPages(brainz),
            MusicService.SOUNDCLOUD: oembed_pages.soundcloud(soundcloud),
            MusicService.TIDAL: oembed_pages.tidal(tidal),
            MusicService.YOUTUBE: oembed_pages.youtube(youtube),
        }
    )


def _tags(
    settings: Settings,
    clients: SourceClients,
    cache: Cache,
    embedded: EmbeddedSongs,
    brainz: MusicBrainz,
) -> list[GenreTagSource]:
    listens = listenbrainz.ListenBrainzTags(
        clients.service(listenbrainz.NAME, settings.listenbrainz_url)
    )
    sources: list[GenreTagSource] = [
        embedded,
        CachedTags(brainz, cache, (MUSICBRAINZ, ISRC)),
        CachedTags(listens, cache, (MUSICBRAINZ,)),
    ]
    if key := secret(settings.lastfm_api_key):
        api = clients.service(lastfm.NAME, settings.lastfm_url)
        sources.append(CachedTags(lastfm.LastFm(api, key), cache, ()))
    if token := secret(settings.discogs_token):
        api = clients.service(discogs.NAME, settings.discogs_url)
        sources.append(CachedTags(discogs.Discogs(api, token), cache, ()))
    return sources
