"""One scenario for an album, and one for a search that fits several songs, on every platform."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.platforms.slack import progress
from tests.scenario.drivers import ChoosingDriver, DisplayedCard, Offer
from tests.scenario.story import Start
from tests.stubs.music.catalogue import song
from tests.stubs.music.service import Fault
from tests.stubs.music.world import MusicWorld

ALBUM = [song(f"Part {place}", "The Band", album="Suite") for place in range(1, 6)]
CREEPS = [song("Creep", artist) for artist in ("Radiohead", "TLC", "Stone Temple Pilots")]
ALBUM_LINK = f"https://www.deezer.com/album/{ALBUM[0].album_id}"
PLATFORMS = ["web", "discord on the wire", "slack-socket", "slack-http"]


@pytest.fixture
async def world() -> AsyncIterator[MusicWorld]:
    async with MusicWorld([*ALBUM, *CREEPS], limits=False).running() as running:
        yield running


@pytest.fixture(autouse=True)
def early_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "DELAY", 0)


async def until_progress(person: ChoosingDriver) -> str:
    """Return the sentence about the progress as soon as one is displayed."""
    async with asyncio.timeout(20):
        while not (lines := await person.progress_lines()):  # noqa: ASYNC110 - the page polls, too
            await asyncio.sleep(0.02)
    return lines[0]


@pytest.mark.parametrize("start", PLATFORMS, indirect=True)
async def test_album_progress_summary_and_a_song_of_it(start: Start, world: MusicWorld) -> None:
    async with start(**world.settings) as person:
        world.fail(Fault.HELD, "reccobeats")
        pasting = asyncio.create_task(person.paste(ALBUM_LINK))
        assert (await until_progress(person)).startswith("Reading the album")
        world.fail(None)
        (summary,) = await pasting
        assert isinstance(summary, Offer)
        assert "Suite" in summary.text
        assert [label.partition(":")[0] for label in summary.labels] == [
            f"{place}. Part {place}" for place in range(1, 6)
        ]
        assert summary.chart is not None
        assert summary.chart.startswith(b"\x89PNG")
        assert await person.progress_lines() == []
        card = await person.pick(summary, "Part 3")
        assert "Part 3" in card.text
        assert card.chart != summary.chart

    async with start(**world.settings) as person:
        card = await person.pick(summary, "Part 5")
        assert "Part 5" in card.text


@pytest.mark.parametrize("start", [*PLATFORMS, "discord"], indirect=True)
async def test_search_that_fits_several_songs_offers_them(start: Start, world: MusicWorld) -> None:
    async with start(**world.settings) as person:
        offer = await person.ask("creep")
        assert isinstance(offer, Offer)
        assert "creep" in offer.text
        card = await person.pick(offer, "TLC")
        assert isinstance(card, DisplayedCard)
        assert "Creep" in card.text
