"""Bandcamp's addresses. Ids are `ARTIST/NAME`, those of artists `ARTIST`.

Pages under an artist's own domain look like any other page, so they are not found.
"""

import re
from typing import Final

from bot.domain.links.link import Link
from bot.domain.links.site import Page, Site
from bot.domain.music_services import MusicService

DOMAIN: Final = "bandcamp.com"
NO_ARTISTS: Final = frozenset(
    {"api", "blog", "bandcamp", "daily", "get", "help", "m", "media", "status", "www"}
)
"""Subdomains that are no artists."""

_ARTIST: Final = re.compile(r"[0-9a-z](?:[0-9a-z-]{0,61}[0-9a-z])?")
_NAME: Final = re.compile(r"[0-9A-Za-z-]{1,255}")


def _parse(page: Page) -> Link | None:
    artist = page.host.removesuffix(f".{DOMAIN}")
    if artist in NO_ARTISTS or not _ARTIST.fullmatch(artist):
        return None
    match page.names:
        case ["track" | "album" as kind, name] if _NAME.fullmatch(name):
            return Link(kind, f"{artist}/{name}", MusicService.BANDCAMP)
        case [""] | ["music"]:
            return Link("artist", artist, MusicService.BANDCAMP)
        case _:
            return None


def _address(link: Link) -> str:
    artist, _, name = link.id.partition("/")
    path = f"{link.kind}/{name}" if name else "music"
    return f"https://{artist}.{DOMAIN}/{path}"


SITE: Final = Site(
    MusicService.BANDCAMP,
    frozenset(),
    _parse,
    _address,
    markers=(f".{DOMAIN}",),
    subdomains_of=DOMAIN,
)
