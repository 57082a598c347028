"""All sources together, as the bot asks them, against the stand-ins of all services."""

import asyncio
import gc
import logging
import random
import time
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from bot.domain.cards import Card
from bot.domain.filing import Agreement
from bot.domain.places import Message, Place
from bot.domain.replies import Notice, Reply, Summary
from bot.runtime import source_clients
from bot.runtime.composition import open_services
from bot.runtime.settings import Settings
from bot.services.ask import AskService
from bot.services.measure import TIME_LIMIT
from bot.sources import clients
from bot.sources.clients import SourceClients
from bot.sources.limits import PUBLISHED, Limits
from bot.sources.monitor import SourceMonitor
from tests.stubs.music.catalogue import Song, song
from tests.stubs.music.service import Fault
from tests.stubs.music.world import MusicWorld

PLACE: Final = Place("web", "local", "chat")
SONG: Final = song("Jolene's Brother", "Dolly Pardon", tags={"country": 8}, year=1973)
CONTACT: Final = "test@example.org"
AGENT: Final = f"Soundslike/test ( {CONTACT} )"
SERVICES: Final = sorted(api.name for api in MusicWorld([]).apis)
PACED: Final = "musicbrainz"
"""Service that is asked at its pace, one call a second, in the test of single sources."""


def links_of(one: Song) -> dict[str, str]:
    """Return the links to a song, by service."""
    artist, _, slug = str(one.bandcamp).partition("/")
    return {
        "spotify": f"https://open.spotify.com/track/{one.spotify_id}",
        "apple": f"https://music.apple.com/us/song/x/{one.itunes_id}",
        "deezer": f"https://www.deezer.com/track/{one.deezer_id}",
        "youtube": f"https://www.youtube.com/watch?v={one.youtube_id}",
        "tidal": f"https://tidal.com/track/{one.tidal_id}",
        "soundcloud": f"https://soundcloud.com/{one.soundcloud}",
        "bandcamp": f"https://{artist}.bandcamp.com/track/{slug}",
        "musicbrainz": f"https://musicbrainz.org/recording/{one.mbid}",
    }


@pytest.fixture
async def world() -> AsyncIterator[MusicWorld]:
    async with MusicWorld([SONG], limits=False).running() as opened:
        yield opened


def unpaced(name: str) -> Limits:
    """Return the published limits of a source, without those that calls wait for."""
    return Limits(daily=PUBLISHED[name].daily, refusals=PUBLISHED[name].refusals)


@asynccontextmanager
async def asking(world: MusicWorld, folder: Path) -> AsyncIterator[AskService]:
    """Open the bot with these services; a new one each time, and one database."""
    names = ("spotify_client_id", "spotify_client_secret", "lastfm_api_key", "discogs_token")
    values: dict[str, Any] = {**world.settings, **dict.fromkeys(names, "given"), "contact": CONTACT}
    async with open_services(Settings(data_dir=folder, **values)) as opened:
        yield opened.services.ask


async def answer(ask: AskService, text: str) -> Reply:
    (reply,) = await ask.answer_question(Message(PLACE, text, "somebody", text))
    return reply


async def test_each_services_link_gives_the_same_card(world: MusicWorld, tmp_path: Path) -> None:
    async with asking(world, tmp_path) as ask:
        for text in (*links_of(SONG).values(), "dolly pardon jolenes brother"):
            card = await answer(ask, text)
            assert isinstance(card, Card), text
            track = card.answer.subject
            assert (track.key, track.title) == (SONG.spotify_id, SONG.title), text
            assert (track.isrc, track.year) == (SONG.isrc, SONG.year), text
            assert card.answer.filed_under is not None
            assert card.answer.filed_under.genres == ("country",)
            assert card.answer.agreement is not Agreement.UNKNOWN


async def test_a_cold_link_costs_two_calls_and_a_known_one_none(
    world: MusicWorld, tmp_path: Path
) -> None:
    link = links_of(SONG)["spotify"]
    async with asking(world, tmp_path) as ask:
        assert isinstance(await answer(ask, link), Card)
    assert world.asked() == {"reccobeats": 1, "musicbrainz": 1}
    async with asking(world, tmp_path) as ask:  # as after a restart
        assert isinstance(await answer(ask, link), Card)
    assert world.asked() == {"reccobeats": 1, "musicbrainz": 1}


