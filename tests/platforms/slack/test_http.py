"""HTTP events: who is let in, and several processes behind a load balancer."""

import asyncio
import io
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

from bot.domain.errors import ConfigurationError
from bot.platforms.slack.http_server import MAX_BODY_BYTES
from bot.platforms.slack.platform import SlackPlatform
from bot.runtime.composition import open_services
from bot.runtime.settings import Settings
from tests.platforms.slack.scene import Scene, text_of
from tests.stubs.slack.delivery import encode, signature_headers
from tests.support.fake_app import LINK

NOBODY = "http://127.0.0.1:1"
JSON = {"Content-Type": "application/json"}
CHALLENGE = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()


@pytest.fixture
async def address(scene: Scene) -> AsyncIterator[str]:
    """Run the bot; lend where it listens."""
    async with scene.bot(scene.http_credentials()) as running:
        yield running.address


async def status(
    session: aiohttp.ClientSession, address: str, body: bytes, headers: Mapping[str, str]
) -> int:
    """Post to the bot as anybody can."""
    async with session.post(
        f"{address}/slack/events", data=io.BytesIO(body), headers=headers
    ) as response:
        await response.read()
        return response.status


async def test_a_pasted_link_is_answered(scene: Scene) -> None:
    async with scene.bot(scene.http_credentials()):
        card = await scene.paste(LINK)
        scene.actions.react(scene.music, card["ts"], scene.bob, "saxophone")
        await scene.wait_for_text(card, "jazz (1)")
        assert await scene.response_text(scene.choose(card, scene.bob, "folk")) == (
            "Your vote: folk. It replaces your reactions. Thank you!"
        )
        scene.actions.command(scene.music, scene.bob, "heroes - david bowie")
        await scene.stub.wait_for_messages(scene.music, 2)


async def test_slack_is_told_that_the_address_is_ours(
    address: str, session: aiohttp.ClientSession
) -> None:
    async with session.post(
        f"{address}/slack/events", data=CHALLENGE, headers=signature_headers(CHALLENGE) | JSON
    ) as response:
        assert await response.json() == {"challenge": "abc"}


async def test_a_load_balancer_is_told_that_it_lives(
    address: str, session: aiohttp.ClientSession
) -> None:
    async with session.get(f"{address}/healthz") as response:
        assert (response.status, await response.json()) == (200, {"ok": True})
    async with session.get(f"{address}/slack/install") as response:
        assert response.status == 404


FORGED: Mapping[str, Callable[[], dict[str, str]]] = {
    "no signature": dict,
    "another secret": lambda: signature_headers(CHALLENGE, "not-the-secret"),
    "another body": lambda: signature_headers(CHALLENGE + b" "),
    "six minutes old": lambda: signature_headers(CHALLENGE, timestamp=time.time() - 360),
    "six minutes ahead": lambda: signature_headers(CHALLENGE, timestamp=time.time() + 360),
    "no time": lambda: signature_headers(CHALLENGE) | {"X-Slack-Request-Timestamp": "soon"},
    "an endless time": lambda: (
        signature_headers(CHALLENGE) | {"X-Slack-Request-Timestamp": "9" * 5000}
    ),
    "no hash": lambda: (
        signature_headers(CHALLENGE)
        | {"X-Slack-Signature": "v0=\N{LATIN SMALL LETTER E WITH ACUTE}"}
    ),
    "an empty hash": lambda: signature_headers(CHALLENGE) | {"X-Slack-Signature": ""},
}


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED)
async def test_what_slack_has_not_signed_is_turned_away(
    address: str, session: aiohttp.ClientSession, headers: Callable[[], dict[str, str]]
) -> None:
    # Signed now: a time that is wrong when the tests are collected may be right when they run.
    assert await status(session, address, CHALLENGE, headers() | JSON) == 401


async def test_a_forged_event_is_not_answered(scene: Scene, session: aiohttp.ClientSession) -> None:
    async with scene.bot(scene.http_credentials()) as running:
        scene.stub.deliveries.processes.clear()
        _, told = scene.actions.post(scene.music, scene.ada, LINK)
        body, kind = encode(told[0])
        headers = signature_headers(body, "not-the-secret") | {"Content-Type": kind}
        assert await status(session, running.address, body, headers) == 401
        assert await status(session, running.address, body, signature_headers(body) | JSON) == 200
        await scene.stub.wait_for_calls("reactions.add", 4)
        assert (
            await status(session, running.address, body, signature_headers(body) | JSON) == 200
        )  # replayed
        scene.stub.deliveries.processes.append(running.address)
        await scene.barrier()
    assert len(scene.stub.messages(scene.music)) == 2  # the card, and the barrier's hint


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(b"\xff\xfe", 400, id="not UTF-8"),
        pytest.param(b"{", 400, id="half a JSON"),
        pytest.param(b"payload=%7B", 400, id="half a JSON in a form"),
        pytest.param(b"{" * 100_000, 400, id="nested without end"),
        pytest.param(b"x" * (MAX_BODY_BYTES + 1), 413, id="too long"),
    ],
)
async def test_what_makes_no_sense_is_turned_away(
    address: str, session: aiohttp.ClientSession, body: bytes, expected: int
) -> None:
    headers = JSON if body.startswith((b"[", b"{")) else {}
    try:
        stamp = signature_headers(body)
        assert await status(session, address, body, stamp | headers) == expected
    except aiohttp.ClientOSError:
        assert expected == 413  # the connection is closed before all of it is sent


