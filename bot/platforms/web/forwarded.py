"""Who asks through a proxy: X-Forwarded-For, -Proto and -Host, and Forwarded (RFC 7239).

Clients can send these headers, too, and a proxy appends to what it received. So they count only if
the peer of the connection is a trusted proxy, and are read from the right: what a trusted proxy
appended is the address of its own peer, which is the client or another trusted proxy.

Own code: aiohttp-remotes believes the first address, which the client may have written, or needs to
know the address of each proxy in the chain; it refuses headers in several lines.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from aiohttp import hdrs
from multidict import MultiMapping

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

FOR: Final = "X-Forwarded-For"
PROTO: Final = "X-Forwarded-Proto"
HOST: Final = "X-Forwarded-Host"

MAX_HOPS: Final = 16
"""Proxies that are walked past; what is further to the left is not read."""

MAX_ADDRESS_LENGTH: Final = 60
"""Characters of an IPv6 address in brackets with its port, and some."""

SCHEMES: Final = ("http", "https")

_PORT: Final = re.compile(r":[0-9]{1,5}")
# RFC 7239, section 4. An unquoted value may have the characters of addresses, as some proxies send.
_PAIR: Final = re.compile(
    r"""[ \t]*(?:([\w!#$%&'*+.^`|~-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]+)))?[ \t]*([;,]|$)""",
    re.ASCII,
)
_ESCAPED: Final = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks.

    Attributes:
        address: Address of the client's computer, without a port; as the socket says if it is none.
        scheme: `http` or `https`, as the client connected.
        host: Host that the client asked for; it may be any text.
    """

    address: str
    scheme: str
    host: str


@dataclass(frozen=True, slots=True)
class _Hop:
    """What a proxy says of its peer."""

    address: Address | None
    scheme: str = ""
    host: str = ""


def read(peer: str, headers: MultiMapping[str], trusted: Sequence[Network]) -> Client:
    """Return who asks.

    Where X-Forwarded-For and Forwarded name different clients, one of them is the client's own, and
    the peer stands for the client.

    Args:
        peer: Address of the connection's other end.
        headers: Headers of the request.
        trusted: Networks of the proxies whose headers are believed.
    """
    direct = Client(peer, SCHEMES[0], headers.get(hdrs.HOST, ""))
    address = parse_address(peer)
    if address is None:
        return direct
    direct = Client(str(address), direct.scheme, direct.host)
    if not is_trusted(address, trusted):
        return direct
    found = [_walk(hops, direct, trusted) for hops in _said(headers)]
    if not found:
        return direct
    is_one = len({client.address for client in found}) == 1
    return found[0] if is_one else Client(direct.address, found[0].scheme, found[0].host)


def is_trusted(address: Address, trusted: Iterable[Network]) -> bool:
    """Return whether an address is in one of the networks."""
    return any(address in network for network in trusted)


def parse_address(text: str) -> Address | None:
    """Return an address, with or without a port; None for what is none.

    An IPv4 address that is mapped to IPv6 is returned as IPv4, and a zone is left out.
    """
    text = text.strip()
    if len(text) > MAX_ADDRESS_LENGTH:
        return None
    port = ""
    if text.startswith("["):
        text, _, port = text[1:].partition("]")
    elif text.count(":") == 1:
        text, _, port = text.partition(":")
        port = f":{port}"
    if port and not _PORT.fullmatch(port):
        return None
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or IPv6Address(int(address))
    return address


def _walk(hops: Sequence[_Hop], direct: Client, trusted: Sequence[Network]) -> Client:
    """Return the client that the hops, in the order of the headers, lead to."""
    address, last = direct.address, hops[-1]
    for hop in reversed(hops):
        if hop.address is None:  # not an address: the client is not known beyond this proxy
            break
        address, last = str(hop.address), hop
        if not is_trusted(hop.address, trusted):
            break
    scheme = last.scheme.lower()
    return Client(address, scheme if scheme in SCHEMES else direct.scheme, last.host or direct.host)


def _said(headers: MultiMapping[str]) -> list[list[_Hop]]:
    """Return the hops of each of the two kinds of headers that names any."""
    forwarded = _forwarded(headers)
    # Some proxies send Forwarded, and X-Forwarded-Proto without X-Forwarded-For.
    others = _x_forwarded(headers) if FOR in headers or not forwarded else []
    return [hops for hops in (others, forwarded) if hops]


def _x_forwarded(headers: MultiMapping[str]) -> list[_Hop]:
    addresses, schemes, hosts = (_values(headers, name) for name in (FOR, PROTO, HOST))
    count = len(addresses) or (1 if schemes or hosts else 0)
    # Most proxies set one scheme and host and append addresses: then the last ones are meant.
    return [
        _Hop(
            parse_address(addresses[number]) if addresses else None,
            _of_hop(schemes, number, count),
            _of_hop(hosts, number, count),
        )
        for number in range(count)
    ]


def _values(headers: MultiMapping[str], name: str) -> list[str]:
    """Return the last values of all lines of a header."""
    lines = ",".join(headers.getall(name, []))
    return [value.strip() for value in lines.rsplit(",", MAX_HOPS)[-MAX_HOPS:]] if lines else []


def _of_hop(values: Sequence[str], number: int, count: int) -> str:
    if len(values) == count:
        return values[number]
    return values[-1] if values else ""


def _forwarded(headers: MultiMapping[str]) -> list[_Hop]:
    """Return the hops of Forwarded; none to the left of a line that is malformed.

    In such a line, a quote that the client opened could contain what the proxy appended.
    """
    hops: list[_Hop] = []
    for line in reversed(headers.getall(hdrs.FORWARDED, [])):
        elements = _elements(line)
        if elements is None:
            # A hop without an address, so that nothing beyond it is believed.
            hops.insert(0, _Hop(None))
            break
        hops[:0] = _hops(elements)
    return hops[-MAX_HOPS:]


def _hops(elements: Iterable[Mapping[str, str]]) -> list[_Hop]:
    return [
        _Hop(parse_address(one.get("for", "")), one.get("proto", ""), one.get("host", ""))
        for one in elements
    ]


def _elements(line: str) -> list[dict[str, str]] | None:
    """Return the elements of a line of Forwarded; None if it is malformed.

    Own code, as aiohttp's `forwarded` skips what is malformed.
    """
    elements: list[dict[str, str]] = [{}]
    position = 0
    while position < len(line):
        found = _PAIR.match(line, position)
        if found is None:
            return None
        name, quoted, plain, separator = found.groups()
        if name:
            elements[-1][name.lower()] = _ESCAPED.sub(r"\1", quoted) if plain is None else plain
        if separator == ",":
            elements.append({})
        position = found.end()
    return elements
