"""Files that Slack does not give: each ends in a sentence, and the token goes to Slack only."""

import logging

import pytest

from bot import texts
from bot.domain.errors import NotAudio, SoundslikeError, SoundUnavailable
from bot.domain.sound_ports import MAX_UPLOAD_BYTES
from bot.platforms.slack import uploads
from bot.texts import slack as words
from model.sound.errors import Problem
from tests.platforms.slack.dropped import TITLE, card_of
from tests.platforms.slack.scene import Scene, text_of
from tests.stubs.slack import faults
from tests.stubs.slack.faults import Fault
from tests.stubs.slack.objects import Json
from tests.stubs.slack.server import DOWNLOAD
from tests.support.fake_listener import MUSIC
from tests.support.loopback import Loopback

NAME = "song.mp3"
NOT_VISIBLE = NotAudio(Problem.NOT_VISIBLE)
UNREACHABLE = SoundUnavailable("Slack", "cannot be reached")
BIG = MUSIC + bytes(2000)


async def reply_to(scene: Scene, file: Json) -> str:
    """Post a file; return the one reply to it."""
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, "", files=[file])
        (reply,) = await scene.stub.wait_for_messages(scene.music)
        await scene.barrier()
    assert len(scene.stub.messages(scene.music)) == 2  # the reply, and the barrier's hint
    return text_of(reply)


def sentence(error: SoundslikeError, name: str = NAME) -> str:
    return texts.failure(error, name)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"size": MAX_UPLOAD_BYTES + 1}, Problem.TOO_BIG),
        ({"mode": "hidden_by_limit"}, Problem.MISSING),
        ({"file_access": "file_not_found"}, Problem.MISSING),
        ({"url_private": None, "url_private_download": None}, Problem.MISSING),
        ({"file_access": "access_denied"}, Problem.NOT_VISIBLE),
        ({"is_external": True, "mode": "external"}, Problem.ELSEWHERE),
        ({"url_private_download": "https://files.slack.com/song.mp3"}, Problem.ELSEWHERE),
        ({"url_private_download": "/files-pri/song.mp3"}, Problem.ELSEWHERE),
        ({"url_private_download": "http://[files"}, Problem.ELSEWHERE),
    ],
)
async def test_file_is_declined_by_what_slack_says_of_it_without_fetching_it(
    scene: Scene, fields: Json, problem: Problem
) -> None:
    file = scene.stub.web_api.files.add(MUSIC, NAME, **fields)
    assert await reply_to(scene, file) == sentence(NotAudio(problem))
    assert scene.stub.calls_to(DOWNLOAD) == []


async def test_token_is_not_sent_to_another_host(scene: Scene, loopback: Loopback) -> None:
    loopback.text("/song.mp3", "music")
    own = scene.stub.deliveries.url.removeprefix("http://")
    for address in (f"{loopback.url}/song.mp3", f"http://{own}@{loopback.url[7:]}/song.mp3"):
        file = scene.stub.web_api.files.add(MUSIC, NAME, url_private_download=address)
        assert await reply_to(scene, file) == sentence(NotAudio(Problem.ELSEWHERE))
        scene.stub.state.messages.clear()
    assert loopback.requests == []


async def test_redirect_to_another_host_is_not_followed(scene: Scene, loopback: Loopback) -> None:
    file = scene.stub.web_api.files.add(MUSIC, NAME)
    scene.stub.fail(DOWNLOAD, Fault(302, "", {"Location": f"{loopback.url}/login"}))
    assert await reply_to(scene, file) == sentence(NOT_VISIBLE)
    assert loopback.requests == []


async def test_redirect_on_slacks_own_host_is_followed(scene: Scene) -> None:
    file = scene.stub.web_api.files.add(MUSIC, NAME)
    to = file["url_private_download"].removeprefix(scene.stub.deliveries.url)
    scene.stub.fail(DOWNLOAD, Fault(302, "", {"Location": to}), times=uploads.MAX_REDIRECTS)
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, "", files=[file])
        assert TITLE in text_of(await card_of(scene))


