"""Finds links to music services in text. Each service's addresses are in its module."""

from bot.domain.links.finding import MAX_LINK_LENGTH, MAX_NESTING, as_text, find, parse
from bot.domain.links.link import KINDS, MAX_TRACKS, SHORT, Link, LinksFound
from bot.domain.links.sites import (
    LINK_MARKERS,
    SHORT_HOSTS,
    SITES,
    WEB_HOSTS,
    address,
    subject_address,
    without_scheme,
)

__all__ = [
    "KINDS",
    "LINK_MARKERS",
    "MAX_LINK_LENGTH",
    "MAX_NESTING",
    "MAX_TRACKS",
    "SHORT",
    "SHORT_HOSTS",
    "SITES",
    "WEB_HOSTS",
    "Link",
    "LinksFound",
    "address",
    "as_text",
    "find",
    "parse",
    "subject_address",
    "without_scheme",
]
