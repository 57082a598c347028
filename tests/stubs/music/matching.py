"""Full-text search of the stand-ins, as strict as the services' own is known to be."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from tests.stubs.music.catalogue import Song


class Index:
    """Songs by the words of their names.

    Args:
        songs: The songs.
        text: The names of a song that are searched.
        typos: Whether a word of four letters or more may have a typo, of eight or more two.
    """

    def __init__(
        self, songs: Sequence[Song], text: Callable[[Song], str], *, typos: bool = True
    ) -> None:
        self._songs = songs
        self._typos = typos
        self._by_word: dict[str, set[int]] = {}
        for place, one in enumerate(songs):
            for word in words(text(one)):
                self._by_word.setdefault(word, set()).add(place)
        self._vocabulary = sorted(self._by_word)
        self._like = lru_cache(100_000)(self._alike)

    def search(self, query: str, limit: int, *, missing: int = 0) -> list[Song]:
        """Return the songs that have all words of a query but `missing`, most popular first."""
        wanted = list(dict.fromkeys(words(query)))
        if not wanted:
            return []
        hits: dict[int, int] = {}
        for word in wanted:
            for place in self._like(word):
                hits[place] = hits.get(place, 0) + 1
        enough = [place for place, count in hits.items() if count >= len(wanted) - missing]
        enough.sort(key=lambda place: (-hits[place], -self._songs[place].rank, place))
        return [self._songs[place] for place in enough[:limit]]

    def _alike(self, word: str) -> frozenset[int]:
        found = set(self._by_word.get(word, ()))
        allowed = (len(word) >= 4) + (len(word) >= 8)
        if self._typos and allowed:
            near = process.extract(
                word,
                self._vocabulary,
                scorer=DamerauLevenshtein.distance,
                score_cutoff=allowed,
                limit=None,
            )
            for other, _, _ in near:
                found |= self._by_word[other]
        return frozenset(found)


def words(text: str) -> Iterable[str]:
    """Return the words of a text in lower case, without accents and apostrophes."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return re.findall(r"\w+", letters.replace("'", "").replace("\u2019", ""))
