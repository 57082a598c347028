"""Reads the settings of the web page for everyone: its address, and the proxies in front of it."""

import re
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network

LOOPBACK: Final[tuple[Network, ...]] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
"""Proxies on this computer."""

DEFAULT_PORTS: Final = {"http": 80, "https": 443}
MAX_HOST_LENGTH: Final = 253
"""Characters of a name (RFC 1035, section 2.3.4)."""

_PORT: Final = re.compile(r":([0-9]{1,5})$", re.ASCII)
_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


def site_address(text: str) -> str:
    """Return the address of a site as browsers write its origin; raise ValueError if it is none.

    It has a scheme and a host, and a port unless it is the scheme's usual one: neither user, path,
    query nor fragment. A slash at its end is left out, and letters that are not ASCII are encoded.
    """
    text = text.removesuffix("/")
    parts = urlsplit(text)
    # urlsplit drops line breaks and tabs.
    if parts.scheme not in DEFAULT_PORTS or parts.netloc != text[len(parts.scheme) + 3 :]:
        raise ValueError("not an origin")
    host, port = _host(parts.netloc), parts.port
    is_usual = port in (None, DEFAULT_PORTS[parts.scheme])
    return f"{parts.scheme}://{host}" + ("" if is_usual else f":{port}")


def networks(value: object) -> object:
    """Split a list of addresses and networks with commas between; raise ValueError.

    IPv4 networks that are mapped to IPv6 become IPv4.
    """
    if not isinstance(value, str):
        return value
    return tuple(_network(part.strip()) for part in value.split(",") if part.strip())


def _network(text: str) -> Network:
    network = ip_network(text)
    mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    return IPv4Network((mapped, network.prefixlen - 96)) if mapped else network


def _host(netloc: str) -> str:
    """Return the host of an address, encoded; raise ValueError if it is none."""
    name, port = netloc, ""
    if found := _PORT.search(netloc):
        name, port = netloc[: found.start()], found[1]
    if netloc.endswith(":") or (port and port.lstrip("0") != port):
        raise ValueError("not a port")
    if name.startswith("[") and name.endswith("]") and "%" not in name:
        return f"[{IPv6Address(name[1:-1])}]"
    host = name.lower() if name.isascii() else name.encode("idna").decode("ascii")
    if not _NAME.fullmatch(host) or len(host) > MAX_HOST_LENGTH:
        raise ValueError("not a host")
    if re.fullmatch(r"[0-9.]+", host):
        ip_address(host)
    return host
