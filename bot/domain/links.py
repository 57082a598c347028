"""Text in, Spotify links out. Pure: nothing is fetched, nothing raises, time grows with length."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

MOST_TRACKS: Final = 3
KINDS: Final = ("track", "album", "playlist", "artist", "episode", "show")
SHORT: Final = "short"

WEB_HOSTS: Final = frozenset({"open.spotify.com", "play.spotify.com"})
EMBED_HOST: Final = "embed.spotify.com"
SHORT_HOSTS: Final = frozenset({"spotify.link", "spoti.fi", "link.tospotify.com"})


@dataclass(frozen=True, slots=True)
class Link:
    """One link: `kind` is one of KINDS and `id` Spotify's; a short link's `id` is its address."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class LinksFound:
    """The distinct links of a text in the order in which they stand there.

    At most MOST_TRACKS tracks, and as many short links, which may turn out to be tracks.
    """

    links: tuple[Link, ...]

    @property
    def tracks(self) -> list[str]:
        """The tracks' ids."""
        return [link.id for link in self.links if link.kind == "track"]

    @property
    def short(self) -> list[str]:
        """The short links' addresses."""
        return [link.id for link in self.links if link.kind == SHORT]

    @property
    def others(self) -> list[Link]:
        """Links to what is no single track."""
        return [link for link in self.links if link.kind not in ("track", SHORT)]


MENTIONED: Final = ("spotify", "spoti.fi")
"""One of these stands in every link."""

LONGEST: Final = 2048
"""No link is longer, in characters."""

# Slack writes <address|label>; the label is no link of its own.
_LABELLED: Final = re.compile(r"<([^<>|\s]+)\|[^<>]*>")

# A word ends at anything outside ASCII and at what stands around links, never in them.
_WORD: Final = re.compile(r"[^\s<>()\[\]{}|\"'`*\\^,;\x00-\x20\x7f-\U0010ffff]+")
_SCHEME: Final = re.compile(r"(?:^|[^A-Za-z0-9+.-])(https?)$", re.IGNORECASE)

# What may stand between two addresses that have nothing to do with each other.
_APART: Final = re.compile(r"[\s<>\"\]|]")

# Without a scheme: only where no longer name, path or mail address runs into it.
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
    """Find the Spotify links of `text`."""
    seen: dict[Link, None] = {}
    counts = {"track": 0, SHORT: 0}
    for link in _links(_LABELLED.sub(r" \1 ", text)):
        if link in seen or counts.get(link.kind, 0) >= MOST_TRACKS:
            continue
        seen[link] = None
        if link.kind in counts:
            counts[link.kind] += 1
    return LinksFound(tuple(seen))


def parse(address: str) -> Link | None:
    """Read one web address or URI; None when it is no Spotify link."""
    return next(_links(address), None)


def _links(text: str) -> Iterator[Link]:
    if not _mentions(text):
        return
    end = 0
    foreign = False  # inside another site's address, whose path or query may hold what it likes
    for match in _WORD.finditer(text):
        word, gap, end = match[0], text[end : match.start()], match.end()
        foreign = foreign and not _APART.search(gap)
        if "://" not in word and not _mentions(word):
            continue
        glued = bool(gap) and gap[-1].isalnum()
        link = None if foreign else _from_word(word, glued=glued)
        foreign = foreign or ("://" in word and link is None)
        if link:
            yield link


def _mentions(text: str) -> bool:
    lower = text.lower()
    return any(name in lower for name in MENTIONED)


def _from_word(word: str, *, glued: bool) -> Link | None:
    """Read one word; `glued` says that another letter runs into it, one outside ASCII."""
    if not _mentions(word) or len(word.partition("?")[0]) > LONGEST:
        return None
    before, separator, address = word.partition("://")
    if separator:  # the first scheme rules: a link inside another address's query is not meant
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
    if parts[:1] == ["user"]:  # spotify:user:NAME:playlist:ID, as old clients wrote it
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
    if names[:1] == ["user"]:  # /user/NAME/playlist/ID, as old clients wrote it
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
