"""HTTP requests that never end: what they do to signed events and to the stop."""

import asyncio
import json

import aiohttp
import pytest
from yarl import URL

from bot.platforms.http.bodies import MAX_BYTES_AT_ONCE
from bot.platforms.slack import http_server
from bot.platforms.slack.http_server import MAX_BODY_BYTES
from bot.platforms.slack.signatures import Signature
from bot.services.job_runner import JobRunner
from tests.platforms.slack.scene import Scene
from tests.stubs.slack.signing import signature_headers

JSON = {"Content-Type": "application/json"}


def challenge(length: int = 0) -> bytes:
    """Return the body of a request that is answered without effects."""
    payload = {"type": "url_verification", "challenge": "abc", "more": "x" * length}
    return json.dumps(payload).encode()


async def start_request(
    address: str, length: int, sent: bytes
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Send the first bytes of a body of `length` bytes with a wrong signature."""
    url = URL(address)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    headers = signature_headers(sent, "not-the-secret") | JSON | {"Content-Length": str(length)}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(f"POST /slack/events HTTP/1.1\r\nHost: x\r\n{lines}\r\n".encode() + sent)
    return reader, writer


async def test_unsigned_bodies_that_never_end_keep_no_signed_event_from_being_accepted(
    scene: Scene, session: aiohttp.ClientSession
) -> None:
    async with scene.bot(scene.http_credentials()) as running:
        sent = bytes(MAX_BODY_BYTES - 1)
        count = 2 * MAX_BYTES_AT_ONCE // MAX_BODY_BYTES
        held = [await start_request(running.address, MAX_BODY_BYTES, sent) for _ in range(count)]
        answers = [asyncio.create_task(reader.read(1)) for reader, _ in held]
        await asyncio.wait(answers, return_when=asyncio.FIRST_COMPLETED)  # all bytes are held
        for body in (challenge(), challenge(900_000), challenge()):
            async with session.post(
                f"{running.address}/slack/events",
                data=body,
                headers=signature_headers(body) | JSON,
            ) as response:
                assert response.status == 200
        for _, writer in held:
            writer.close()
        await asyncio.gather(*answers, return_exceptions=True)


async def test_a_request_that_does_not_end_takes_its_time_from_that_of_the_jobs_at_the_stop(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.stop_seconds = 0.4
    monkeypatch.setattr(http_server, "BODY_SECONDS", scene.stub.timeout)
    reading, update = asyncio.Event(), Signature.update
    stop, left = JobRunner.stop, list[float]()

    def updated(signature: Signature, piece: bytes) -> None:
        reading.set()
        update(signature, piece)

    async def stopped(runner: JobRunner, seconds: float) -> None:
        left.append(seconds)
        await stop(runner, seconds)

    monkeypatch.setattr(Signature, "update", updated)
    monkeypatch.setattr(JobRunner, "stop", stopped)
    async with scene.bot(scene.http_credentials()) as running:
        _, writer = await start_request(running.address, 9, b"{")
        await reading.wait()
    assert 0 < left[0] <= scene.stop_seconds / 2
    writer.close()
