"""A page that is served to everyone, behind a proxy on this computer."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from ipaddress import ip_network
from typing import Final

from aiohttp import CookieJar
from aiohttp.test_utils import TestClient, TestServer

from bot.platforms.web import events, security
from bot.platforms.web.limits import LIMITS, Limits
from bot.platforms.web.site import Site
from bot.services.services import Services
from tests.unit.platforms.web.conftest import Client

HOST: Final = "songs.example"
URL: Final = f"https://{HOST}"
SITE: Final = Site(is_public=True, url=URL, proxies=(ip_network("127.0.0.0/8"),))

FROM_CHAT: Final = {
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}
"""What a browser sends when a person follows a link in a chat."""


def visit(number: int = 7, **headers: str) -> dict[str, str]:
    """Return the headers with which the proxy passes on the request of a visitor with a cookie."""
    return {
        "Host": HOST,
        "X-Forwarded-For": f"203.0.113.{number}",
        "X-Forwarded-Proto": "https",
        "Cookie": f"{security.COOKIE}={number:032x}",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }


@asynccontextmanager
async def serving(
    services: Services, site: Site = SITE, limits: Limits | None = None
) -> AsyncIterator[Client]:
    """Serve the page; yield a client that is the proxy."""
    app = events.build(services, site)
    if limits is not None:
        app[LIMITS] = limits
    server = TestServer(app)
    await server.start_server()
    # Visitors' browsers send the cookie to the proxy by https.
    jar = CookieJar(unsafe=True, treat_as_secure_origin=server.make_url("/").origin())
    async with TestClient(server, cookie_jar=jar) as client:
        yield client


async def status(client: Client, path: str, headers: Mapping[str, str]) -> int:
    async with client.get(path, headers=headers, allow_redirects=False) as response:
        return response.status
