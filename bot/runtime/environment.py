"""User-Agent and proxies of the requests to other services."""

from importlib.metadata import PackageNotFoundError, version
from urllib.request import getproxies_environment

from bot.domain.proxies import Proxies


def user_agent(contact: str | None) -> str:
    """Return the User-Agent as MetaBrainz wants it: `Soundslike/VERSION ( CONTACT )`.

    Without a contact MusicBrainz and ListenBrainz may refuse it.
    """
    try:
        agent = f"Soundslike/{version('soundslike')}"
    except PackageNotFoundError:  # a copy that is not installed
        agent = "Soundslike"
    return f"{agent} ( {contact} )" if contact else agent


def proxies() -> Proxies:
    """Return the proxies of HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, in either case."""
    return Proxies(getproxies_environment())
