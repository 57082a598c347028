"""Deezer's addresses. Ids are numbers."""

from typing import Final

from bot.domain.links.link import KINDS, Link
from bot.domain.links.site import LOCALE, NUMBER, Page, Site
from bot.domain.music_services import MusicService

WEB_HOSTS: Final = frozenset({"www.deezer.com", "deezer.com", "m.deezer.com"})
HOSTS: Final = WEB_HOSTS | {"widget.deezer.com", "api.deezer.com"}
SHORT_HOSTS: Final = frozenset({"link.deezer.com", "deezer.page.link", "dzr.page.link"})
PARAMETERS: Final = ("dest",)
"""A short link may redirect to an address that names its target so."""


def _parse(page: Page) -> Link | None:
    match page.names:
        case [locale, kind, number] if LOCALE.fullmatch(locale):
            return _link(kind, number)
        case ["widget", _, kind, number, *_] if page.host == "widget.deezer.com":
            return _link(kind, number)
        case [kind, number]:
            return _link(kind, number)
        case _:
            return None


def _link(kind: str, number: str) -> Link | None:
    valid = kind in KINDS and NUMBER.fullmatch(number)
    return Link(kind, number, MusicService.DEEZER) if valid else None


def _address(link: Link) -> str:
    return f"https://www.deezer.com/{link.kind}/{link.id}"


SITE: Final = Site(
    MusicService.DEEZER,
    HOSTS,
    _parse,
    _address,
    markers=("deezer", "dzr.page.link"),
    short_hosts=SHORT_HOSTS,
    parameters=PARAMETERS,
)
