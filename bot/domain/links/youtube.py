"""Addresses of YouTube and YouTube Music.

Ids of tracks are those of their videos, 11 characters. Ids of albums and playlists are those of
lists (`OLAK5uy_...` is an album) or of an album's page (`MPREb_...`), ids of artists those of
channels. A link is certain if its host is YouTube Music's, or if it is an album. Channels at other
hosts are no links, as few of them are artists.
"""

import re
from typing import Final

from bot.domain.links.link import Link
from bot.domain.links.site import Page, Site
from bot.domain.music_services import MusicService

MUSIC_HOST: Final = "music.youtube.com"
SHORT_HOST: Final = "youtu.be"
CONSENT_HOST: Final = "consent.youtube.com"  # its addresses name the page to open afterwards
HOSTS: Final = frozenset(
    {
        "www.youtube.com",
        "youtube.com",
        "m.youtube.com",
        MUSIC_HOST,
        SHORT_HOST,
        "www.youtu.be",
        "www.youtube-nocookie.com",
        "youtube-nocookie.com",
        CONSENT_HOST,
    }
)
PARAMETERS: Final = ("url", "continue")  # oEmbed, and the page after consent

PLAYERS: Final = frozenset({"watch", "embed", "shorts", "live", "v", "e"})
"""Names in a path before a video's id."""

NO_VIDEOS: Final = frozenset({"videoseries", "live_stream"})
"""What players have in place of a video's id, of the same length."""

_END: Final = r"(?:_*[.:!?~]*|\?.*)"  # what follows a link in a text, or a second query
_CHARACTER: Final = r"[0-9A-Za-z_-]"
_VIDEO: Final = re.compile(rf"({_CHARACTER}{{11}}){_END}")
_ALBUM: Final = re.compile(rf"(OLAK5uy_{_CHARACTER}{{33}}|MPREb_{_CHARACTER}{{11}}){_END}")
_PLAYLIST: Final = re.compile(
    rf"(PL(?:{_CHARACTER}{{32}}|[0-9A-F]{{16}})|RDCLAK5uy_{_CHARACTER}{{33}}){_END}"
)
_CHANNEL: Final = re.compile(rf"(UC{_CHARACTER}{{22}}){_END}")


def _parse(page: Page) -> Link | None:
    certain = page.host == MUSIC_HOST
    found = None
    match page.path.strip("/").split("/"):
        case [video] if page.host.endswith(SHORT_HOST):
            found = _video(video, certain=False)
        case ["watch" | "watch_popup" | "playlist" | "embed"]:
            found = _from_query(page, certain=certain)
        case [player, video, *_] if player in PLAYERS:
            found = _video(video, certain=certain)
            if video in NO_VIDEOS:
                found = _from_query(page, certain=certain)
        case ["attribution_link"]:  # the path of another page
            target = next(iter(page.values("u")), "")
            found = _from_query(Page(page.host, "", target.partition("?")[2]), certain=certain)
        case ["browse", name] if certain:
            found = _list(name.removeprefix("VL"), certain=True) or _channel(name)
        case ["channel", name] if certain:
            found = _channel(name)
    return found


def _from_query(page: Page, *, certain: bool) -> Link | None:
    """Return the video of a query; its list if it names no video."""
    if videos := page.values("v"):
        return _video(videos[0], certain=certain)
    lists = page.values("list")
    return _list(lists[0], certain=certain) if lists else None


def _video(text: str, *, certain: bool) -> Link | None:
    found = _VIDEO.fullmatch(text)
    if not found or found[1] in NO_VIDEOS:
        return None
    return Link("track", found[1], MusicService.YOUTUBE, certain)


def _list(text: str, *, certain: bool) -> Link | None:
    if album := _ALBUM.fullmatch(text):
        return Link("album", album[1], MusicService.YOUTUBE)
    if playlist := _PLAYLIST.fullmatch(text):
        return Link("playlist", playlist[1], MusicService.YOUTUBE, certain)
    return None


def _channel(text: str) -> Link | None:
    found = _CHANNEL.fullmatch(text)
    return Link("artist", found[1], MusicService.YOUTUBE) if found else None


def _address(link: Link) -> str:
    host = MUSIC_HOST if link.certain else "www.youtube.com"
    match link.kind:
        case "track":
            return f"https://{host}/watch?v={link.id}"
        case "artist":
            return f"https://{host}/channel/{link.id}"
        case _ if link.id.startswith("MPREb_"):
            return f"https://{host}/browse/{link.id}"
        case _:
            return f"https://{host}/playlist?list={link.id}"


SITE: Final = Site(
    MusicService.YOUTUBE,
    HOSTS,
    _parse,
    _address,
    markers=("youtube", "youtu.be"),
    parameters=PARAMETERS,
)
