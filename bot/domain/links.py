"""Finds Spotify links in text. Pure: fetches nothing, raises nothing, linear time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

MAX_TRACKS: Final = 3
KINDS: Final = ("track", "album", "playlist", "artist", "episode", "show")
SHORT: Final = "short"

WEB_HOSTS: Final = frozenset({"open.spotify.com", "play.spotify.com"})
EMBED_HOST: Final = "embed.spotify.com"
SHORT_HOSTS: Final = frozenset({"spotify.link", "spoti.fi", "link.tospotify.com"})


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a kind in KINDS with Spotify's id, or of kind SHORT with its address as id."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class LinksFound:
    """The distinct links of a text, in order of appearance.

    At most MAX_TRACKS track links and as many short links, which may lead to tracks.
    """

    links: tuple[Link, ...]

    @property
    def tracks(self) -> list[str]:
        """Ids of the tracks."""
        return [link.id for link in self.links if link.kind == "track"]

    @property
    def short(self) -> list[str]:
        """Addresses of the short links."""
        return [link.id for link in self.links if link.kind == SHORT]

    @property
    def others(self) -> list[Link]:
        """Links to anything but a single track."""
        return [link for link in self.links if link.kind not in ("track", SHORT)]


LINK_MARKERS: Final = ("spotify", "spoti.fi")
"""Every link contains one of these."""

MAX_LINK_LENGTH: Final = 2048
"""Characters; longer addresses are not parsed."""

# Slack writes <address|label>; the label is not a link.
_LABELLED: Final = re.compile(r"<([^<>|\s]+)\|[^<>]*>")

# Words end at non-ASCII characters and at characters that surround links but never occur in them.
_WORD: Final = re.compile(r"[^\s<>()\[\]{}|\"'`*\\^,;\x00-\x20\x7f-\U0010ffff]+")
_SCHEME: Final = re.compile(r"(?:^|[^A-Za-z0-9+.-])(https?)$", re.IGNORECASE)

# Separators between two independent addresses.
_APART: Final = re.compile(r"[\s<>\"\]|]")

# Links without a scheme, unless they are part of a longer name, path or e-mail address.
_BARE: Final = re.compile(
    r"(?<![\w./@%=&?#~+:-])(?:(?P<uri>spotify:.+)|(?P<address>(?:(?:open|play|embed)\.spotify\.com"
    r"|spotify\.link|spoti\.fi|link\.tospotify\.com)[/?].+))",
    re.IGNORECASE,
)
_ID: Final = re.compile(r"[0-9A-Za-z]{22}")
_LOCALE: Final = re.compile(r"intl-[a-z]{2,4}(?:-[a-z0-9]{2,4}){0,2}", re.IGNORECASE)
_SHORT_PATH: Final = re.compile(r"[0-9A-Za-z_-]{1,64}(?:/[0-9A-Za-z_-]{1,64})?")
_BEFORE_QUERY: Final = re.compile(r"[/?#]")
_TRAILING: Final = ".:!?~_"


def find(text: str) -> LinksFound:
    """Return the Spotify links in `text`."""
    seen: dict[Link, None] = {}
    counts = {"track": 0, SHORT: 0}
    for link in _links(_LABELLED.sub(r" \1 ", text)):
        if link in seen or counts.get(link.kind, 0) >= MAX_TRACKS:
            continue
        seen[link] = None
        if link.kind in counts:
            counts[link.kind] += 1
    return LinksFound(tuple(seen))


def parse(address: str) -> Link | None:
    """Parse one web address or URI; return None if it is not a Spotify link."""
    return next(_links(address), None)


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


def _from_word(word: str, *, glued: bool) -> Link | None:
    """Parse one word; `glued` means that a non-ASCII letter precedes it directly."""
    if not _may_contain_link(word) or len(word.partition("?")[0]) > MAX_LINK_LENGTH:
        return None
    before, separator, address = word.partition("://")
    if separator:  # the first scheme counts: a link in another address's query is ignored
        scheme = _SCHEME.search(before)
        return _from_address(address, scheme[1]) if scheme else None
    bare = _BARE.search(word)
    if bare is None or (glued and bare.start() == 0):
        return None
    if bare["uri"]:
        return _from_uri(bare["uri"])
    return _from_address(bare["address"], "https")


def _from_uri(uri: str) -> Link | None:
    _, *parts = _BEFORE_QUERY.split(uri, maxsplit=1)[0].rstrip(_TRAILING).split(":")
    if parts[:1] == ["user"]:  # spotify:user:NAME:playlist:ID, written by old clients
        parts = parts[2:]
    return _link(parts)


def _from_address(address: str, scheme: str) -> Link | None:
    parts = urlsplit(f"//{address}")
    host = parts.netloc.lower().removesuffix(":443" if scheme.lower() == "https" else ":80")
    path = parts.path.rstrip(_TRAILING).strip("/")
    if host in SHORT_HOSTS:
        return Link(SHORT, f"https://{host}/{path}") if _SHORT_PATH.fullmatch(path) else None
    if host == EMBED_HOST:
        return _from_query(parts.query)
    if host not in WEB_HOSTS:
        return None
    names = path.split("/")
    if _LOCALE.fullmatch(names[0]):
        names = names[1:]
    if names[:1] in (["embed"], ["embed-podcast"]):
        names = names[1:]
    if names[:1] == ["user"]:  # /user/NAME/playlist/ID, written by old clients
        names = names[2:]
    return _link(names)


def _from_query(query: str) -> Link | None:
    uri = parse_qs(query).get("uri", [""])[0]
    if uri.lower().startswith("spotify:"):
        return _from_uri(uri)
    scheme, separator, address = uri.partition("://")
    known_scheme = scheme.lower() in ("http", "https")
    if separator and known_scheme and not address.lower().startswith(EMBED_HOST):
        return _from_address(address, scheme)
    return None


def _link(parts: list[str]) -> Link | None:
    match parts:
        case [kind, name] if kind in KINDS and _ID.fullmatch(name):
            return Link(kind, name)
        case _:
            return None
