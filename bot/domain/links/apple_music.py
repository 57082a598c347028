"""Apple Music's addresses, and those of the iTunes Store that redirect there.

Ids are `COUNTRY/NUMBER` with the country in lower case, or `NUMBER` alone; playlists have
`pl.NAME` in place of the number.
"""

import re
from typing import Final

from bot.domain.links.link import Link
from bot.domain.links.site import NUMBER, TRAILING, Page, Site
from bot.domain.music_services import MusicService

HOSTS: Final = frozenset(
    {
        "music.apple.com",
        "geo.music.apple.com",
        "embed.music.apple.com",
        "classical.music.apple.com",
        "beta.music.apple.com",
        "itunes.apple.com",
        "geo.itunes.apple.com",
    }
)
PATHS: Final = {
    "song": "track",
    "album": "album",
    "playlist": "playlist",
    "artist": "artist",
}
"""Name in the path to kind."""

_COUNTRY: Final = re.compile(r"[a-z]{2}", re.IGNORECASE)
_PLAYLIST: Final = re.compile(r"pl\.[0-9A-Za-z-]{1,64}")


def _parse(page: Page) -> Link | None:
    names = page.names
    country = ""
    if _COUNTRY.fullmatch(names[0]):
        country, names = f"{names[0].lower()}/", names[1:]
    # /album/NAME/ID, without the name in short forms
    if len(names) not in (2, 3) or names[0] not in PATHS:
        return None
    kind, number = PATHS[names[0]], names[-1]
    if kind == "album" and (track := _highlighted(page)):
        return Link("track", f"{country}{track}", MusicService.APPLE_MUSIC)
    if kind == "playlist":
        valid = _PLAYLIST.fullmatch(number)
    else:
        number = number.removeprefix("id")  # as the iTunes Store wrote them
        valid = NUMBER.fullmatch(number)
    return Link(kind, f"{country}{number}", MusicService.APPLE_MUSIC) if valid else None


def _highlighted(page: Page) -> str | None:
    """Return the id of the song that the page of an album marks."""
    values = (value.rstrip(TRAILING) for value in page.values("i"))
    return next(filter(NUMBER.fullmatch, values), None)


def _address(link: Link) -> str:
    country, slash, name = link.id.rpartition("/")
    path = next(path for path, kind in PATHS.items() if kind == link.kind)
    return f"https://music.apple.com/{country}{slash}{path}/{name}"


SITE: Final = Site(
    MusicService.APPLE_MUSIC,
    HOSTS,
    _parse,
    _address,
    markers=("music.apple.com", "itunes.apple.com"),
)