@pytest.mark.parametrize("body", [b"[]", b"payload=[]", b'{"a":' * 90_000 + b"1" + b"}" * 90_000])
async def test_who_has_not_signed_is_turned_away_before_the_body_is_read(
    address: str, session: aiohttp.ClientSession, body: bytes
) -> None:
    assert (
        await status(session, address, body, signature_headers(body, "not-the-secret") | JSON)
        == 401
    )


async def test_an_odd_charset_is_no_reason_to_fail(
    address: str, session: aiohttp.ClientSession
) -> None:
    odd = {"Content-Type": "application/json; charset=x-nonsense"}
    assert await status(session, address, CHALLENGE, signature_headers(CHALLENGE) | odd) == 200


async def test_an_event_is_acknowledged_while_its_card_is_still_made(scene: Scene) -> None:
    async with scene.bot(scene.http_credentials()):
        with scene.blocked_features() as (started, proceed):
            _, told = scene.actions.post(scene.music, scene.ada, LINK)
            await scene.within_timeout(started.wait())
            await scene.stub.wait_for_acks(told)
            for delivery in told:  # Slack sends it again all the same: x-slack-retry-num
                scene.stub.deliveries.resend(delivery)
            await scene.stub.wait_for_acks(told)
            proceed.set()
            await scene.stub.wait_for_calls("reactions.add", 4)
        await scene.barrier()
    assert [delivery.attempts for delivery in told] == [2, 2]
    assert len(scene.stub.messages(scene.music)) == 2  # the card, and the barrier's hint


async def test_an_address_that_cannot_be_had_ends_the_start(scene: Scene) -> None:
    async with scene.bot(scene.http_credentials()) as running:
        port = int(running.address.rpartition(":")[2])
        second = SlackPlatform(scene.http_credentials(), host="127.0.0.1", port=port)

        async def ready(line: str) -> None:
            raise AssertionError(line)

        with pytest.raises(ConfigurationError, match="SLACK_PORT"):
            await scene.within_timeout(second.run(scene.app.services, ready))


async def test_a_card_that_is_being_made_arrives_before_the_bot_stops(scene: Scene) -> None:
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(scene.bot(scene.http_credentials()))
        with scene.blocked_features() as (started, proceed):
            _, told = scene.actions.post(scene.music, scene.ada, LINK)
            await scene.within_timeout(started.wait())
            await scene.stub.wait_for_acks(told)
            running.task.cancel()
            proceed.set()
            await scene.within_timeout(asyncio.wait([running.task]))
    assert len(scene.stub.messages(scene.music)) == 1
    assert len(scene.stub.state.files) == 1


async def test_two_processes_behind_a_round_robin_answer_each_message_once(
    scene: Scene, tmp_path: Path
) -> None:
    def settings() -> Settings:
        return Settings(data_dir=tmp_path, reccobeats_url=NOBODY, oembed_url=NOBODY)

    rooms = [scene.actions.channel(scene.team) for _ in range(6)]
    async with AsyncExitStack() as stack:
        for _ in range(2):
            opened = await stack.enter_async_context(open_services(settings()))
            await stack.enter_async_context(scene.bot(scene.http_credentials(), opened.services))
        for room in rooms:
            scene.actions.post(room, scene.ada, f"{scene.mention} {LINK}")
        for room in rooms:
            await scene.stub.wait_for_messages(room)
        await scene.stub.wait_for_calls("reactions.add", 4 * len(rooms))
        await scene.stub.wait_for_acks(scene.stub.deliveries.all)
        for delivery in list(scene.stub.deliveries.all):
            scene.stub.deliveries.resend(delivery)
        await scene.stub.wait_for_acks(scene.stub.deliveries.all)
        (card,) = scene.stub.messages(rooms[0])
        scene.actions.react(rooms[0], card["ts"], scene.bob, "saxophone")
        await scene.stub.until(lambda: "jazz (1)" in text_of(card))
    assert [len(scene.stub.messages(room)) for room in rooms] == [1] * len(rooms)
    assert len(scene.stub.state.files) == len(rooms)
