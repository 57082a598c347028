"""How the page is served: for this computer alone, or for everyone."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.domain.places import Place
from bot.platforms.web import forwarded
from bot.platforms.web.forwarded import Client, Network
from bot.platforms.web.ids import PLACE, PUBLIC_PLACE

PORTS: Final = {"http": 80, "https": 443}
"""Ports that may be left out of an address."""


@dataclass(frozen=True, slots=True)
class Site:
    """How the page is served.

    Attributes:
        host: Address that is bound.
        is_public: Whether strangers are served: limits for each address apply, and a visitor sees
            only what was answered to that visitor.
        url: Address of the page for visitors, such as `https://songs.example`, without a slash at
            its end; None if it is not set.
        proxies: Networks whose forwarded headers are believed.
    """

    host: str = "127.0.0.1"
    is_public: bool = False
    url: str | None = None
    proxies: tuple[Network, ...] = ()

    @property
    def place(self) -> Place:
        """The place of all cards of the page; a public page has another one than a local page."""
        return PUBLIC_PLACE if self.is_public else PLACE

    @property
    def hosts(self) -> frozenset[str]:
        """What browsers send as Host for `url`: its default port may be left out."""
        if self.url is None:
            return frozenset()
        parts = urlsplit(self.url)
        usual = PORTS[parts.scheme]
        if parts.port not in (None, usual):
            return frozenset({parts.netloc})
        return frozenset({parts.netloc, f"{parts.netloc}:{usual}"})

    @property
    def is_encrypted(self) -> bool:
        """Whether visitors come by https."""
        return self.url is not None and self.url.startswith("https:")


SITE: Final = web.AppKey("site", Site)
_CLIENT: Final = web.RequestKey("client", Client)


def client(request: web.Request) -> Client:
    """Return who asks, through trusted proxies if there are any."""
    found = request.get(_CLIENT)
    if found is None:
        trusted = request.app[SITE].proxies
        found = request[_CLIENT] = forwarded.read(request.remote or "", request.headers, trusted)
    return found


def origin(request: web.Request) -> str:
    """Return scheme and host under which the visitor reached the page, such as `http://localhost`.

    For absolute addresses in pages; the Host was accepted before.
    """
    asking = client(request)
    return request.app[SITE].url or f"{asking.scheme}://{asking.host}"


def client_address(request: web.Request) -> str:
    """Return the address of the visitor's computer, by which limits are counted."""
    return client(request).address
