"""Finding songs by name in several sources."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.domain.errors import Unavailable
from bot.domain.music_services import MusicService
from bot.domain.ranking import Matches
from bot.domain.replies import MAX_CHOICES, Choice, NoticeKind
from bot.domain.song_query import SongQuery
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from bot.services.search import STEP_LIMIT, TIME_LIMIT, SearchService, choices, several_matches
from tests.support.virtual_time import in_virtual_time


def oasis(title: str = "Wonderwall", **ids: str) -> Track:
    return Track(title=title, artists=("Oasis",), **ids)  # type: ignore[arg-type]


WONDERWALL = oasis(deezer_id="1", isrc="GBBQY9500001")
LIVE = oasis("Wonderwall (Live)", deezer_id="2")


class Source:
    """Finds tracks that have all words, as strict sources do. Knows what it was asked."""

    def __init__(self, *tracks: Track, name: str = "source", seconds: float = 0) -> None:
        self.name = name
        self.tracks = tracks
        self.seconds = seconds
        self.away = False
        self.asked: list[str] = []

    async def search(self, query: SongQuery) -> Sequence[Track]:
        self.asked.append(query.words)
        await asyncio.sleep(self.seconds)
        if self.away:
            raise Unavailable(self.name, "away")
        words = query.words.split()
        return [t for t in self.tracks if all(w in _text(t) for w in words)]


def _text(track: Track) -> str:
    return " ".join((track.title, *track.artists)).lower()


def service(
    *fast: Source,
    others: Sequence[Sequence[Source]] = (),
    built_in: Source | None = None,
    complete: "Ids | None" = None,
) -> SearchService:
    return SearchService(built_in=built_in or Source(), fast=fast, others=others, complete=complete)


class Ids:
    """Knows a Spotify id for every track; `away` makes it unavailable."""

    name = "ids"

    def __init__(self, *, away: bool = False, seconds: float = 0) -> None:
        self.away = away
        self.seconds = seconds

    async def get(self, known: Track) -> Track | None:
        del known
        await asyncio.sleep(self.seconds)
        if self.away:
            raise Unavailable("ids", "away")
        return Track("s" * 22, title="another spelling", year=1995)


async def test_a_clear_match_of_a_fast_source_asks_no_other() -> None:
    fast, slow = Source(LIVE, WONDERWALL), Source(WONDERWALL)
    found = await service(fast, others=[[slow]]).find("Oasis - Wonderwall (Official Video)")
    assert found == Matches(best=WONDERWALL, is_sure=True)
    assert fast.asked == ["oasis wonderwall"]
    assert slow.asked == []


async def test_a_built_in_song_asks_nobody() -> None:
    fast = Source(WONDERWALL)
    heroes = Track("h" * 22, title="Heroes", artists=("David Bowie",))
    searches = service(fast, built_in=Source(heroes))
    assert (await searches.find("heroes")).best == heroes
    assert fast.asked == []


async def test_parts_of_the_words_are_searched_if_one_is_misspelt() -> None:
    fast = Source(LIVE, WONDERWALL)
    assert (await service(fast).find("wonderwal - oasys")).best == WONDERWALL
    assert fast.asked == ["wonderwal oasys", "wonderwal", "oasys"]


async def test_further_steps_are_asked_until_one_finds_the_song() -> None:
    fast, nothing = Source(oasis("Supersonic", deezer_id="3")), Source(name="a")
    right, scarce = Source(WONDERWALL, name="b"), Source(WONDERWALL, name="c")
    searches = service(fast, others=[[nothing], [right], [scarce]])
    assert (await searches.find("oasis wonderwall")).best == WONDERWALL
    assert (len(nothing.asked), len(right.asked), len(scarce.asked)) == (1, 1, 0)


async def test_a_source_that_fails_is_skipped() -> None:
    broken, working = Source(), Source(WONDERWALL, name="other")
    broken.away = True
    assert (await service(broken, working).find("oasis wonderwall")).best == WONDERWALL
    assert (await service(broken, others=[[working]]).find("oasis wonderwall")).best == WONDERWALL


async def test_a_failure_is_raised_only_if_no_source_has_anything() -> None:
    broken = Source()
    broken.away = True
    with pytest.raises(Unavailable, match="away"):
        await service(broken, Source(name="other")).find("oasis wonderwall")
    assert await service(Source()).find("oasis wonderwall") == Matches()
    doubtful = Source(WONDERWALL, name="other")
    matches = await service(broken, doubtful).find("oasis")
    assert matches.close == (WONDERWALL,)


@pytest.mark.parametrize("text", ["", "   ", "\x00", "\u200b"])
async def test_a_text_without_words_asks_nobody(text: str) -> None:
    fast = Source(WONDERWALL)
    assert await service(fast).find(text) == Matches()
    assert (await service(fast).suggest(text)).tracks == []
    assert fast.asked == []


@in_virtual_time
async def test_a_source_that_is_slow_is_left_out() -> None:
    loop = asyncio.get_running_loop()
    slow, fast = Source(WONDERWALL, seconds=60), Source(WONDERWALL, name="other")
    assert (await service(slow, fast).find("oasis wonderwall")).best == WONDERWALL
    assert loop.time() == STEP_LIMIT
    assert len(asyncio.all_tasks()) == 1


@in_virtual_time
async def test_a_search_ends_at_its_time_limit() -> None:
    loop = asyncio.get_running_loop()
    steps = [[Source(name=str(number), seconds=60)] for number in range(5)]
    with pytest.raises(Unavailable):
        await service(others=steps).find("oasis wonderwall")
    assert loop.time() == TIME_LIMIT
    assert len(asyncio.all_tasks()) == 1


@in_virtual_time
async def test_what_was_found_before_the_time_limit_is_returned() -> None:
    steps = [[Source(LIVE, name="0")], *([Source(name=str(n), seconds=60)] for n in range(1, 5))]
    assert (await service(others=steps).find("oasis wonderwall")).best == LIVE


@in_virtual_time
async def test_people_who_ask_for_the_same_song_share_a_search() -> None:
    fast = Source(WONDERWALL, seconds=1)
    searches = service(fast)
    asked = ["oasis wonderwall", "Oasis  Wonderwall", "OASIS WONDERWALL"]
    found = await asyncio.gather(*map(searches.find, asked))
    assert [one.best for one in found] == [WONDERWALL] * 3
    assert len(fast.asked) == 1


async def test_a_match_without_ids_is_completed() -> None:
    bare = oasis()
    (found,) = {(await service(Source(bare), complete=Ids()).find("oasis wonderwall")).best}
    assert found == oasis(spotify_id="s" * 22, year=1995)  # type: ignore[arg-type]
    known = await service(Source(WONDERWALL), complete=Ids()).find("oasis wonderwall")
    assert known.best == WONDERWALL


@in_virtual_time
async def test_a_match_that_cannot_be_completed_stays_as_it_is() -> None:
    for ids in (Ids(away=True), Ids(seconds=60)):
        found = await service(Source(oasis()), complete=ids).find("oasis wonderwall")
        assert found.best == oasis()


async def test_a_pages_track_is_found_by_its_name() -> None:
    page = Track(title="Wonderwall (Remastered)", artists=("Oasis",), url="https://page")
    assert await service(Source(LIVE, WONDERWALL)).by_name(page) == WONDERWALL
    hello = [Track(title="Hello", artists=(who,)) for who in ("Adele", "Lionel Richie")]
    assert await service(Source(*hello)).by_name(Track(title="Hello")) is None


async def test_suggestions_come_from_fast_sources_with_originals_first() -> None:
    slow = Source(WONDERWALL)
    searches = service(Source(LIVE, WONDERWALL), others=[[slow]], built_in=Source(name="sample"))
    suggested = await searches.suggest("oasis wonderw")
    assert suggested == ([WONDERWALL, LIVE], True)
    assert slow.asked == []


async def test_a_page_without_a_name_asks_nobody() -> None:
    fast = Source(WONDERWALL)
    assert await service(fast).by_name(Track("x" * 22)) is None
    assert fast.asked == []


@in_virtual_time
async def test_suggestions_are_what_answers_in_time() -> None:
    loop = asyncio.get_running_loop()
    slow, fast = Source(WONDERWALL, name="slow", seconds=60), Source(LIVE)
    assert await service(slow, fast).suggest("oasis wonder", seconds=1) == ([LIVE], False)
    assert loop.time() == 1


def test_choices_are_those_that_can_be_asked_for_again() -> None:
    noname = Track(title="Wonderwall", artists=("Nobody",))
    other = Track(title="Wonderwall", artists=("Ryan Adams",), deezer_id="9", year=2003)
    offered = choices([noname, WONDERWALL, other, oasis(deezer_id="7")])
    assert offered == (
        Choice(
            "Wonderwall \N{EN DASH} Oasis",
            SubjectRef(SubjectKind.TRACK, "1", MusicService.DEEZER),
        ),
        Choice(
            "Wonderwall \N{EN DASH} Ryan Adams (2003)",
            SubjectRef(SubjectKind.TRACK, "9", MusicService.DEEZER),
        ),
    )
    many = [oasis(f"Song {number}", deezer_id=str(number)) for number in range(9)]
    assert len(choices(many)) == MAX_CHOICES


def test_the_notice_asks_which_song_is_meant() -> None:
    two = [WONDERWALL, oasis("Supersonic", deezer_id="3")]
    notice = several_matches("oasis\n" + "x" * 500, two)
    assert notice.kind is NoticeKind.SEVERAL_MATCHES
    assert len(notice.choices) == 2
    assert "Which one" in notice.text
    assert len(notice.text) < 200
    assert "\n" not in notice.text
    assert "this one" in several_matches("oasis", two[:1]).text
    assert "artist" in several_matches("oasis", [oasis()]).text
