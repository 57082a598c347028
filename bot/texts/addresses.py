"""Addresses of the bot's own HTTP servers."""

from typing import Final

ALL_ADDRESSES: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
"""Hosts that stand for every address of the computer, to one that a browser on it can open."""


def bracketed(host: str) -> str:
    """Return a host as it is written in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def http_address(host: str, port: int, path: str = "") -> str:
    """Return the address of a server."""
    return f"http://{bracketed(host)}:{port}{path}"


def browser_address(host: str, port: int) -> str:
    """Return the address of a server that is bound to `host`, for a browser on this computer."""
    return http_address(ALL_ADDRESSES.get(host, host), port)
