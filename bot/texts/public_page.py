"""Texts about the web page for everyone: for its operator, and sentences for its visitors."""

from collections.abc import Collection, Mapping
from math import ceil
from typing import Final

SETTING_PROBLEMS: Final[Mapping[str, str]] = {
    "PUBLIC_URL": "must be the address that visitors open, such as https://songs.example: http or "
    "https and a host, with a port if it is not the usual one, and nothing behind it",
    "TRUSTED_PROXIES": "must be addresses or networks of proxies with commas between, such as "
    "127.0.0.1, 10.0.0.0/8",
}
"""What the settings of the page for everyone must be."""

NEEDS_WEB: Final = (
    "--public opens the web page to everyone, and the page is not among the platforms that would "
    "run. Add --platform web, or leave --public out"
)
NO_URL: Final = (
    "PUBLIC_URL is not set: the page answers under localhost and this computer's numeric addresses "
    "alone. Links to songs and their pictures need PUBLIC_URL, the address that visitors open"
)
EVERYONE_TRUSTED: Final = (
    "TRUSTED_PROXIES contains every address: anyone can pretend to be anyone, and gets past the "
    "limits. Name the networks of your proxies alone"
)


def unknown_proxy(address: str) -> str:
    """Return the log line about a proxy whose forwarded headers are not believed."""
    return (
        f"{address} sends forwarded headers and is not in TRUSTED_PROXIES: all visitors behind it "
        "count as one in the limits. If it is your proxy, add its network"
    )


FOREIGN_HOST: Final = (
    "This page does not answer under that name. If you run it: set PUBLIC_URL to the address that "
    "visitors open, and let the proxy pass on the Host."
)
FOREIGN_SITE: Final = "This page only takes that from its own pages. Open it at {address}."

BUSY: Final = "Many people ask me at the moment. Please try again in a few seconds."
TOO_FAST: Final = "That was a lot at once."
"""Without the time to wait, as in the log."""


def ready(address: str, url: str | None) -> str:
    """Return the line that says where the page for everyone is; `url` is PUBLIC_URL."""
    return f"Web: {address}, open to everyone{f' at {url}' if url else ''}"


def served(url: str, proxies: Collection[object], *, is_public: bool) -> str:
    """Return where the page for everyone is, and which proxies' headers are believed.

    Args:
        url: PUBLIC_URL.
        proxies: TRUSTED_PROXIES.
        is_public: Whether PUBLIC is set; else the page is for everyone with --public alone.
    """
    names = ", ".join(map(str, proxies)) or "no address"
    how = "open to everyone" if is_public else "with --public, open to everyone"
    return f"{how} at {url}; forwarded headers are believed from {names}"


def too_fast(seconds: float) -> str:
    """Return that an address asked too often, and when it may ask again."""
    wait = max(1, ceil(seconds))
    return f"{TOO_FAST} Please try again in {wait} {'second' if wait == 1 else 'seconds'}."
