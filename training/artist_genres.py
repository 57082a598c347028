"""What independent sources say of an artist: one genre, or that they disagree.

The table has no songs, so it is no training table. It tells how far the labels of a table can be
trusted (`training.annotators`), and which genre is likely for the songs of an artist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from model.genres import WIDE
from training.tables import ARTIST_GENRES, ORIGINS
from training.tables.csv_reader import CsvTable, read_csv_table

(FILE,) = ORIGINS[ARTIST_GENRES].files
OPINIONS: Final = ORIGINS[ARTIST_GENRES].source.partition("counted from ")[2]
ARTIST, GENRE, SHARE, DIST = "artist", "genre", "share", "dist"

TRADEMARK: Final = "TM"
"""What `training.identity.artist_key` makes of a trademark sign."""

ROUNDING: Final = 0.0011
"""Largest difference between a share and its copy, which are both rounded to three digits."""


@dataclass(frozen=True, slots=True)
class ArtistGenre:
    """The sources' opinion of an artist: the genre that they agree on, None if they disagree.

    `share` is that of the most frequent genre, above 0 to 1; `shares` of all named add up to 1.
    """

    genre: str | None
    share: float
    shares: Mapping[str, float]


def read_artist_genres(data: Path) -> dict[str, ArtistGenre]:
    """Read the opinions by artist, whose names are those of `training.identity.artist_key`.

    Raises TableError, which names line and column: the file is missing, lacks a column, has an
    invalid cell, an unknown genre, an artist twice or not normalised, or an opinion that
    contradicts itself.
    """
    sheet = read_csv_table(data / FILE, (ARTIST, GENRE, SHARE, DIST))
    sheet.check_unique(ARTIST)
    found: dict[str, ArtistGenre] = {}
    columns = (sheet.text(name) for name in (ARTIST, GENRE, SHARE, DIST))
    for row, (artist, genre, share, dist) in enumerate(zip(*columns, strict=True)):
        if not _is_normalised(artist):
            raise sheet.error(row, ARTIST, f"{artist!r} is not normalised: it has capital letters")
        opinion = _opinion(sheet, row, genre, share, dist)
        if artist:  # a name of symbols alone is normalised to nothing, and matches no song
            found[artist] = opinion
    return found


def _is_normalised(artist: str) -> bool:
    """Return whether a name has no capital letters, apart from those of a trademark sign."""
    letters = artist.replace(TRADEMARK, "")
    return letters == letters.casefold()


def _opinion(sheet: CsvTable, row: int, genre: str, share: str, dist: str) -> ArtistGenre:
    if genre and genre not in WIDE:
        raise sheet.error(row, GENRE, f"{genre!r} is not a genre")
    value = _share(share)
    if value is None:
        raise sheet.error(row, SHARE, f"{share!r} is not a share above 0 to 1")
    shares = _shares(dist)
    if shares is None:
        problem = f"{dist!r} is not a list of genres and shares that add up to 1"
        raise sheet.error(row, DIST, problem)
    highest = max(shares.values())
    if abs(highest - value) > ROUNDING:
        raise sheet.error(row, SHARE, f"{share} contradicts the shares {dist}")
    if not genre and value == 1:
        raise sheet.error(row, GENRE, f"it is empty, which contradicts the shares {dist}")
    if genre and shares.get(genre, 0) < highest:
        raise sheet.error(row, GENRE, f"{genre} contradicts the shares {dist}")
    return ArtistGenre(genre or None, value, shares)


def _shares(text: str) -> dict[str, float] | None:
    """Parse "rock:0.667|pop:0.333"; return None for anything else."""
    found: dict[str, float] = {}
    for part in text.split("|"):
        name, _, share = part.partition(":")
        value = _share(share)
        if name not in WIDE or name in found or value is None:
            return None
        found[name] = value
    return found if abs(sum(found.values()) - 1) <= ROUNDING * len(found) else None


def _share(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 < value <= 1 else None
