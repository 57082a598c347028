"""What a music service's module tells about the addresses of its pages."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from bot.domain.links.link import Link
from bot.domain.music_services import MusicService

TRAILING: Final = ".:!?~_"
"""Characters that follow a link in a sentence or in Markdown."""

LOCALE: Final = re.compile(r"[a-z]{2}(?:-[a-z]{2})?", re.IGNORECASE)
NUMBER: Final = re.compile(r"[1-9][0-9]{0,18}")
UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """The address of a page.

    Attributes:
        host: In lower case, without the default port.
        path: As it is written.
        query: As it is written, without the question mark.
    """

    host: str
    path: str
    query: str = ""

    @property
    def names(self) -> list[str]:
        """The parts of the path, without what follows the link in the text."""
        return self.path.lstrip("/").rstrip(f"{TRAILING}/").split("/")

    def values(self, name: str) -> list[str]:
        """Return the values of a parameter of the query, decoded."""
        return parse_qs(self.query).get(name, [])


@dataclass(frozen=True, slots=True)
class Site:
    """A music service's addresses.

    Attributes:
        service: The service.
        hosts: Hosts of its pages.
        parse: Returns the link that an address at one of the hosts is, without links in its query.
        address: Returns the address of a link, which `parse` reads.
        markers: Every address contains one of them, in lower case.
        short_hosts: Hosts of its short links.
        parameters: Names of parameters that hold another link, the most specific first.
        subdomains_of: Domain whose subdomains are hosts, too.
    """

    service: MusicService
    hosts: frozenset[str]
    parse: Callable[[Page], Link | None]
    address: Callable[[Link], str]
    markers: tuple[str, ...]
    short_hosts: frozenset[str] = frozenset()
    parameters: tuple[str, ...] = ()
    subdomains_of: str | None = None
