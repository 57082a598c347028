"""Which addresses that come from outside may be requested."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from yarl import URL  # as the HTTP client has it: what is checked is what is requested

_HOST: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class AllowedOrigins:
    """Origins that may be requested.

    Attributes:
        origins: Origins (scheme, host and port), as addresses; their paths do not count.
        domains: Domains with all their hosts, by HTTPS at its default port.
    """

    origins: Sequence[str] = ()
    domains: Sequence[str] = ()

    def address(self, text: object, base: URL | None = None) -> URL | None:
        """Return an address that may be requested; None for any other, and for what is none.

        An address with a user's name or password is not requested.

        Args:
            text: The address.
            base: Address that a relative one refers to; without it, such a one is not requested.
        """
        if not isinstance(text, str):
            return None
        try:
            url = URL(text) if base is None else base.join(URL(text))
            return url if self._are_of(url) else None
        except ValueError:
            return None

    def _are_of(self, url: URL) -> bool:
        if not url.absolute or url.raw_user is not None or url.raw_password is not None:
            return False
        if _origin(url) in [_origin(URL(origin)) for origin in self.origins]:
            return True
        host = url.raw_host or ""
        if (url.scheme, url.port) != ("https", 443) or not _HOST.fullmatch(host):
            return False
        return any(f".{host}".endswith(f".{domain}") for domain in self.domains)


def _origin(url: URL) -> tuple[str, str | None, int | None]:
    # Two `URL.origin()` differ if only one names the default port.
    return url.scheme, url.raw_host, url.port