async def test_many_people_cause_one_call_to_each_source(world: MusicWorld, tmp_path: Path) -> None:
    async with asking(world, tmp_path) as ask:
        await asyncio.gather(*(answer(ask, links_of(SONG)["spotify"]) for _ in range(100)))
    assert world.asked() == {"reccobeats": 1, "musicbrainz": 1}


@pytest.mark.parametrize("left", [*SERVICES, "none"])
async def test_with_one_source_left_each_link_ends_in_a_card_or_an_honest_sentence(
    world: MusicWorld, tmp_path: Path, left: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if left != PACED:
        monkeypatch.setattr(clients, "PUBLISHED", {name: unpaced(name) for name in PUBLISHED})
    world.fail(Fault.ERROR, *(name for name in SERVICES if name != left))
    async with asking(world, tmp_path) as ask:
        for text in (*links_of(SONG).values(), "dolly pardon jolenes brother"):
            started = time.monotonic()
            reply = await answer(ask, text)
            assert time.monotonic() - started < TIME_LIMIT
            if isinstance(reply, Card):
                assert reply.answer.subject.spotify_id == SONG.spotify_id
                continue
            assert isinstance(reply, Notice)
            named = SONG.title in reply.text or text.partition("://")[2][:20] in reply.text
            assert named or text in reply.text, reply.text
            assert reply.text.endswith((".", "?"))


async def test_an_album_is_summarised_from_one_service(world: MusicWorld, tmp_path: Path) -> None:
    async with asking(world, tmp_path) as ask:
        reply = await answer(ask, f"https://www.deezer.com/album/{SONG.album_id}")
    assert isinstance(reply, Summary)
    assert (reply.answer.title, reply.answer.answered) == (SONG.album, 1)


STEPS: Final = 120
STEP: Final = 30.0
"""Seconds of the hour between two pastes; the clock of the sources advances by them."""

CALM: Final = 40
"""Steps after which the bot's memory is compared."""

MAX_GROWTH: Final = 1_000_000
"""Bytes that the cached tracks of the rest of the hour may take."""


class Clock:
    """A clock of the sources that advances by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.seconds)


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.fixture
def no_log() -> Iterator[None]:
    """Log nothing: pytest keeps what is logged in memory."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.long
@pytest.mark.usefixtures("no_log")
async def test_an_hour_of_random_faults_leaks_no_task_file_or_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, chance = Clock(), random.Random(5)  # noqa: S311 - reproducible faults
    songs = [song(f"Song {number}", f"Artist {number}") for number in range(STEPS)]
    faults = [fault for fault in Fault if fault is not Fault.HELD]

    def build(settings: Settings, session: Any, ledger: Any) -> SourceClients:
        del settings
        return SourceClients(session, SourceMonitor(ledger, clock.now, clock.monotonic), AGENT)

    monkeypatch.setattr(source_clients, "build", build)
    answered, usage = 0, list[tuple[int, int, int]]()
    tracemalloc.start()
    async with (
        MusicWorld(songs, clock=clock.monotonic).running() as world,
        asking(world, tmp_path) as ask,
    ):
        for step, one in enumerate(songs):
            world.fail(None)
            for name in chance.sample(SERVICES, chance.randrange(len(SERVICES))):
                world.fail(chance.choice(faults), name)
            link = chance.choice(list(links_of(one).values()))
            texts = f"{link} {links_of(chance.choice(songs))['spotify']}"
            replies = await ask.answer_question(Message(PLACE, str(step), "x", texts))
            answered += sum(isinstance(reply, Card) for reply in replies)
            clock.seconds += STEP
            if step in {CALM, STEPS - 1}:
                await asyncio.sleep(1)  # replies are stored, connections are given back
                for api in world.apis:
                    api.requests.clear()
                gc.collect()
                tasks = len(asyncio.all_tasks())
                usage.append((tasks, open_files(), tracemalloc.get_traced_memory()[0]))
    tracemalloc.stop()
    (tasks, files, memory), (tasks_later, files_later, memory_later) = usage
    assert answered > STEPS // 2
    assert tasks_later <= tasks + 5
    assert files_later <= files + 20
    assert memory_later - memory < MAX_GROWTH
