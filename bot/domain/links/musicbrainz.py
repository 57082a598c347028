"""Addresses of MusicBrainz and ListenBrainz. Ids are UUIDs.

Those of albums are preceded by what they identify: `release-group/UUID` or `release/UUID`.
"""

from collections.abc import Mapping
from typing import Final

from bot.domain.links.link import Link
from bot.domain.links.site import UUID, Page, Site
from bot.domain.music_services import MusicService

HOSTS: Final = frozenset({"musicbrainz.org", "www.musicbrainz.org", "beta.musicbrainz.org"})
LISTENBRAINZ_HOSTS: Final = frozenset({"listenbrainz.org", "www.listenbrainz.org"})

PATHS: Final[Mapping[str, tuple[str, str]]] = {
    "recording": ("track", ""),
    "release-group": ("album", "release-group/"),
    "release": ("album", "release/"),
    "artist": ("artist", ""),
}
"""Name in the path to kind, and what precedes the UUID in the id."""

LISTENBRAINZ_PATHS: Final = {
    "track": PATHS["recording"],
    "album": PATHS["release-group"],
    "release": PATHS["release"],
    "artist": PATHS["artist"],
}


def _parse(page: Page) -> Link | None:
    paths = PATHS if page.host in HOSTS else LISTENBRAINZ_PATHS
    match page.names:  # a tab of the page may follow
        case [path, name, *_] if UUID.fullmatch(name) and path in paths:
            kind, prefix = paths[path]
            return Link(kind, f"{prefix}{name.lower()}", MusicService.MUSICBRAINZ)
        case _:
            return None


def _address(link: Link) -> str:
    path = {"track": "recording/", "artist": "artist/"}.get(link.kind, "")
    return f"https://musicbrainz.org/{path}{link.id}"


SITE: Final = Site(
    MusicService.MUSICBRAINZ,
    HOSTS | LISTENBRAINZ_HOSTS,
    _parse,
    _address,
    markers=("musicbrainz.org", "listenbrainz.org"),
)
