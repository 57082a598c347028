"""Finds Spotify links in text. Pure: fetches nothing, raises nothing, linear time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from bot.domain.music_services import MusicService

MAX_TRACKS: Final = 3
KINDS: Final = ("track", "album", "playlist", "artist", "episode", "show")
SHORT: Final = "short"

WEB_HOSTS: Final = frozenset(
    {
        "open.spotify.com",
        "www.open.spotify.com",
        "play.spotify.com",
        "player.spotify.com",
        "embed.spotify.com",
        "xpui.app.spotify.com",  # the pages of the desktop app
    }
)
"""The hosts of the web player, now and formerly."""

SHORT_HOSTS: Final = frozenset(
    {"spotify.link", "spotify.app.link", "spoti.fi", "link.tospotify.com"}
)
SIGN_IN_HOST: Final = "accounts.spotify.com"  # its addresses name the page to open afterwards
ARTISTS_HOST: Final = "artists.spotify.com"
API_HOST: Final = "api.spotify.com"
CODE_HOSTS: Final = frozenset({"scannables.scdn.co", "www.spotifycodes.com"})
"""Addresses of the pictures called Spotify codes; they end in a URI."""

PARAMETERS: Final = (
    "highlight",  # the track that the page of an album or a playlist marks
    "uri",  # the same for the track that is playing; also the subject of a player
    "url",  # oEmbed
    "continue",  # the page after signing in
    "$full_url",  # these four: links that open the app
    "$canonical_url",
    "$deeplink_path",
    "$fallback_url",
)
"""Names of the parameters that hold another link, the most specific first."""

MAX_NESTING: Final = 2
"""A link in the query of a link in the query of a link is the deepest that is parsed."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a kind in KINDS with the service's id, or of kind SHORT with its address as id."""

    kind: str
    id: str
    service: MusicService = MusicService.SPOTIFY


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


def as_text(found: LinksFound) -> str:
    """Return a text that contains the same links as another one, and nothing else of it."""
    addresses = (
        link.id if link.kind == SHORT else f"https://open.spotify.com/{link.kind}/{link.id}"
        for link in found.links
    )
    return " ".join(addresses)


LINK_MARKERS: Final = ("spotify", "spoti.fi")
"""Every link contains one of these."""

MAX_LINK_LENGTH: Final = 2048
"""Characters; longer addresses are not parsed."""

# Slack writes <address|label>; the label is not a link.
_LABELLED: Final = re.compile(r"<([^<>|\s]+)\|[^<>]*>")

# Words end at non-ASCII characters and at characters that surround links but never occur in them.
_WORD: Final = re.compile(r"[^\s<>()\[\]{}|\"'`*\\^,;\x00-\x20\x7f-\U0010ffff]+")
_SCHEME: Final = re.compile(r"(?:^|[^A-Za-z0-9+.-])(https?|spotify)$", re.IGNORECASE)

# Separators between two independent addresses.
_APART: Final = re.compile(r"[\s<>\"\]|]")

_HOSTS: Final = WEB_HOSTS | SHORT_HOSTS | CODE_HOSTS | {SIGN_IN_HOST, ARTISTS_HOST, API_HOST}

# Links without a scheme, unless they are part of a longer name, path or e-mail address.
_BARE: Final = re.compile(
    r"(?<![\w./@%=&?#~+:-])(?:(?P<uri>spotify:.+)"
    rf"|(?P<address>(?:{'|'.join(map(re.escape, sorted(_HOSTS)))})[/?].+))",
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


def _from_word(word: str, *, glued: bool = False, nesting: int = 0) -> Link | None:
    """Parse one word; `glued` means that a non-ASCII letter precedes it directly."""
    if not _may_contain_link(word) or len(word.partition("?")[0]) > MAX_LINK_LENGTH:
        return None
    before, separator, address = word.partition("://")
    if separator:  # the first scheme counts: a link in another address's query is ignored
        scheme = _SCHEME.search(before)
        return _from_address(address, scheme[1].lower(), nesting) if scheme else None
    bare = _BARE.search(word)
    if bare is None or (glued and bare.start() == 0):
        return None
    if bare["uri"]:
        return _from_uri(bare["uri"], nesting)
    return _from_address(bare["address"], "https", nesting)


def _from_uri(uri: str, nesting: int) -> Link | None:
    path, _, query = uri.partition("?")
    _, *parts = _BEFORE_QUERY.split(path, maxsplit=1)[0].rstrip(_TRAILING).split(":")
    if parts[:1] == ["user"]:  # spotify:user:NAME:playlist:ID, written by old clients
        parts = parts[2:]
    if parts[2:] == ["play"]:  # spotify:track:ID:play, which starts the Android app
        parts = parts[:2]
    return _choose(_link(parts), query, nesting)


def _from_address(address: str, scheme: str, nesting: int) -> Link | None:
    if scheme == "spotify":
        return _from_app_address(address, nesting)
    parts = urlsplit(f"//{address}")
    host = parts.netloc.lower().removesuffix(":443" if scheme == "https" else ":80")
    if host not in _HOSTS:
        return None
    if host in CODE_HOSTS:
        return _nested(unquote(address).rpartition("/")[2], nesting)
    named = _from_path(host, parts.path.rstrip(_TRAILING).strip("/"))
    return _choose(named, parts.query, nesting)


def _from_app_address(address: str, nesting: int) -> Link | None:
    """Parse what follows `spotify://`: a URI, a web address, or its path alone."""
    if address.lower().startswith("spotify:"):
        return _from_uri(address, nesting)
    host = address.partition("/")[0].lower()
    path_alone = host not in WEB_HOSTS
    return _from_address(f"open.spotify.com/{address}" if path_alone else address, "https", nesting)


def _from_path(host: str, path: str) -> Link | None:
    if host in SHORT_HOSTS:
        return Link(SHORT, f"https://{host}/{path}") if _SHORT_PATH.fullmatch(path) else None
    names = path.split("/")
    if host in WEB_HOSTS:
        return _from_page(names)
    match names:
        case ["v1", "tracks", track] if host == API_HOST:
            return _link(["track", track])
        case ["c", "artist", _, "song", track, *_] if host == ARTISTS_HOST:
            return _link(["track", track])
        case _:
            return None


def _from_page(names: list[str]) -> Link | None:
    """Parse the path of a page of the web player."""
    if _LOCALE.fullmatch(names[0]):
        names = names[1:]
    if names[:1] in (["embed"], ["embed-podcast"]):
        names = names[1:]
    if names[:1] == ["user"]:  # /user/NAME/playlist/ID, written by old clients
        names = names[2:]
    return _link(names)


def _choose(named: Link | None, query: str, nesting: int) -> Link | None:
    """Choose between the link that a path names and the link in the query.

    The query is the more specific one if it names a track, as in the address of an album with one
    of its tracks highlighted. A track in the path is always meant.
    """
    if (named and named.kind == "track") or not _may_contain_link(query):
        return named
    values = parse_qs(query)
    found = (_nested(value, nesting) for name in PARAMETERS for value in values.get(name, ()))
    target = next(filter(None, found), None)
    if target and (named is None or named.kind == SHORT or target.kind == "track"):
        return target
    return named


def _nested(word: str, nesting: int) -> Link | None:
    """Parse a link that another link contains."""
    if nesting == MAX_NESTING or not _WORD.fullmatch(word):
        return None
    return _from_word(word, nesting=nesting + 1)


def _link(parts: list[str]) -> Link | None:
    match parts:
        case [kind, name] if kind in KINDS and _ID.fullmatch(name):
            return Link(kind, name)
        case _:
            return None