async def test_redirects_end(scene: Scene) -> None:
    file = scene.stub.web_api.files.add(MUSIC, NAME)
    fault = Fault(302, "", {"Location": file["url_private_download"]})
    scene.stub.fail(DOWNLOAD, fault, times=uploads.MAX_REDIRECTS + 1)
    assert await reply_to(scene, file) == sentence(UNREACHABLE)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(200, "<html>", {"Content-Type": "text/html; charset=utf-8"}), NOT_VISIBLE),
        (Fault(403, "no"), NOT_VISIBLE),
        (Fault(404, "no"), NotAudio(Problem.MISSING)),
        (faults.http_error(503), UNREACHABLE),
        (Fault(200, BIG.decode()), NotAudio(Problem.TOO_BIG)),
        (faults.connection_lost(), UNREACHABLE),
        (faults.connection_lost(before_reply=True), UNREACHABLE),
    ],
    ids=["login page", "forbidden", "gone", "down", "longer than said", "cut", "not connected"],
)
async def test_failed_download_ends_in_a_sentence(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, fault: Fault, error: SoundslikeError
) -> None:
    monkeypatch.setattr(uploads, "MAX_UPLOAD_BYTES", len(BIG) - 1)
    file = scene.stub.web_api.files.add(MUSIC, NAME)
    scene.stub.fail(DOWNLOAD, fault, times=3)  # aiohttp connects again by itself
    assert await reply_to(scene, file) == sentence(error)


async def test_login_page_of_slack_itself_is_no_sound(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    file = scene.stub.web_api.files.add(MUSIC, NAME)
    scene.stub.fail("files.info", Fault(200, {"ok": True, "file": file}))
    scene.team.scopes.discard("files:read")
    assert await reply_to(scene, file) == sentence(NOT_VISIBLE)
    assert words.file_refused("sent a page instead of the file") in caplog.messages


async def test_missing_scope_is_told_kindly_and_the_operator_what_to_do(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.team.scopes.discard("files:read")
    file = scene.stub.web_api.files.add(MUSIC, NAME)
    reply = await reply_to(scene, file)
    assert reply == sentence(NotAudio(Problem.NO_PERMISSION), TITLE)
    warnings = [one.message for one in caplog.records if one.levelno == logging.WARNING]
    assert words.FILES_SCOPE_MISSING in warnings


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.api_error("file_deleted"), NotAudio(Problem.MISSING)),
        (faults.api_error("file_not_found"), NotAudio(Problem.MISSING)),
        (faults.api_error("access_denied"), NOT_VISIBLE),
        (faults.api_error("internal_error"), UNREACHABLE),
        (Fault(200, {"ok": True}), UNREACHABLE),
        (faults.http_error(502), UNREACHABLE),
    ],
    ids=["deleted", "not found", "denied", "failed", "malformed", "proxy"],
)
async def test_file_that_slack_does_not_describe(
    scene: Scene, fault: Fault, error: SoundslikeError
) -> None:
    scene.stub.fail("files.info", fault)
    file = scene.stub.web_api.files.add(MUSIC, NAME)
    assert await reply_to(scene, file) == sentence(error, TITLE)


@pytest.mark.parametrize("mimetype", ["audio/mpeg", "image/png"])
async def test_files_of_another_organisation_are_looked_up(scene: Scene, mimetype: str) -> None:
    """Of such files, an event has the id only (docs.slack.dev, Slack Connect)."""
    kind = mimetype.partition("/")[2]
    shared = scene.stub.web_api.files.add(MUSIC, f"it.{kind}", mimetype=mimetype, filetype=kind)
    told = {"id": shared["id"], "file_access": "check_file_info"}
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, "", files=[told])
        await scene.stub.wait_for_calls("files.info")
        await scene.barrier()
    replies = [text_of(one) for one in scene.stub.messages(scene.music)]
    assert any(TITLE in one for one in replies) == (mimetype == "audio/mpeg")
    assert len(scene.stub.calls_to(DOWNLOAD)) == (1 if mimetype == "audio/mpeg" else 0)


async def test_unknown_file_that_cannot_be_looked_up_is_not_answered(scene: Scene) -> None:
    scene.team.scopes.discard("files:read")
    told = {"id": "F1", "file_access": "check_file_info"}
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, "", files=[told])
        await scene.stub.wait_for_calls("files.info")
        await scene.barrier()
    assert len(scene.stub.messages(scene.music)) == 1  # the barrier's hint
