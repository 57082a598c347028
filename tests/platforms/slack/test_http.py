"""HTTP events: signatures, malformed requests, several processes behind a load balancer."""

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
from bot.texts import http as texts
from tests.platforms.slack.scene import Scene, text_of
from tests.stubs.slack.signing import encode, signature_headers
from tests.support.bot_process import offline_settings
from tests.support.fake_app import LINK

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CHALLENGE = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()


@pytest.fixture
async def address(scene: Scene) -> AsyncIterator[str]:
    """Run the bot; yield the address of its server."""
    async with scene.bot(scene.http_credentials()) as running:
        yield running.address


async def status(
    session: aiohttp.ClientSession, address: str, body: bytes, headers: Mapping[str, str]
) -> int:
    """Post a request to the bot; return the status."""
    async with session.post(
        f"{address}/slack/events", data=io.BytesIO(body), headers=headers
    ) as response:
        await response.read()
        return response.status


async def test_events_and_interactions_are_answered(scene: Scene) -> None:
    async with scene.bot(scene.http_credentials()):
        card = await scene.paste(LINK)
        scene.actions.react(scene.music, card["ts"], scene.bob, "saxophone")
        await scene.wait_for_text(card, "1 says jazz.")
        assert await scene.response_text(scene.choose(card, scene.bob, "folk")) == (
            "Your vote: folk. It replaces your reactions. Thank you!"
        )
        scene.actions.command(scene.music, scene.bob, "heroes - david bowie")
        await scene.stub.wait_for_messages(scene.music, 2)


async def test_url_verification_challenge_is_answered(
    address: str, session: aiohttp.ClientSession
) -> None:
    async with session.post(
        f"{address}/slack/events", data=CHALLENGE, headers=signature_headers(CHALLENGE) | JSON
    ) as response:
        assert await response.json() == {"challenge": "abc"}


async def test_health_check_succeeds(address: str, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{address}/healthz") as response:
        assert (response.status, await response.json()) == (200, {"ok": True})
    async with session.get(f"{address}/slack/install") as response:
        assert response.status == 404


TIMESTAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"

REFUSED_HEADS: Mapping[str, tuple[int, Callable[[], dict[str, str]]]] = {
    "no signature": (401, dict),
    "timestamp alone": (401, lambda: {TIMESTAMP: str(int(time.time()))}),
    "other secret": (401, lambda: signature_headers(CHALLENGE, "not-the-secret")),
    "other body": (401, lambda: signature_headers(CHALLENGE + b" ")),
    "six minutes old": (401, lambda: signature_headers(CHALLENGE, timestamp=time.time() - 360)),
    "six minutes ahead": (401, lambda: signature_headers(CHALLENGE, timestamp=time.time() + 360)),
    "timestamp in words": (400, lambda: signature_headers(CHALLENGE) | {TIMESTAMP: "soon"}),
    "400 digits": (400, lambda: signature_headers(CHALLENGE) | {TIMESTAMP: "9" * 400}),
    "digits of another script": (400, lambda: signature_headers(CHALLENGE) | {TIMESTAMP: "\u0663"}),
    "no hexadecimal hash": (400, lambda: signature_headers(CHALLENGE) | {SIGNATURE: "v0=\u00e9"}),
    "empty hash": (400, lambda: signature_headers(CHALLENGE) | {SIGNATURE: ""}),
    "gzip": (415, lambda: signature_headers(CHALLENGE) | {"Content-Encoding": "gzip"}),
    "another type": (415, lambda: signature_headers(CHALLENGE) | {"Content-Type": "text/plain"}),
}


@pytest.mark.parametrize(("expected", "headers"), REFUSED_HEADS.values(), ids=REFUSED_HEADS)
async def test_request_is_refused_by_its_headers_or_signature(
    address: str,
    session: aiohttp.ClientSession,
    expected: int,
    headers: Callable[[], dict[str, str]],
) -> None:
    # Signed here: a timestamp that is invalid at collection may be valid when the test runs.
    assert await status(session, address, CHALLENGE, JSON | headers()) == expected


@pytest.mark.parametrize("headers", [{}, {"Content-Encoding": "gzip"}])
async def test_unsigned_request_is_refused_before_its_body_is_read(
    address: str, headers: dict[str, str]
) -> None:
    lines = JSON | {"Host": "x", "Content-Length": "1000"} | headers
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    host, port = address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"POST /slack/events HTTP/1.1\r\n{head}\r\n".encode())  # and no body
    answer = await reader.readline()
    writer.close()
    assert answer.split()[1] == (b"415" if headers else b"401")


async def test_refusal_is_one_sentence(address: str, session: aiohttp.ClientSession) -> None:
    async with session.post(f"{address}/slack/events", data=CHALLENGE, headers=JSON) as response:
        assert await response.text() == f"{texts.NOT_SIGNED}\n"
        assert response.content_type == "text/plain"
        assert response.headers["Connection"] == "close"
    async with session.get(f"{address}/slack/events") as response:
        assert (response.status, response.headers["Allow"]) == (405, "POST")
        assert await response.text() == f"{texts.METHOD}\n"
    async with session.get(f"{address}/nothing") as response:
        assert (response.status, await response.text()) == (404, f"{texts.NOT_FOUND}\n")


