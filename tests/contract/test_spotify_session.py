"""Spotify: which refusals concern one endpoint, which all; its budget; its tokens."""

import json
import logging

import aiohttp
import pytest
from aiohttp import web

from bot.domain.errors import Forbidden, Unavailable
from bot.domain.source_states import Condition
from bot.sources.call_budget import CallBudget
from bot.sources.guard import SourceGuard
from bot.sources.spotify.session import SWITCHED_OFF_SECONDS, SpotifySession
from tests.support.clock import ManualClock
from tests.support.factories import OLD_TOWN_ROAD
from tests.support.fake_ledger import FakeSourceLedger
from tests.support.loopback import Loopback
from tests.support.virtual_time import START

TRACK = f"/v1/tracks/{OLD_TOWN_ROAD}"
PLAYLIST = "/v1/playlists/p"
PREMIUM = (
    "Active premium subscription required for the owner of the app. When the subscription status "
    "changes, it can take a few hours before requests are allowed again."
)
CALLS = 10


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def guard(clock: ManualClock) -> SourceGuard:
    budget = CallBudget("spotify", CALLS, FakeSourceLedger(lambda: START), lambda: START)
    return SourceGuard("spotify", budget=budget, now=lambda: START, clock=clock)


@pytest.fixture
async def spotify(
    loopback: Loopback, session: aiohttp.ClientSession, guard: SourceGuard
) -> SpotifySession:
    loopback.json("/token", {"access_token": "t", "token_type": "Bearer", "expires_in": 3600})
    loopback.json(TRACK, {"id": OLD_TOWN_ROAD})
    return SpotifySession(
        "id", "hush", session, api=f"{loopback.url}/v1/", token_url=f"{loopback.url}/token",
        guard=guard, user_agent="Soundslike/1 ( me@example.org )",
    )  # fmt: skip


async def ask_track(spotify: SpotifySession) -> object:
    return await spotify.call("track", OLD_TOWN_ROAD)


async def test_requests_carry_the_token_and_the_agent(
    spotify: SpotifySession, loopback: Loopback
) -> None:
    assert await ask_track(spotify) == {"id": OLD_TOWN_ROAD}
    token, track = loopback.requests
    assert token.headers["Authorization"].startswith("Basic ")
    assert track.headers["Authorization"] == "Bearer t"
    assert {token.headers["User-Agent"], track.headers["User-Agent"]} == {
        "Soundslike/1 ( me@example.org )"
    }


async def test_refused_playlist_disturbs_nothing_else(
    spotify: SpotifySession, loopback: Loopback, guard: SourceGuard
) -> None:
    loopback.json(PLAYLIST, {"error": {"status": 403, "message": "Forbidden"}}, status=403)
    for _ in range(3):
        with pytest.raises(Forbidden):
            await spotify.call("playlist", "p")
        assert await ask_track(spotify) == {"id": OLD_TOWN_ROAD}
    assert loopback.asked(PLAYLIST) == 1
    assert guard.state().condition is Condition.READY


async def test_missing_premium_switches_everything_off(
    spotify: SpotifySession, loopback: Loopback, clock: ManualClock, guard: SourceGuard
) -> None:
    loopback.text(TRACK, PREMIUM, status=403)
    with pytest.raises(Forbidden, match="Premium"):
        await ask_track(spotify)
    with pytest.raises(Forbidden):
        await spotify.call("playlist", "p")
    assert (loopback.asked(TRACK), loopback.asked(PLAYLIST)) == (1, 0)
    assert guard.state().condition is Condition.OFF
    loopback.json(TRACK, {"id": OLD_TOWN_ROAD})
    clock.now += SWITCHED_OFF_SECONDS
    assert await ask_track(spotify) == {"id": OLD_TOWN_ROAD}


@pytest.mark.parametrize("as_json", [False, True])
async def test_missing_premium_is_one_warning(
    spotify: SpotifySession,
    loopback: Loopback,
    clock: ManualClock,
    caplog: pytest.LogCaptureFixture,
    *,
    as_json: bool,
) -> None:
    error = {"error": {"status": 403, "message": PREMIUM}}
    loopback.text(TRACK, json.dumps(error) if as_json else PREMIUM, status=403)
    for _ in range(4):
        with pytest.raises(Forbidden):
            await ask_track(spotify)
        clock.now += SWITCHED_OFF_SECONDS / 2
    assert loopback.asked(TRACK) == 2
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING] == [
        "spotify: the app's owner needs Spotify Premium; no requests for 600 s"
    ]


async def test_rejected_token_switches_off_and_is_replaced_afterwards(
    spotify: SpotifySession, loopback: Loopback, clock: ManualClock
) -> None:
    tokens = iter("ab")

    async def token(_: web.Request) -> web.Response:
        return web.json_response(
            {"access_token": next(tokens), "token_type": "Bearer", "expires_in": 3600}
        )

    async def track(request: web.Request) -> web.Response:
        valid = request.headers["Authorization"] == "Bearer b"
        error = {"error": {"status": 401, "message": "Invalid access token"}}
        return web.json_response({"id": "x"} if valid else error, status=200 if valid else 401)

    loopback.answer("/token", token)
    loopback.answer(TRACK, track)
    with pytest.raises(Forbidden, match="token is rejected"):
        await ask_track(spotify)
    with pytest.raises(Forbidden):
        await spotify.call("playlist", "p")
    clock.now += SWITCHED_OFF_SECONDS
    assert await ask_track(spotify) == {"id": "x"}


async def test_quota_of_a_day_is_obeyed(
    spotify: SpotifySession, loopback: Loopback, guard: SourceGuard
) -> None:
    error = {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}
    loopback.json(TRACK, {"error": error}, status=429, headers={"Retry-After": "49861"})
    with pytest.raises(Unavailable, match="quota") as raised:
        await ask_track(spotify)
    assert raised.value.retry_after == 49_861
    with pytest.raises(Unavailable):
        await spotify.call("playlist", "p")
    assert guard.state().last_error == "the quota is used up"


async def test_budget_is_spent_by_calls_and_not_by_tokens(
    spotify: SpotifySession, guard: SourceGuard, loopback: Loopback
) -> None:
    for _ in range(CALLS):
        await ask_track(spotify)
    with pytest.raises(Unavailable, match="used up"):
        await ask_track(spotify)
    assert guard.state().budget_left == 0
    assert loopback.asked(TRACK) == CALLS


async def test_malformed_replies_stop_the_method(
    spotify: SpotifySession, loopback: Loopback
) -> None:
    for _ in range(3):
        await ask_track(spotify)
        spotify.malformed("a track without a name")
    with pytest.raises(Unavailable):
        await ask_track(spotify)
    assert loopback.asked(TRACK) == 3
