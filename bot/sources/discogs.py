"""Discogs' database (https://www.discogs.com/developers): genres and styles of releases.

A token is needed. It is sent in a header, as addresses are logged by servers and proxies.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from bot.domain.filing import GenreTags
from bot.domain.tracks import Track
from bot.sources import track_fields
from bot.sources.genre_tags import genre_tags
from bot.sources.http_client import HttpService
from bot.sources.titles import without_noise

NAME: Final = "discogs"
MAX_RELEASES: Final = 10

STYLE_WEIGHT: Final = 2
"""Weight of a style relative to a genre: "Rock" says less of a release than "Doom Metal"."""


class Discogs:
    """Implements GenreTagSource.

    Args:
        service: The API.
        token: A personal access token.
    """

    name = NAME

    def __init__(self, service: HttpService, token: str) -> None:
        self._service = service
        self._headers = {"Authorization": f"Discogs token={token}"}

    async def tags(self, track: Track) -> GenreTags | None:
        """Return the genres and styles of the releases with a track of that name."""
        if not track.is_named:
            return None
        reply = await self._service.get(
            "search", "/database/search", headers=self._headers, type="release",
            artist=track.artists[0], track=without_noise(track.title), per_page=str(MAX_RELEASES),
        )  # fmt: skip
        match reply:
            case None:
                return None
            case {"results": list(rows)}:
                counts: Counter[str] = Counter()
                for row in track_fields.rows_of(rows, MAX_RELEASES):
                    counts.update(dict.fromkeys(_texts(row, "genre"), 1))
                    counts.update(dict.fromkeys(_texts(row, "style"), STYLE_WEIGHT))
                return genre_tags(NAME, [{"name": n, "count": c} for n, c in counts.items()])
            case _:
                raise self._service.malformed("no list of results")


def _texts(row: Mapping[str, Any], key: str) -> list[str]:
    found = row.get(key)
    return [text for text in found[:20] if isinstance(text, str)] if isinstance(found, list) else []
