"""Refusals in the log: counted, in one line a minute, without what a stranger sent."""

import asyncio
import logging

import pytest

from bot.platforms.http import refusals
from bot.platforms.http.connections import Limits
from bot.texts import http as words
from tests.support.http_app import LONG, SIZE, App, answer, connect, post, serving


async def test_refusals_are_one_log_line(caplog: pytest.LogCaptureFixture) -> None:
    app = App()
    async with serving(app, Limits(64)) as port:
        for _ in range(3):
            await answer(await connect(port, post(SIZE + 1)))
            await answer(await connect(port, b"\x16\x03\x01\r\n\r\n"))
            await answer(await connect(port, b"GET / HTTP/1.1\r\nno header\r\n\r\n"))
        for _ in range(2):  # the client goes while its body is read
            app.started.clear()
            _, writer = await connect(port, post(9, b"x"))
            await app.started.wait()
            writer.transport.abort()
        async with asyncio.timeout(LONG):
            while app.application[refusals.REFUSALS]._counts[words.CUT_SHORT] < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
    (line,) = [record.getMessage() for record in caplog.records]
    for part in (
        f"3 times: {words.too_long(SIZE)[:-1]}",
        f"6 times: {words.NOT_HTTP[:-1]}",
        "2 times: ",
    ):
        assert part in line
    assert "Traceback" not in caplog.text


def test_reports_are_a_minute_apart(caplog: pytest.LogCaptureFixture) -> None:
    seconds = 0.0

    def clock() -> float:
        return seconds

    counter = refusals.Refusals("Test", clock)
    for seconds in (0.0, 1.0, 59.0, 60.0, 61.0):  # noqa: B007 - the clock
        counter.count("A reason.")
        counter.report()
    counter.report(final=True)
    lines = [record.getMessage() for record in caplog.records]
    assert [line.partition(": ")[2] for line in lines] == [
        "1 times: A reason", "3 times: A reason", "1 times: A reason",
    ]  # fmt: skip
    assert caplog.records[0].levelno == logging.WARNING


def test_faults_of_the_protocol_are_logged_without_their_message(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = refusals.ProtocolLog(refusals.Refusals("Test"))
    log.exception("failed", exc_info=RuntimeError("HUSH".lower()))  # noqa: LOG004 - as aiohttp does
    log.exception("no error")  # noqa: LOG004
    assert ("RuntimeError" in caplog.text, "no error" in caplog.text) == (True, True)
    assert "hush" not in caplog.text
