"""Addresses of the bot's own HTTP servers."""

from typing import Final

ALL_ADDRESSES: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
"""Hosts that stand for every address of the computer, to one that a browser on it can open."""


OPEN_THE_PAGE: Final = "Open it in a browser: Enter asks for a first song. Ctrl+C here ends it."


def bracketed(host: str) -> str:
    """Return a host as it is written in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def http_address(host: str, port: int, path: str = "") -> str:
    """Return the address of a server."""
    return f"http://{bracketed(host)}:{port}{path}"


def browser_address(host: str, port: int) -> str:
    """Return the address of a server that is bound to `host`, for a browser on this computer."""
    return http_address(ALL_ADDRESSES.get(host, host), port)


def what_to_do(ready: str) -> str:
    """Return what to do next at the line of a platform that is ready; empty if it is not the page.

    For a person at the terminal.
    """
    return OPEN_THE_PAGE if ready.startswith("Web: http") else ""
