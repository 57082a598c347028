"""SoundCloud's addresses. Ids are their paths: `USER/TRACK`, `USER/sets/NAME`, `USER`.

Private tracks and playlists, whose addresses end in a secret (`USER/TRACK/s-TOKEN`), are no links:
the secret would be stored, and shown to others.
"""

import re
from typing import Final

from bot.domain.links.link import Link
from bot.domain.links.site import Page, Site
from bot.domain.music_services import MusicService

WEB_HOSTS: Final = frozenset({"soundcloud.com", "www.soundcloud.com", "m.soundcloud.com"})
HOSTS: Final = WEB_HOSTS | {"w.soundcloud.com"}
SHORT_HOSTS: Final = frozenset({"on.soundcloud.com", "soundcloud.app.goo.gl"})
PARAMETERS: Final = ("url",)  # embedded players, oEmbed

NO_USERS: Final = frozenset(
    {
        "artists",
        "charts",
        "community-guidelines",
        "discover",
        "explore",
        "feed",
        "for-artists",
        "getstarted",
        "go",
        "groups",
        "imprint",
        "jobs",
        "library",
        "likes",
        "login",
        "logout",
        "messages",
        "mobile",
        "notifications",
        "oembed",
        "pages",
        "people",
        "player",
        "playlists",
        "popular",
        "premium",
        "press",
        "pro",
        "search",
        "settings",
        "signin",
        "signup",
        "stations",
        "stream",
        "tags",
        "terms-of-use",
        "tracks",
        "upload",
        "you",
    }
)
"""Names at the start of a path that are no users."""

LISTS: Final = frozenset(
    {
        "albums",
        "comments",
        "followers",
        "following",
        "groups",
        "likes",
        "playlists",
        "popular-tracks",
        "reposts",
        "sets",
        "spotlight",
        "stats",
        "tracks",
    }
)
"""Names after a user that are no tracks."""

_NAME: Final = re.compile(r"[0-9A-Za-z_-]{1,255}")


def _parse(page: Page) -> Link | None:
    names = page.names
    if names[0].lower() in NO_USERS or not all(map(_NAME.fullmatch, names)):
        return None
    match names:
        case [_, "sets", _]:
            kind = "playlist"
        case [_, name] if name not in LISTS:
            kind = "track"
        case [_]:
            kind = "artist"
        case _:
            return None
    certain = kind != "artist"  # most profiles are listeners'
    return Link(kind, "/".join(names), MusicService.SOUNDCLOUD, certain)


def _address(link: Link) -> str:
    return f"https://soundcloud.com/{link.id}"


SITE: Final = Site(
    MusicService.SOUNDCLOUD,
    HOSTS,
    _parse,
    _address,
    markers=("soundcloud",),
    short_hosts=SHORT_HOSTS,
    parameters=PARAMETERS,
)
