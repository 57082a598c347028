"""Names as people type them, against sources that prefer karaoke and covers now and then."""

import random
from collections.abc import Sequence

from bot.domain.song_query import SongQuery
from bot.domain.tracks import Track
from bot.services.search import SearchService
from bot.sources.embedded_songs import EmbeddedSongs
from tests.stubs.music.catalogue import Song
from tests.stubs.music.matching import Index
from tests.support.song_mutations import Named, typed_searches
from tests.support.song_versions import catalogue, is_right

SONGS = [
    Named("Wonderwall", ("Oasis",)),
    Named("Don't Look Back in Anger", ("Oasis",)),
    Named("Live Forever", ("Oasis",)),
    Named("Hello", ("Adele",)),
    Named("Hello", ("Lionel Richie",)),
    Named("Crazy in Love", ("Beyoncé", "Jay-Z")),
    Named("Old Town Road", ("Lil Nas X", "Billy Ray Cyrus")),
    Named("Don't You (Forget About Me)", ("Simple Minds",)),
    Named("(I Can't Get No) Satisfaction", ("The Rolling Stones",)),
    Named("Stand by Me", ("Ben E. King",)),
    Named("Take Me Home, Country Roads", ("John Denver",)),
    Named("No Woman, No Cry", ("Bob Marley & The Wailers",)),
    Named("Video Killed the Radio Star", ("The Buggles",)),
    Named("With or Without You", ("U2",)),
    Named("Losing My Religion", ("R.E.M.",)),
    Named("So What", ("P!nk",)),
    Named("99 Problems", ("Jay-Z",)),
    Named("See You Again", ("Wiz Khalifa", "Charlie Puth")),
    Named("Titanium", ("David Guetta", "Sia")),
    Named("Cover Me Up", ("Jason Isbell",)),
    Named("Je te laisserai des mots", ("Patrick Watson",)),
    Named("Für immer ab jetzt", ("Johannes Oerding",)),
    Named("夜に駆ける", ("YOASOBI",)),
    Named("First Love", ("宇多田ヒカル",)),
    Named("Звезда по имени Солнце", ("Кино",)),
    Named("좋은 날", ("아이유",)),
]


class Popular:
    """Implements TrackSearch as Deezer does: all words, in any order, the most popular first."""

    name = "popular"

    def __init__(self, songs: Sequence[Song]) -> None:
        self._index = Index(songs, lambda one: f"{one.title} {' '.join(one.artists)}")

    async def search(self, query: SongQuery) -> Sequence[Track]:
        found = self._index.search(query.words, 25)
        return [
            Track(title=one.title, artists=one.artists[:1], deezer_id=str(one.deezer_id))
            for one in found
        ]


async def test_the_right_song_comes_first_in_95_of_100_searches() -> None:
    known, right = catalogue(SONGS, random.Random(5))  # noqa: S311 - test data
    search = SearchService(built_in=EmbeddedSongs([]), fast=[Popular(known)])
    searches = list(typed_searches(SONGS, 300, seed=5))
    missed: list[str] = []
    for typed in searches:
        found = await search.find(typed.text)
        first = found.best or next(iter(found.close), None)
        if not (first and is_right(first, typed, right)):
            missed.append(f"{typed.text}: {first and first.title}")
    assert len(missed) <= 0.05 * len(searches), missed
