"""Keys by which artists, titles and recordings are matched across tables."""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

FINGERPRINT: Final = ("danceability", "energy", "valence", "acousticness", "liveness")
"""Features whose values, to four digits, identify a recording."""

GUEST: Final = re.compile(
    r"[\s(\[]+(?:featuring|feat\.?|ft\.?|duet with|with|vs\.?|(?-i:x))\s.*", re.IGNORECASE
)
"""The part of a credit after the leading artist; a capital X belongs to a name ("Lil Nas X")."""

GUEST_IN_TITLE: Final = re.compile(r"\s+(?:featuring|feat\.?|ft\.?)\s.*", re.IGNORECASE)
ADDITION: Final = re.compile(r"\s+-\s.*|\s*[(\[].*")
"""The part after a title: " - Remastered 2011", "(Live)", "[Single Version]"."""

JOINT: Final = re.compile(r"\s*[&,;/+].*")
"""The part of a credit after the first-named artist; it also matches in "Earth, Wind & Fire"."""

ROWS_PER_ARTIST: Final = 8
"""Number of an artist's rows that count fully."""

APOSTROPHES: Final = "'\N{RIGHT SINGLE QUOTATION MARK}"


def artist_key(artist: str) -> str:
    """Return the leading artist's name, normalised for comparison across tables."""
    return _plain(GUEST.sub("", artist)).removeprefix("the ")


def lead_artist_key(artist: str) -> str:
    """Return the key of the artist that a credit names first, before "&", a comma or "feat."."""
    return artist_key(JOINT.sub("", artist)) or artist_key(artist)


def title_key(title: str) -> str:
    """Return a title without versions and guests, normalised for comparison across tables."""
    return _plain(GUEST_IN_TITLE.sub("", ADDITION.sub("", title))) or _plain(title)


def keyed(names: "pd.Series[str]", key: Callable[[str], str]) -> "pd.Series[str]":
    """Return `key` of each name, computed once for each distinct name."""
    return names.map({name: key(name) for name in names.unique()})


def artist_weights(artists: "pd.Series[str]") -> npt.NDArray[np.float64]:
    """Return the weight of each row among those of its artist, [rows].

    It falls with the square root of the artist's rows beyond `ROWS_PER_ARTIST`, so that artists
    with many rows do not outweigh the others. Rows without an artist have the weight 1.
    """
    artist = keyed(artists, lead_artist_key)
    count = artist.map(artist.value_counts()).where(artist != "", 1).to_numpy(np.float64)
    return np.sqrt(np.minimum(1, ROWS_PER_ARTIST / count))


def fingerprints(rows: pd.DataFrame) -> "pd.Series[str]":
    """Return one key per row from the values of `FINGERPRINT`, equal for copies of a recording."""
    values = rows[list(FINGERPRINT)].to_numpy()
    return pd.Series([" ".join(f"{value:.4f}" for value in row) for row in values], rows.index)


def _plain(text: str) -> str:
    spaced = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    letters = "".join(
        " " if not character.isalnum() else character
        for character in spaced
        if not unicodedata.combining(character) and character not in APOSTROPHES
    )
    return " ".join(letters.split()) or text.strip().casefold()
