"""Previews of Deezer and iTunes, and ReccoBeats' analysis, against stand-ins of the services."""

import io
import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.domain.errors import Unavailable
from bot.domain.sound_ports import MAX_PREVIEW_BYTES, PreviewSource
from bot.domain.tracks import Track
from bot.runtime.previews import build
from bot.runtime.settings import PreviewService as PreviewName
from bot.runtime.settings import Settings
from bot.services.previews import PreviewService
from bot.sources import deezer, itunes, reccobeats_analysis
from bot.sources.circuit_breaker import FAILURES
from bot.sources.clients import SourceClients
from bot.sources.monitor import SourceMonitor
from bot.sources.previews import (
    DeezerPreviews,
    ITunesPreviews,
    PreviewDownload,
)
from bot.sources.reccobeats_analysis import ReccoBeatsAnalysis
from bot.storage.stores import utc_now
from tests.stubs.music.catalogue import song
from tests.stubs.music.reccobeats import ANALYSIS
from tests.stubs.music.service import Fault
from tests.stubs.music.world import MusicWorld
from tests.support import sound_files
from tests.support.fake_ledger import FakeSourceLedger
from tests.support.fake_listener import DAMAGED, MUSIC, SPEECH, FakeListener
from tests.support.full_disk import full_file

SONG = replace(song("New Song", "New Band"), features=None)
TRACK = Track(title="New Song", artists=("New Band",), isrc=SONG.isrc)


@pytest.fixture
async def world() -> AsyncIterator[MusicWorld]:
    async with MusicWorld([SONG]).running() as world:
        world.deezer.preview = MUSIC
        world.itunes.preview = MUSIC
        yield world


@pytest.fixture
async def clients() -> AsyncIterator[SourceClients]:
    async with aiohttp.ClientSession() as session:
        yield SourceClients(session, SourceMonitor(FakeSourceLedger(utc_now), utc_now))


def source(name: str, world: MusicWorld, clients: SourceClients) -> PreviewSource:
    api = world.deezer if name == deezer.NAME else world.itunes
    service, download = clients.service(name, api.url), PreviewDownload(name, api.url, clients)
    if name == deezer.NAME:
        return DeezerPreviews(deezer.DeezerLookup(service), download)
    return ITunesPreviews(itunes.ITunesSearch(service), download)


def listening(
    world: MusicWorld,
    clients: SourceClients,
    *names: PreviewName,
    analysis: bool = False,
) -> PreviewService:
    options: dict[str, Any] = {**world.settings, "previews": names}
    settings = Settings(**options, reccobeats_analysis=analysis)
    built = build(settings, clients, FakeListener())
    assert built is not None
    return built


@pytest.mark.parametrize("name", [deezer.NAME, itunes.NAME])
async def test_a_preview_is_fetched(name: str, world: MusicWorld, clients: SourceClients) -> None:
    target = io.BytesIO()
    assert await source(name, world, clients).fetch(TRACK, target)
    assert target.getvalue() == MUSIC


@pytest.mark.parametrize("name", [deezer.NAME, itunes.NAME])
async def test_an_unknown_track_has_no_preview(
    name: str, world: MusicWorld, clients: SourceClients
) -> None:
    other = Track(title="Other Song", artists=("Nobody",), isrc="USXXX2600001")
    assert not await source(name, world, clients).fetch(other, io.BytesIO())


async def test_another_recording_at_itunes_is_not_taken(
    world: MusicWorld, clients: SourceClients
) -> None:
    live = replace(TRACK, title="New Song (Live)")
    assert not await source(itunes.NAME, world, clients).fetch(live, io.BytesIO())


async def test_a_preview_that_expired_meanwhile_is_asked_for_again(
    world: MusicWorld, clients: SourceClients
) -> None:
    world.deezer.expired = 1
    target = io.BytesIO()
    assert await source(deezer.NAME, world, clients).fetch(TRACK, target)
    assert target.getvalue() == MUSIC
    assert world.deezer.asked("isrc") == 2


