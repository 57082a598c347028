"""Requests with sound files: what is refused, and what is left open."""

import logging
from collections.abc import AsyncIterator

import pytest

from bot.concurrency.temporary_files import TemporaryFiles
from bot.domain.sound_ports import MAX_UPLOAD_BYTES
from bot.platforms.http import uploads
from bot.platforms.web import events, security
from bot.texts import web_page
from tests.support.fake_app import FakeApp
from tests.support.fake_listener import DAMAGED, MUSIC, SPEECH
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.dropped import BYTES, address, drop, refusal, serving


@pytest.fixture
def app() -> FakeApp:
    return FakeApp()


@pytest.fixture
async def client(app: FakeApp) -> AsyncIterator[Client]:
    async with serving(app) as running:
        yield running


@pytest.mark.parametrize("headers", [BYTES, {"Content-Type": "audio/mpeg"}], ids=str)
async def test_accepted_content_types(client: Client, headers: dict[str, str]) -> None:
    async with client.post(address(), data=MUSIC, headers=headers) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Content-Type": "text/plain"}, id="text"),
        pytest.param({"Content-Type": "multipart/form-data; boundary=x"}, id="a form"),
        pytest.param({"Content-Type": "application/x-www-form-urlencoded"}, id="another form"),
        pytest.param({"Content-Type": "video/mp4"}, id="video"),
        pytest.param(BYTES | {"Content-Encoding": "gzip"}, id="compressed"),
    ],
)
async def test_other_kinds_of_bodies_are_refused(
    client: Client, app: FakeApp, headers: dict[str, str]
) -> None:
    status, text = await refusal(client, address(), headers=headers)
    assert (status, text[-1]) == (415, ".")
    assert app.listener.groups == []


async def test_body_without_a_content_type_is_refused(client: Client) -> None:
    """Another page may send one without asking first."""
    skipped = {"Content-Type"}
    async with client.post(address(), data=MUSIC, skip_auto_headers=skipped) as response:
        assert response.status == 415


@pytest.mark.parametrize(
    "path",
    ["/api/sounds", "/api/sounds?name=a.mp3", "/api/sounds?id=..%2f..%2fetc", "/api/sounds?id=a"],
)
async def test_missing_or_malformed_id_is_rejected(client: Client, path: str) -> None:
    status, text = await refusal(client, path)
    assert (status, text) == (400, web_page.MALFORMED.format(field="id"))


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.test"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.test"},
    ],
    ids=str,
)
async def test_file_from_another_origin_is_rejected(
    client: Client, app: FakeApp, headers: dict[str, str]
) -> None:
    async with client.post(address(), data=MUSIC, headers=BYTES | headers) as response:
        assert response.status == 403
        assert security.COOKIE not in response.cookies
    assert app.listener.groups == []


async def test_more_than_the_limit_is_refused_with_a_sentence(
    client: Client, app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    too_big = (413, web_page.FILE_TOO_BIG)
    head = BYTES | {"Content-Length": str(2 << 30)}
    assert await refusal(client, address(), b"", head) == too_big
    monkeypatch.setattr(events, "MAX_UPLOAD_BYTES", 10)

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(6):
            yield b"music"

    assert await refusal(client, address(), pieces()) == too_big
    assert app.listener.groups == []
    assert f"{MAX_UPLOAD_BYTES >> 20} MB" in web_page.FILE_TOO_BIG


async def test_no_upload_is_left_open(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    opened: list[uploads.Uploads] = []
    make = uploads.Uploads

    def noted(files: TemporaryFiles) -> uploads.Uploads:
        opened.append(make(files=files))
        return opened[-1]

    monkeypatch.setattr(uploads, "Uploads", noted)
    async with serving(app) as client:
        for number, content in enumerate((MUSIC, SPEECH, DAMAGED, b"")):
            await drop(client, content, message_id=f"message-{number}")
    assert [one.number for one in opened] == [0]
    assert app.services.temporary_files.reserved == 0
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
