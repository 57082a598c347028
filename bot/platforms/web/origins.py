"""Rejects requests of other sites' pages, and under other names.

Every page in a visitor's browser can send requests to the server. A request is rejected if its Host
is not one of ours (DNS rebinding), or if the browser reports another origin. Requests without these
headers do not come from a browser. Ours are, with any port, as a container may have another one:
the loopback names, the host that is bound, and the numeric address that was connected to, as no DNS
name can have its form. A page for everyone has the host and port of PUBLIC_URL besides.

Links on other sites may lead to pages. Of a page for everyone, other sites may also show what is
made to be embedded, which is the same for all visitors.
"""

import re
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from bot.platforms.web import site as site_module
from bot.platforms.web.parsing import RequestRejected
from bot.platforms.web.site import SITE, Site
from bot.texts import public_page, web_page
from bot.texts.addresses import bracketed, http_address

LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")

LINKED: Final = re.compile(r"/(?:song/.+|search|compare|whatif)?")
"""Paths of pages to which links may lead."""

EMBEDDED: Final = re.compile(r"/song/[^/]+(?:\.json|/card\.png)|/oembed|/compare/chart\.png")
"""Paths of what other sites may show."""

ANY_HOST: Final = frozenset({"/healthz"})
"""Paths that platforms ask for under names of their own; of a page for everyone."""

SAFE_METHODS: Final = frozenset({"GET", "HEAD"})
OWN: Final = frozenset({None, "same-origin", "none"})
"""Values of Sec-Fetch-Site for requests of the own pages, and of none."""

_PORT: Final = re.compile(r":\d{1,5}$", re.ASCII)


def reject_others(site: Site) -> Middleware:
    """Return the middleware that rejects requests of others."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not _is_ours(request, site):
            raise _foreign_host(request, site)
        if _is_foreign(request, site):
            raise _foreign_site(request, site)
        return await handler(request)

    return middleware


def is_embedded(request: web.Request) -> bool:
    """Return whether other sites may show what a request asks for."""
    return (
        request.app[SITE].is_public
        and request.method in SAFE_METHODS
        and EMBEDDED.fullmatch(request.path) is not None
    )


def _is_ours(request: web.Request, site: Site) -> bool:
    """Return whether the request is for a host of ours, also by what a proxy says."""
    if site.is_public and request.path in ANY_HOST:
        return True
    # A page of another site can send X-Forwarded-Host, so it does not replace Host.
    hosts = {request.headers.get(hdrs.HOST, ""), site_module.client(request).host}
    return all(accepts(host.lower(), request, site) for host in hosts)


def accepts(host: str, request: web.Request, site: Site) -> bool:
    """Return whether the page answers under a host, which may have a port."""
    return host in site.hosts or _is_local(host, request, site)


def _is_local(host: str, request: web.Request, site: Site) -> bool:
    names = (*LOOPBACK, bracketed(site.host), bracketed(_connected(request)[0]))
    return _PORT.sub("", host) in names


def _connected(request: web.Request) -> tuple[str, int]:
    """Return the address and port that the client connected to."""
    if request.transport is None:
        return ("", 0)
    address, port, *_ = request.transport.get_extra_info("sockname")
    return address, port


def _is_foreign(request: web.Request, site: Site) -> bool:
    """Return whether a page of another site sent the request, and may not."""
    if is_embedded(request):
        return False
    opens_page = (
        request.method in SAFE_METHODS
        and LINKED.fullmatch(request.path) is not None
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
        and request.headers.get("Sec-Fetch-Dest") == "document"
    )
    if request.headers.get("Sec-Fetch-Site") not in OWN and not opens_page:
        return True
    origin = request.headers.get(hdrs.ORIGIN)
    return origin is not None and origin not in _own_origins(request, site)


def _own_origins(request: web.Request, site: Site) -> set[str | None]:
    """Return the origins of the page as it was reached: under its name, only PUBLIC_URL."""
    client = site_module.client(request)
    host = client.host.lower()
    if not site.is_public:
        return {f"http://{host}"}
    reached = None if host in site.hosts else f"{client.scheme}://{host}"
    return {site.url, reached} - {None}


def _foreign_host(request: web.Request, site: Site) -> RequestRejected:
    if not site.is_public:
        return _foreign_site(request, site)
    status, code = HTTPStatus.MISDIRECTED_REQUEST, "foreign_host"
    return RequestRejected(status, code, public_page.FOREIGN_HOST)


def _foreign_site(request: web.Request, site: Site) -> RequestRejected:
    local = http_address(LOOPBACK[0], _connected(request)[1])
    sentence = public_page.FOREIGN_SITE if site.is_public else web_page.FOREIGN_ORIGIN
    text = sentence.format(address=site.url or local)
    return RequestRejected(HTTPStatus.FORBIDDEN, "foreign_origin", text)
