"""How the page is served: for this computer alone, or for everyone."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from aiohttp import web

from bot.domain.places import Place
from bot.platforms.web.ids import PLACE, PUBLIC_PLACE

Network = IPv4Network | IPv6Network


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


SITE: Final = web.AppKey("site", Site)


def origin(request: web.Request) -> str:
    """Return scheme and host under which the visitor reached the page, such as `http://localhost`.

    For absolute addresses in pages; the Host was accepted before.
    """
    return request.app[SITE].url or f"http://{request.host}"


def client_address(request: web.Request) -> str:
    """Return the address of the visitor's computer, by which limits are counted."""
    return request.remote or ""
