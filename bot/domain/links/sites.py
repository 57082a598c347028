"""The music services whose links are found."""

from collections.abc import Mapping
from typing import Final

from bot.domain.links import (
    apple_music,
    bandcamp,
    deezer,
    musicbrainz,
    soundcloud,
    spotify,
    tidal,
    youtube,
)
from bot.domain.links.link import SHORT, Link
from bot.domain.links.site import Site
from bot.domain.music_services import MusicService
from bot.domain.tracks import SubjectRef

SITES: Final[Mapping[MusicService, Site]] = {
    module.SITE.service: module.SITE
    for module in (
        spotify,
        apple_music,
        deezer,
        youtube,
        tidal,
        soundcloud,
        bandcamp,
        musicbrainz,
    )
}

WEB_HOSTS: Final = spotify.WEB_HOSTS | deezer.WEB_HOSTS | soundcloud.WEB_HOSTS
"""Hosts of the pages to which short links lead."""

SHORT_HOSTS: Final = frozenset(host for site in SITES.values() for host in site.short_hosts)

LINK_MARKERS: Final = tuple(marker for site in SITES.values() for marker in site.markers)
"""Every link contains one of these, in any case."""

HOSTS: Final[Mapping[str, Site]] = {
    host: site for site in SITES.values() for host in site.hosts | site.short_hosts
}
SUBDOMAINS: Final[Mapping[str, Site]] = {
    site.subdomains_of: site for site in SITES.values() if site.subdomains_of
}
"""Domain to the service whose pages are at its subdomains."""


def site_of(host: str) -> Site | None:
    """Return the service with pages or short links at a host, given in lower case."""
    return HOSTS.get(host) or SUBDOMAINS.get(host.partition(".")[2])


def address(link: Link) -> str:
    """Return the canonical address of a link; parsing it gives the link."""
    return link.id if link.kind == SHORT else SITES[link.service].address(link)


def without_scheme(address: str) -> str:
    """Return an address as sentences name it."""
    return address.partition("://")[2]


def subject_address(subject: SubjectRef) -> str:
    """Return the address of the page of a track or a collection."""
    # YouTube itself has the pages of YouTube Music, too.
    return address(Link(subject.kind, subject.id, subject.service, certain=False))