async def test_a_preview_that_always_expires_is_given_up(
    world: MusicWorld, clients: SourceClients
) -> None:
    world.deezer.expired = 99
    assert not await source(deezer.NAME, world, clients).fetch(TRACK, io.BytesIO())
    assert world.deezer.asked("preview") == 2


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/x.mp3",
        "http://cdnt-preview.dzcdn.net/x.mp3",
        "https://dzcdn.net.evil.example/x.mp3",
        "https://evildzcdn.net/x.mp3",
        "https://cdnt-preview.dzcdn.net:8443/x.mp3",
        "https://name:word@cdnt-preview.dzcdn.net/x.mp3",
        "https://name@api.deezer.com/x.mp3",
        "file:///etc/passwd",
        "https://[",
        7,
    ],
)
async def test_an_address_of_another_host_is_not_requested(
    address: object, clients: SourceClients
) -> None:
    download = PreviewDownload(deezer.NAME, "https://api.deezer.com", clients)
    with pytest.raises(Unavailable, match="another host"):
        await download.fetch(address, io.BytesIO())


async def test_a_preview_that_is_too_long_is_given_up(
    world: MusicWorld, clients: SourceClients
) -> None:
    world.deezer.preview = bytes(MAX_PREVIEW_BYTES + 1)
    with pytest.raises(Unavailable, match="more than"):
        await source(deezer.NAME, world, clients).fetch(TRACK, io.BytesIO())


async def test_a_full_disk_is_not_held_against_the_service(
    world: MusicWorld, clients: SourceClients, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = listening(world, clients, "deezer")
    with monkeypatch.context() as patched:
        patched.setattr(tempfile, "TemporaryFile", full_file)
        for _ in range(FAILURES + 1):
            assert await service.hear(TRACK) is None
    assert await service.hear(TRACK) is not None


async def test_a_preview_is_heard(world: MusicWorld, clients: SourceClients) -> None:
    found = await listening(world, clients, "deezer").hear(TRACK)
    assert found is not None
    assert found.heard.best == "rock"
    assert not found.features.values
    assert world.reccobeats.analysed == [], "nothing is sent unless that is switched on"


@pytest.mark.parametrize("sound", [SPEECH, DAMAGED, b""])
async def test_the_next_source_is_asked_if_a_preview_is_of_no_use(
    sound: bytes, world: MusicWorld, clients: SourceClients
) -> None:
    world.deezer.preview = sound
    found = await listening(world, clients, "deezer", "itunes").hear(TRACK)
    assert found is not None
    assert world.itunes.asked("preview") == 1


async def test_without_any_preview_nothing_is_heard(
    world: MusicWorld, clients: SourceClients
) -> None:
    world.fail(Fault.ERROR)
    assert await listening(world, clients, "deezer", "itunes").hear(TRACK) is None


async def test_a_preview_is_measured_by_reccobeats_if_that_is_switched_on(
    world: MusicWorld, clients: SourceClients
) -> None:
    found = await listening(world, clients, "deezer", analysis=True).hear(TRACK)
    assert found is not None
    assert world.reccobeats.analysed == [MUSIC]
    assert found.features.values["danceability"] == ANALYSIS["danceability"]
    assert found.features.source == "reccobeats-analysis"


@pytest.mark.parametrize(("kind", "media_type"), [("a.mp3", "audio/mpeg"), ("a.m4a", "audio/mp4")])
async def test_what_is_sent_for_analysis_is_called_what_it_is(
    world: MusicWorld, clients: SourceClients, tmp_path: Path, kind: str, media_type: str
) -> None:
    api = clients.service(reccobeats_analysis.NAME, world.reccobeats.url)
    path = sound_files.write(tmp_path / kind, sound_files.tone(0.5), sound_files.kind(kind))
    with path.open("rb") as sound:
        assert await ReccoBeatsAnalysis(api).analyse(sound)
    assert world.reccobeats.media_types == [media_type]


# A reply that is held ends by the time limit of the client, which test_source_faults covers.
@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.HELD])
async def test_an_analysis_that_fails_leaves_what_was_heard(
    fault: Fault, world: MusicWorld, clients: SourceClients
) -> None:
    world.reccobeats.fail(fault)
    found = await listening(world, clients, "deezer", analysis=True).hear(TRACK)
    assert found is not None
    assert not found.features.values


def test_previews_are_off_by_default() -> None:
    assert Settings().previews == ()
    assert not Settings().reccobeats_analysis
