"""Reads the fields of tracks that sources give: identifiers, lengths, covers, addresses.

What is not valid is None, as a source's reply may contain anything.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bot.domain.collections import MAX_TRACKS
from bot.sources import names
from model.errors import BadValue
from model.schema import read
from model.years import read_year

_SPOTIFY_ID: Final = re.compile(r"[0-9A-Za-z]{22}")
_ISRC: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,18}")
_SPOTIFY_PAGE: Final = re.compile(r"https://open\.spotify\.com/track/([0-9A-Za-z]{22})")

_AGAIN: Final = re.compile(
    r"\b(?:re-?master(?:ed)?|re-?issued?|anniversary|deluxe|expanded|legacy edition|collection|"
    r"anthology|greatest hits|(?:very )?best of|essentials?|complete|box set|hits)\b",
    re.IGNORECASE,
)
"""Words of a re-release or a compilation, whose date is not that of the first release."""


def spotify_id(value: object) -> str | None:
    """Return an id of Spotify: 22 base-62 characters."""
    return value if isinstance(value, str) and _SPOTIFY_ID.fullmatch(value) else None


def spotify_id_of(address: object) -> str | None:
    """Return the id in the address of a track's page at Spotify."""
    found = _SPOTIFY_PAGE.fullmatch(address) if isinstance(address, str) else None
    return found[1] if found else None


def isrc(value: object) -> str | None:
    """Return an ISRC in its form without hyphens (ISO 3901)."""
    code = value.upper().replace("-", "") if isinstance(value, str) else ""
    return code if _ISRC.fullmatch(code) else None


def uuid(value: object) -> str | None:
    """Return an id of MusicBrainz in lower case."""
    text = value.lower() if isinstance(value, str) else ""
    return text if _UUID.fullmatch(text) else None


def number(value: object) -> str | None:
    """Return a positive whole number, as Deezer, Apple and Tidal use for ids, in digits."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return text if _NUMBER.fullmatch(text) else None


def milliseconds(value: object, per_unit: int = 1) -> int | None:
    """Return a length in milliseconds, from one in units of `per_unit` milliseconds."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        valid = read("duration_ms", float(value) * per_unit)
    except (BadValue, ValueError, OverflowError):
        return None
    return None if valid is None else int(valid)


def cover(value: object) -> str | None:
    """Return the address of a cover, which must be an HTTPS address."""
    found = names.address(value)
    return found if found and found.startswith("https://") else None


def first_year(date: object, *titles: object) -> int | None:
    """Return the year of a release, unless its titles say that the recording was out before.

    Args:
        date: Date of the release that has the recording.
        titles: Titles of the recording and of the release.
    """
    again = any(isinstance(title, str) and _AGAIN.search(title) for title in titles)
    return None if again else read_year(date)


def artist_names(rows: object, key: str = "name") -> tuple[str, ...]:
    """Return the different names in a list of objects, in their order."""
    if not isinstance(rows, list):
        return ()
    found = (row.get(key) for row in rows if isinstance(row, dict))
    return names.names(dict.fromkeys(one for one in found if isinstance(one, str) and one))


def rows_of(rows: object, limit: int = MAX_TRACKS) -> Iterator[Mapping[str, Any]]:
    """Yield the objects among the first entries of a list; none if it is no list."""
    listed: Sequence[object] = rows if isinstance(rows, list) else ()
    yield from (row for row in listed[:limit] if isinstance(row, dict))
