"""Builds the clients of the sources, and the report of their states."""

from typing import TYPE_CHECKING

import aiohttp

from bot.domain.source_ports import SourceLedger
from bot.runtime.environment import proxies, user_agent
from bot.runtime.settings import Settings, secret
from bot.services.source_states import KnownSource, SourceStates
from bot.sources import embedded_songs
from bot.sources.clients import SourceClients
from bot.sources.limits import PUBLISHED
from bot.sources.monitor import SourceMonitor
from bot.storage.stores import utc_now

if TYPE_CHECKING:
    from bot.sources.spotify.session import SpotifySession


def open_session() -> aiohttp.ClientSession:
    """Return the HTTP client of all sources, which keeps no cookies."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())


def build(
    settings: Settings, session: aiohttp.ClientSession, ledger: SourceLedger
) -> SourceClients:
    """Build the clients; the states are stored while their monitor is running."""
    monitor = SourceMonitor(ledger, utc_now)
    return SourceClients(session, monitor, user_agent(settings.contact), proxies())


def spotify_session(settings: Settings, clients: SourceClients) -> "SpotifySession":
    """Build the client of Spotify's Web API, for which the settings have credentials."""
    from bot.sources.spotify.session import NAME, SpotifySession  # noqa: PLC0415 - 0.4 s

    return SpotifySession(
        settings.spotify_client_id or "",
        secret(settings.spotify_client_secret) or "",
        clients.session,
        api=f"{settings.spotify_url.rstrip('/')}/v1/",
        token_url=f"{settings.spotify_accounts.rstrip('/')}/api/token",
        guard=clients.guard(NAME),
        user_agent=clients.user_agent,
        proxy=clients.proxies.of(settings.spotify_url),
    )


def states(settings: Settings, ledger: SourceLedger) -> SourceStates:
    """Build the service that says what is known of each source."""
    configured = {
        "spotify": bool(settings.spotify_client_id and settings.spotify_client_secret),
        "lastfm": bool(settings.lastfm_api_key),
        "discogs": bool(settings.discogs_token),
        "deezer-previews": "deezer" in settings.previews,
        "itunes-previews": "itunes" in settings.previews,
        "reccobeats-analysis": bool(settings.previews) and settings.reccobeats_analysis,
    }
    known = [KnownSource(embedded_songs.NAME)] + [
        KnownSource(name, configured.get(name, True), limits.daily)
        for name, limits in PUBLISHED.items()
    ]
    return SourceStates(known, ledger, utc_now)
