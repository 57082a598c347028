"""Tidal's addresses. Ids are numbers, those of playlists UUIDs."""

from typing import Final

from bot.domain.links.link import Link
from bot.domain.links.site import NUMBER, UUID, Page, Site
from bot.domain.music_services import MusicService

HOSTS: Final = frozenset(
    {
        "tidal.com",
        "www.tidal.com",
        "listen.tidal.com",
        "store.tidal.com",
        "embed.tidal.com",
    }
)
KINDS: Final = ("track", "album", "playlist", "artist")


def _parse(page: Page) -> Link | None:
    names = page.names
    if names[0] == "browse" or len(names[0]) == len("us"):  # the shop's addresses name a country
        names = names[1:]
    if names[-1:] == ["u"]:  # /track/ID/u opens the page in every country
        names = names[:-1]
    match names:
        case ["album", _, "track", number]:
            return _link("track", number)
        case [kind, number]:
            return _link(kind.removesuffix("s") if page.host == "embed.tidal.com" else kind, number)
        case _:
            return None


def _link(kind: str, name: str) -> Link | None:
    form = UUID if kind == "playlist" else NUMBER
    if kind not in KINDS or not form.fullmatch(name):
        return None
    return Link(kind, name.lower(), MusicService.TIDAL)


def _address(link: Link) -> str:
    return f"https://tidal.com/{link.kind}/{link.id}"


SITE: Final = Site(MusicService.TIDAL, HOSTS, _parse, _address, markers=("tidal.com",))
