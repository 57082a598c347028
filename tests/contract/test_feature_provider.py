"""Contract of FeatureProvider: the adapters against a loopback server, and the fake."""

import logging
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.domain.errors import Unavailable
from bot.domain.source_ports import FeatureProvider
from bot.domain.tracks import AudioFeatures, Track
from bot.sources.embedded_songs import EmbeddedSong, EmbeddedSongs
from bot.sources.http_client import HttpService
from bot.sources.reccobeats import ReccoBeatsFeatures
from bot.sources.spotify.features import SpotifyFeatures
from bot.sources.spotify.session import SpotifySession
from tests.support.factories import OLD_TOWN_ROAD, VALUES, track
from tests.support.fakes import FakeFeatures
from tests.support.loopback import Loopback

pytestmark = pytest.mark.filterwarnings("ignore:.*audio_features:DeprecationWarning")

ISRC = "USSM11904128"
MEASURED = {name: value for name, value in VALUES.items() if name != "duration_ms"}
ROW: dict[str, Any] = {
    "id": "8212bab8-0000-4000-8000-000000000001",
    "href": f"https://open.spotify.com/track/{OLD_TOWN_ROAD}",
    "isrc": ISRC,
    **MEASURED,
}


async def features(provider: FeatureProvider, asked: Track) -> AudioFeatures | None:
    (found,) = await provider.measure([asked])
    return found.features if found else None


def spotify(url: str, session: aiohttp.ClientSession) -> SpotifySession:
    return SpotifySession("id", "secret", session, api=f"{url}/v1/", token_url=f"{url}/token")


@pytest.fixture(params=["fake", "sample", "reccobeats", "spotify"])
async def provider(
    request: pytest.FixtureRequest, loopback: Loopback, session: aiohttp.ClientSession
) -> AsyncIterator[FeatureProvider]:
    async def reccobeats(request: web.Request) -> web.Response:
        other = {**ROW, "href": f"https://open.spotify.com/track/{'1' * 22}", "isrc": "X"}
        known = request.query["ids"] in (OLD_TOWN_ROAD, ISRC)
        return web.json_response({"content": [other, ROW] if known else []})

    async def audio_features(request: web.Request) -> web.Response:
        known = request.query["ids"] == OLD_TOWN_ROAD
        return web.json_response({"audio_features": [MEASURED if known else None]})

    loopback.answer("/v1/audio-features", reccobeats)
    match request.param:
        case "fake":
            yield FakeFeatures({OLD_TOWN_ROAD: MEASURED})
        case "sample":
            yield EmbeddedSongs(
                [EmbeddedSong(track(), AudioFeatures.from_source(MEASURED, "sample"), "pop")]
            )
        case "reccobeats":
            yield ReccoBeatsFeatures(HttpService("reccobeats", loopback.url, session))
        case _:
            loopback.json("/token", {"access_token": "t", "expires_in": 3600})
            loopback.answer("/v1/audio-features/", audio_features)
            yield SpotifyFeatures(spotify(loopback.url, session))


async def test_known_track_returns_valid_features_with_their_source(
    provider: FeatureProvider,
) -> None:
    found = await features(provider, track())
    assert found is not None
    assert found.values == MEASURED
    assert found.source in {"fake", "sample", "reccobeats", "spotify"}


async def test_unknown_track_returns_none(provider: FeatureProvider) -> None:
    assert await features(provider, track("0" * 22)) is None


async def test_track_without_an_id_returns_none(provider: FeatureProvider) -> None:
    assert await features(provider, track(None, title="unknown")) is None


async def test_reccobeats_finds_a_track_by_isrc(
    loopback: Loopback, session: aiohttp.ClientSession
) -> None:
    loopback.json("/v1/audio-features", {"content": [{**ROW, "href": None}]})
    provider = ReccoBeatsFeatures(HttpService("reccobeats", loopback.url, session))
    for asked in (track(None, isrc=ISRC), track(isrc=ISRC)):
        found = await features(provider, asked)
        assert found is not None
        assert found.values == MEASURED


@pytest.mark.parametrize(
    "broken",
    [{"energy": 1.7}, {"energy": "loud"}, {"tempo": True}, {"valence": [1]}],
)
async def test_invalid_core_feature_raises_unavailable_and_is_logged(
    loopback: Loopback,
    session: aiohttp.ClientSession,
    caplog: pytest.LogCaptureFixture,
    broken: dict[str, Any],
) -> None:
    loopback.json("/v1/audio-features", {"content": [ROW | broken]})
    with pytest.raises(Unavailable, match="unexpected"):
        await features(ReccoBeatsFeatures(HttpService("r", loopback.url, session)), track())
    assert next(iter(broken)) in caplog.text


async def test_invalid_optional_feature_is_omitted_and_logged(
    loopback: Loopback, session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    loopback.json("/v1/audio-features", {"content": [ROW | {"key": 12}]})
    found = await features(ReccoBeatsFeatures(HttpService("r", loopback.url, session)), track())
    assert found is not None
    assert set(MEASURED) - set(found.values) == {"key"}
    assert "key is 12" in caplog.text


async def test_null_feature_is_omitted(loopback: Loopback, session: aiohttp.ClientSession) -> None:
    loopback.json("/v1/audio-features", {"content": [ROW | {"key": None, "mode": None}]})
    found = await features(ReccoBeatsFeatures(HttpService("r", loopback.url, session)), track())
    assert found is not None
    assert "key" not in found.values
    assert found.values["energy"] == MEASURED["energy"]


async def test_closed_spotify_endpoint_is_disabled_with_one_warning(
    loopback: Loopback, session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    loopback.json("/token", {"access_token": "secret-token", "expires_in": 3600})
    closed = {"error": {"status": 403, "message": "Forbidden"}}
    loopback.json("/v1/audio-features/", closed, status=403)
    provider = SpotifyFeatures(spotify(loopback.url, session))
    with caplog.at_level(logging.DEBUG):
        for _ in range(3):
            assert await features(provider, track()) is None
    assert loopback.asked("/v1/audio-features/") == 1
    assert caplog.text.count("access is refused") == 1
    assert "secret-token" not in caplog.text


@pytest.mark.parametrize("body", ["x", [], {"audio_features": 1}, {"audio_features": [1]}, None])
async def test_unexpected_json_of_spotify_raises_unavailable(
    loopback: Loopback, session: aiohttp.ClientSession, body: Any
) -> None:
    loopback.json("/token", {"access_token": "t", "expires_in": 3600})
    loopback.json("/v1/audio-features/", body)
    with pytest.raises(Unavailable):
        await features(SpotifyFeatures(spotify(loopback.url, session)), track())
