"""Finds the links of a text. Pure: fetches nothing, raises nothing, linear time."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qs, urlsplit

from bot.domain.links import spotify
from bot.domain.links.link import MAX_TRACKS, SHORT, Link, LinksFound
from bot.domain.links.site import TRAILING, Page, Site
from bot.domain.links.sites import HOSTS, LINK_MARKERS, SUBDOMAINS, address, site_of

MAX_NESTING: Final = 2
"""A link in the query of a link in the query of a link is the deepest that is parsed."""

MAX_LINK_LENGTH: Final = 2048
"""Characters; longer addresses are not parsed."""

# Slack writes <address|label>; the label is not a link.
_LABELLED: Final = re.compile(r"<([^<>|\s]+)\|[^<>]*>")

# Words end at non-ASCII characters and at characters that surround links but never occur in them.
_WORD: Final = re.compile(r"[^\s<>()\[\]{}|\"'`*\\^,;\x00-\x20\x7f-\U0010ffff]+")
_SCHEME: Final = re.compile(r"(?:^|[^A-Za-z0-9+.-])(https?|spotify)$", re.IGNORECASE)

# Separators between two independent addresses.
_APART: Final = re.compile(r"[\s<>\"\]|]")

# Links without a scheme, unless they are part of a longer name, path or e-mail address.
_HOST: Final = "|".join(
    (
        *map(re.escape, sorted(HOSTS)),
        *(rf"[a-z0-9-]{{1,63}}\.{re.escape(domain)}" for domain in SUBDOMAINS),
    )
)
_BARE: Final = re.compile(
    rf"(?<![\w./@%=&?#~+:-])(?:(?P<uri>spotify:.+)|(?P<address>(?:{_HOST})[/?].+))", re.IGNORECASE
)
_SHORT_PATH: Final = re.compile(r"[0-9A-Za-z_-]{1,64}(?:/[0-9A-Za-z_-]{1,64})?")
_BEFORE_QUERY: Final = re.compile(r"[/?#]")


def find(text: str) -> LinksFound:
    """Return the links in `text`."""
    seen: dict[Link, Link] = {}
    for link in _links(_LABELLED.sub(r" \1 ", text)):
        if link not in seen or link.certain:  # the same may be certain in one of its forms
            seen[link] = link
    return LinksFound(tuple(_first(list(seen.values()))))


def parse(text: str) -> Link | None:
    """Parse one web address or URI; return None if it is not a link."""
    return next(_links(text), None)


def as_text(found: LinksFound) -> str:
    """Return a text that contains the same links as another one, and nothing else of it."""
    return " ".join(map(address, found.links))


def _first(links: list[Link]) -> Iterator[Link]:
    """Return the links without those past the limits."""
    tracks = [link for link in links if link.kind == "track"]
    kept = set(sorted(tracks, key=lambda link: not link.certain)[:MAX_TRACKS])
    kept |= set([link for link in links if link.kind == SHORT][:MAX_TRACKS])
    return (link for link in links if link.kind not in ("track", SHORT) or link in kept)


def _links(text: str) -> Iterator[Link]:
    if not _may_contain_link(text):
        return
    end = 0
    foreign = False  # inside another site's address, whose path or query may contain anything
    for match in _WORD.finditer(text):
        word, gap, end = match[0], text[end : match.start()], match.end()
        foreign = foreign and not _APART.search(gap)
        if "://" not in word and not _may_contain_link(word):
            continue
        glued = bool(gap) and gap[-1].isalnum()
        link = None if foreign else _from_word(word, glued=glued)
        foreign = foreign or ("://" in word and link is None)
        if link:
            yield link


def _may_contain_link(text: str) -> bool:
    lower = text.lower()
    return any(name in lower for name in LINK_MARKERS)


def _from_word(word: str, *, glued: bool = False, nesting: int = 0) -> Link | None:
    """Parse one word; `glued` means that a non-ASCII letter precedes it directly."""
    if not _may_contain_link(word) or len(word.partition("?")[0]) > MAX_LINK_LENGTH:
        return None
    before, separator, rest = word.partition("://")
    if separator:  # the first scheme counts: a link in another address's query is ignored
        scheme = _SCHEME.search(before)
        return _from_address(rest, scheme[1].lower(), nesting) if scheme else None
    bare = _BARE.search(word)
    if bare is None or (glued and bare.start() == 0):
        return None
    if bare["uri"]:
        return _from_uri(bare["uri"], nesting)
    return _from_address(bare["address"], "https", nesting)


def _from_uri(uri: str, nesting: int) -> Link | None:
    path, _, query = uri.partition("?")
    _, *parts = _BEFORE_QUERY.split(path, maxsplit=1)[0].rstrip(TRAILING).split(":")
    return _choose(spotify.parse_uri(parts), spotify.SITE, query, nesting)


def _from_address(rest: str, scheme: str, nesting: int) -> Link | None:
    """Parse what follows the scheme of an address."""
    if scheme == "spotify":
        return _from_app_address(rest, nesting)
    parts = urlsplit(f"//{rest}")
    host = parts.netloc.lower().removesuffix(":443" if scheme == "https" else ":80")
    site = site_of(host)
    if site is None:
        return None
    page = Page(host, parts.path, parts.query)
    if host in spotify.CODE_HOSTS:
        return _nested(spotify.code_uri(page), site, nesting)
    named = _short(page, site) if host in site.short_hosts else site.parse(page)
    return _choose(named, site, parts.query, nesting)


def _from_app_address(rest: str, nesting: int) -> Link | None:
    """Parse what follows `spotify://`: a URI, a web address, or its path alone."""
    if rest.lower().startswith("spotify:"):
        return _from_uri(rest, nesting)
    host = rest.partition("/")[0].lower()
    path_alone = host not in spotify.WEB_HOSTS
    return _from_address(f"open.spotify.com/{rest}" if path_alone else rest, "https", nesting)


def _short(page: Page, site: Site) -> Link | None:
    path = "/".join(page.names)
    valid = _SHORT_PATH.fullmatch(path)
    return Link(SHORT, f"https://{page.host}/{path}", site.service) if valid else None


def _choose(named: Link | None, site: Site, query: str, nesting: int) -> Link | None:
    """Choose between the link that a path names and the link in the query.

    The query is the more specific one if it names a track, as in the address of an album with one
    of its tracks highlighted. A track in the path is always meant.
    """
    if (named and named.kind == "track") or not (site.parameters and _may_contain_link(query)):
        return named
    values = parse_qs(query)
    found = (
        _nested(value, site, nesting) for name in site.parameters for value in values.get(name, ())
    )
    target = next(filter(None, found), None)
    if target and (named is None or named.kind == SHORT or target.kind == "track"):
        return target
    return named


def _nested(word: str, site: Site, nesting: int) -> Link | None:
    """Parse a link of the same service that another link contains."""
    if nesting == MAX_NESTING or not _WORD.fullmatch(word):
        return None
    link = _from_word(word, nesting=nesting + 1)
    return link if link and link.service is site.service else None
