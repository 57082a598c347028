"""Asking sources for the genres under which a track is filed."""

import asyncio

import pytest

from bot.domain.errors import Forbidden, SoundslikeError, StorageFailed, Unavailable
from bot.domain.filing import FiledUnder, GenreTags, Tag
from bot.domain.tracks import Track
from bot.services.filing import TIME_LIMIT, TIME_TO_FINISH, FiledUnderService
from model.tag_taxonomy import load_taxonomy
from tests.support.factories import track
from tests.support.virtual_time import in_virtual_time

TAXONOMY = load_taxonomy()


class FakeTags:
    """Knows the tags of tracks by title; may take time or fail. `asked` are the titles."""

    def __init__(
        self,
        name: str = "fake",
        *,
        seconds: float = 0,
        error: SoundslikeError | None = None,
        **known: str,
    ) -> None:
        self.name = name
        self.known = known
        self.seconds = seconds
        self.error = error
        self.asked: list[str] = []

    async def tags(self, track: Track) -> GenreTags | None:
        self.asked.append(track.title)
        await asyncio.sleep(self.seconds)
        if self.error:
            raise self.error
        tag = self.known.get(track.title)
        return GenreTags((Tag(tag, 1),), self.name) if tag else None


def song(title: str) -> Track:
    return track(title, title=title)


def service(*sources: FakeTags) -> FiledUnderService:
    return FiledUnderService(sources, TAXONOMY)


async def test_first_source_whose_tags_name_a_genre_decides() -> None:
    first = FakeTags("first", b="seen live")
    second = FakeTags("second", a="ska", b="trance")
    third = FakeTags("third", a="blues")
    filing = service(first, second, third)
    assert await filing.filed_under(song("a")) == FiledUnder(("reggae",), "second")
    assert await filing.filed_under(song("b")) == FiledUnder(("electronic",), "second")
    assert third.asked == []


async def test_unknown_everywhere_is_none() -> None:
    assert await service(FakeTags(), FakeTags()).filed_under(song("a")) is None
    assert await service().filed_under(song("a")) is None


async def test_the_previous_tracks_genre_does_not_stay() -> None:
    filing = service(FakeTags(a="ska"))
    assert await filing.filed_under(song("a"))
    assert await filing.filed_under(song("b")) is None


@pytest.mark.parametrize(
    "error", [Unavailable("fake", "away"), Forbidden("fake", "no key"), StorageFailed("full")]
)
async def test_a_failing_source_is_skipped(error: SoundslikeError) -> None:
    filing = service(FakeTags(error=error), FakeTags("second", a="ska"))
    assert await filing.filed_under(song("a")) == FiledUnder(("reggae",), "second")
    assert await service(FakeTags(error=error)).filed_under(song("a")) is None


@in_virtual_time
async def test_a_card_waits_no_longer_than_the_limit_for_all_sources_together() -> None:
    loop = asyncio.get_running_loop()
    filing = service(FakeTags(seconds=2), FakeTags("second", seconds=2, a="ska"))
    assert await filing.filed_under(song("a")) is None
    assert loop.time() == pytest.approx(TIME_LIMIT)
    await filing.close()


@in_virtual_time
async def test_a_late_answer_is_awaited_so_that_its_cache_has_it() -> None:
    slow = FakeTags(seconds=4, a="ska")
    filing = service(slow)
    assert await filing.filed_under(song("a")) is None
    assert await filing.filed_under(song("a")) == FiledUnder(("reggae",), "fake")
    assert slow.asked == ["a"]
    assert len(asyncio.all_tasks()) == 1


@in_virtual_time
async def test_a_question_is_given_up_in_the_end() -> None:
    filing = service(FakeTags(seconds=1000, a="ska"))
    assert await filing.filed_under(song("a")) is None
    await asyncio.sleep(TIME_TO_FINISH)
    assert len(asyncio.all_tasks()) == 1


@in_virtual_time
async def test_concurrent_questions_about_a_track_share_one() -> None:
    tags = FakeTags(seconds=1, a="ska", b="blues")
    filing = service(tags)
    found = await asyncio.gather(*(filing.filed_under(song(t)) for t in "aabaab"))
    assert sorted(tags.asked) == ["a", "b"]
    assert [filed and filed.genres for filed in found].count(("reggae",)) == 4


@in_virtual_time
async def test_closing_leaves_no_task() -> None:
    filing = service(FakeTags(seconds=20, a="ska"))
    assert await filing.filed_under(song("a")) is None
    assert len(asyncio.all_tasks()) == 2
    await filing.close()
    assert len(asyncio.all_tasks()) == 1
