"""HTTP proxies that the operator's network demands."""

from collections.abc import Mapping
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # not in typeshed

from model.addresses import is_loopback


class Proxies:
    """Proxies by scheme, with the hosts that are reached without one.

    Args:
        addresses: Proxy by scheme ("http", "https", "all"), and under "no" the hosts without one,
            as `urllib.request.getproxies_environment` returns them.
    """

    def __init__(self, addresses: Mapping[str, str] | None = None) -> None:
        self._addresses = dict(addresses or {})

    def __repr__(self) -> str:
        """Return the schemes; the addresses may contain passwords."""
        return f"Proxies({sorted(self._addresses)})"

    @property
    def addresses(self) -> list[str]:
        """Addresses of the proxies."""
        return [address for scheme, address in self._addresses.items() if scheme != "no"]

    def of(self, url: str) -> str | None:
        """Return the proxy for an address; None if there is none, and always on loopback."""
        try:
            parts = urlsplit(url)
            place = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""
        except ValueError:  # no address; sending a request to it fails with a typed error
            return None
        secure = parts.scheme in ("https", "wss")
        found = self._addresses.get("https" if secure else "http") or self._addresses.get("all")
        if not found or is_loopback(parts.hostname or ""):
            return None
        if proxy_bypass_environment(place, self._addresses):
            return None
        return found if "://" in found else f"http://{found}"


NO_PROXIES = Proxies()
"""Every host is reached directly."""