async def test_forged_event_is_not_answered(scene: Scene, session: aiohttp.ClientSession) -> None:
    async with scene.bot(scene.http_credentials()) as running:
        scene.stub.deliveries.processes.clear()
        _, deliveries = scene.actions.post(scene.music, scene.ada, LINK)
        body, kind = encode(deliveries[0].kind, deliveries[0].payload)
        headers = signature_headers(body, "not-the-secret") | {"Content-Type": kind}
        assert await status(session, running.address, body, headers) == 401
        assert await status(session, running.address, body, signature_headers(body) | JSON) == 200
        await scene.stub.wait_for_calls("reactions.add", 4)
        # replayed
        assert await status(session, running.address, body, signature_headers(body) | JSON) == 200
        scene.stub.deliveries.processes.append(running.address)
        await scene.barrier()
    assert len(scene.stub.messages(scene.music)) == 2  # the card, and the barrier's hint


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(b"\xff\xfe", 400, id="not UTF-8"),
        pytest.param(b"{", 400, id="truncated JSON"),
        pytest.param(b"payload=%7B", 400, id="truncated JSON in a form"),
        pytest.param(b"{" * 100_000, 400, id="deeply nested"),
        pytest.param(b"[" * 100_000, 400, id="deeply nested lists"),
        pytest.param(b"x" * (MAX_BODY_BYTES + 1), 413, id="too long"),
    ],
)
async def test_malformed_body_is_rejected(
    address: str, session: aiohttp.ClientSession, body: bytes, expected: int
) -> None:
    headers = JSON if body.startswith((b"[", b"{")) else FORM
    try:
        signature = signature_headers(body)
        assert await status(session, address, body, signature | headers) == expected
    except aiohttp.ClientOSError:
        assert expected == 413  # the connection is closed before the whole body is sent


@pytest.mark.parametrize("body", [b"[]", b"payload=[]", b'{"a":' * 90_000 + b"1" + b"}" * 90_000])
async def test_unsigned_request_is_rejected_before_its_body_is_parsed(
    address: str, session: aiohttp.ClientSession, body: bytes
) -> None:
    assert (
        await status(session, address, body, signature_headers(body, "not-the-secret") | JSON)
        == 401
    )


async def test_unknown_charset_is_accepted(address: str, session: aiohttp.ClientSession) -> None:
    headers = {"Content-Type": "application/json; charset=x-nonsense"}
    assert await status(session, address, CHALLENGE, signature_headers(CHALLENGE) | headers) == 200


async def test_event_is_acknowledged_before_it_is_answered(scene: Scene) -> None:
    async with scene.bot(scene.http_credentials()):
        with scene.blocked_features() as (started, proceed):
            _, deliveries = scene.actions.post(scene.music, scene.ada, LINK)
            await scene.within_timeout(started.wait())
            await scene.stub.wait_for_acks(deliveries)
            for delivery in deliveries:  # Slack may send it again nevertheless: x-slack-retry-num
                scene.stub.deliveries.resend(delivery)
            await scene.stub.wait_for_acks(deliveries)
            proceed.set()
            await scene.stub.wait_for_calls("reactions.add", 4)
        await scene.barrier()
    assert [delivery.attempts for delivery in deliveries] == [2, 2]
    assert len(scene.stub.messages(scene.music)) == 2  # the card, and the barrier's hint


async def test_unavailable_address_is_a_configuration_error(scene: Scene) -> None:
    async with scene.bot(scene.http_credentials()) as running:
        port = int(running.address.rpartition(":")[2])
        second = SlackPlatform(scene.http_credentials(), host="127.0.0.1", port=port)

        async def notify_ready(line: str) -> None:
            raise AssertionError(line)

        with pytest.raises(ConfigurationError, match="SLACK_PORT"):
            await scene.within_timeout(second.run(scene.app.services, notify_ready))


async def test_card_in_progress_is_sent_before_the_bot_stops(scene: Scene) -> None:
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(scene.bot(scene.http_credentials()))
        with scene.blocked_features() as (started, proceed):
            _, deliveries = scene.actions.post(scene.music, scene.ada, LINK)
            await scene.within_timeout(started.wait())
            await scene.stub.wait_for_acks(deliveries)
            running.task.cancel()
            proceed.set()
            await scene.within_timeout(asyncio.wait([running.task]))
    assert len(scene.stub.messages(scene.music)) == 1
    assert len(scene.stub.state.files) == 1


async def test_two_processes_answer_each_message_once(scene: Scene, tmp_path: Path) -> None:
    def settings() -> Settings:
        return offline_settings(tmp_path)

    channels = [scene.actions.channel(scene.team) for _ in range(6)]
    async with AsyncExitStack() as stack:
        for _ in range(2):
            opened = await stack.enter_async_context(open_services(settings()))
            await stack.enter_async_context(scene.bot(scene.http_credentials(), opened.services))
        for channel in channels:
            scene.actions.post(channel, scene.ada, f"{scene.mention} {LINK}")
        for channel in channels:
            await scene.stub.wait_for_messages(channel)
        await scene.stub.wait_for_calls("reactions.add", 4 * len(channels))
        await scene.stub.wait_for_acks(scene.stub.deliveries.all)
        for delivery in list(scene.stub.deliveries.all):
            scene.stub.deliveries.resend(delivery)
        await scene.stub.wait_for_acks(scene.stub.deliveries.all)
        (card,) = scene.stub.messages(channels[0])
        scene.actions.react(channels[0], card["ts"], scene.bob, "saxophone")
        await scene.stub.until(lambda: "1 says jazz." in text_of(card))
    assert [len(scene.stub.messages(channel)) for channel in channels] == [1] * len(channels)
    assert len(scene.stub.state.files) == len(channels)
