"""Spotify's addresses. Ids have 22 base-62 characters."""

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote

from bot.domain.links.link import KINDS, Link
from bot.domain.links.site import Page, Site
from bot.domain.music_services import MusicService

WEB_HOSTS: Final = frozenset(
    {
        "open.spotify.com",
        "www.open.spotify.com",
        "play.spotify.com",
        "player.spotify.com",
        "embed.spotify.com",
        "xpui.app.spotify.com",  # the pages of the desktop app
    }
)
"""The hosts of the web player, now and formerly."""

SHORT_HOSTS: Final = frozenset(
    {"spotify.link", "spotify.app.link", "spoti.fi", "link.tospotify.com"}
)
SIGN_IN_HOST: Final = "accounts.spotify.com"  # its addresses name the page to open afterwards
ARTISTS_HOST: Final = "artists.spotify.com"
API_HOST: Final = "api.spotify.com"
CODE_HOSTS: Final = frozenset({"scannables.scdn.co", "www.spotifycodes.com"})
"""Addresses of the pictures called Spotify codes; they end in a URI."""

PARAMETERS: Final = (
    "highlight",  # the track that the page of an album or a playlist marks
    "uri",  # the same for the track that is playing; also the subject of a player
    "url",  # oEmbed
    "continue",  # the page after signing in
    "$full_url",  # these four: links that open the app
    "$canonical_url",
    "$deeplink_path",
    "$fallback_url",
)

_ID: Final = re.compile(r"[0-9A-Za-z]{22}")
_LOCALE: Final = re.compile(r"intl-[a-z]{2,4}(?:-[a-z0-9]{2,4}){0,2}", re.IGNORECASE)


def parse_uri(parts: Sequence[str]) -> Link | None:
    """Return the link that the parts of a URI after `spotify:` are."""
    if parts[:1] == ["user"]:  # spotify:user:NAME:playlist:ID, written by old clients
        parts = parts[2:]
    if parts[2:] == ["play"]:  # spotify:track:ID:play, which starts the Android app
        parts = parts[:2]
    return _link(parts)


def code_uri(page: Page) -> str:
    """Return the URI at the end of a code's address."""
    address = f"{page.path}?{page.query}" if page.query else page.path
    return unquote(address).rpartition("/")[2]


def _parse(page: Page) -> Link | None:
    names = page.names
    if page.host in WEB_HOSTS:
        return _from_web_player(names)
    match names:
        case ["v1", "tracks", track] if page.host == API_HOST:
            return _link(["track", track])
        case ["c", "artist", _, "song", track, *_] if page.host == ARTISTS_HOST:
            return _link(["track", track])
        case _:
            return None


def _from_web_player(names: list[str]) -> Link | None:
    if _LOCALE.fullmatch(names[0]):
        names = names[1:]
    if names[:1] in (["embed"], ["embed-podcast"]):
        names = names[1:]
    if names[:1] == ["user"]:  # /user/NAME/playlist/ID, written by old clients
        names = names[2:]
    return _link(names)


def _link(parts: Sequence[str]) -> Link | None:
    match parts:
        case [kind, name] if kind in KINDS and _ID.fullmatch(name):
            return Link(kind, name)
        case _:
            return None


def _address(link: Link) -> str:
    return f"https://open.spotify.com/{link.kind}/{link.id}"


SITE: Final = Site(
    MusicService.SPOTIFY,
    WEB_HOSTS | CODE_HOSTS | {SIGN_IN_HOST, ARTISTS_HOST, API_HOST},
    _parse,
    _address,
    markers=("spotify", "spoti.fi"),
    short_hosts=SHORT_HOSTS,
    parameters=PARAMETERS,
)
