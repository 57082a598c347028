"""`check` asks Discord and the model store: a wrong token is a failure, their silence is not."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.cli import check
from bot.platforms.discord import token_check
from bot.runtime import log_setup
from bot.runtime.settings import Settings
from model.store import SHIPPED, BundleStore
from tests.support.loopback import Loopback

LOGIN = "MTIz.hush.hushhush"
FINE = {"✓": True, "✗": False}
Report = tuple[int, dict[str, tuple[bool | None, str]]]
Ask = Callable[..., Awaitable[Report]]
PATH = "/api/v10/applications/@me"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(log_setup, "configure", lambda _: None)


async def checked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], address: str, **given: str
) -> Report:
    """Run the command; returns its exit code, and what it says of each thing after its mark."""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    code = await check.report(address)
    out, err = capsys.readouterr()
    assert "hush" not in out + err
    lines = re.findall(r"^(\S) ([\w ]+): (.*)$", out, re.MULTILINE)
    return code, {about: (FINE.get(mark), said) for mark, about, said in lines}


@pytest.fixture
def ask(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], loopback: Loopback
) -> Ask:
    async def run(**given: str) -> Report:
        return await checked(monkeypatch, capsys, f"{loopback.url}/api/v10", **given)

    return run


@pytest.mark.parametrize(
    ("flags", "granted"),
    [(0, False), (1 << 17 | 1 << 20, False), (1 << 18, True), (1 << 19 | 1 << 23, True)],
)
async def test_it_says_whether_the_bot_will_see_pasted_links(
    ask: Ask, loopback: Loopback, flags: int, *, granted: bool
) -> None:
    loopback.json(PATH, {"id": "1", "name": "x", "flags": flags})
    code, said = await ask(DISCORD_TOKEN=LOGIN)
    assert (code, said["Discord"][0]) == (0, True)
    fine, intent = said["Message content"]
    assert fine is (granted or None)
    assert ("Message Content Intent" in intent) is not granted
    (request,) = loopback.requests
    assert request.headers["Authorization"] == f"Bot {LOGIN}"
    assert request.headers["User-Agent"].startswith("DiscordBot (")


async def test_a_token_that_discord_refuses_is_a_failure(ask: Ask, loopback: Loopback) -> None:
    loopback.json(PATH, {"message": "401: Unauthorized", "code": 0}, status=401)
    code, said = await ask(DISCORD_TOKEN=LOGIN)
    assert (code, said["Discord"][0]) == (78, False)
    assert "Reset it" in said["Discord"][1]
    assert "Message content" not in said


@pytest.mark.parametrize("token", ["hush\N{SNOWMAN}", "hush hush\thush"])
async def test_a_token_that_cannot_be_sent_is_refused_without_asking(
    ask: Ask, loopback: Loopback, token: str
) -> None:
    code, said = await ask(DISCORD_TOKEN=token)
    assert (code, said["Discord"][0]) == (78, False)
    assert loopback.requests == []


@pytest.mark.parametrize(
    ("status", "body"),
    [(403, "blocked"), (429, "{}"), (500, ""), (302, ""), (200, "<html>"), (200, "[]"),
     (200, "{}"), (200, '{"flags": "many"}')],
)  # fmt: skip
async def test_when_discord_does_not_say_nothing_is_wrong(
    ask: Ask, loopback: Loopback, status: int, body: str
) -> None:
    loopback.text(PATH, body, status=status, headers={"Location": "/elsewhere"})
    code, said = await ask(DISCORD_TOKEN=LOGIN)
    assert (code, said["Discord"][0]) == (0, None)
    assert "not checked" in said["Discord"][1]
    assert len(loopback.requests) == 1


async def test_offline_the_token_is_not_checked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = await checked(monkeypatch, capsys, "http://127.0.0.1:1", DISCORD_TOKEN=LOGIN)
    assert (code, said["Discord"][0]) == (0, None)
    assert "not checked" in said["Discord"][1]


async def test_a_discord_that_hangs_is_not_waited_for(
    ask: Ask, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    loopback.answer(PATH, hang)
    assert token_check.TIMEOUT.total == 5
    monkeypatch.setattr(token_check, "TIMEOUT", aiohttp.ClientTimeout(total=0.1))
    code, said = await ask(DISCORD_TOKEN=LOGIN)
    assert asked.is_set()
    assert (code, said["Discord"][0]) == (0, None)


async def test_without_a_token_discord_is_not_asked(ask: Ask, loopback: Loopback) -> None:
    code, said = await ask()
    assert code == 0
    assert loopback.requests == []
    assert "Discord" not in said


async def test_a_model_store_is_named_with_what_it_has(ask: Ask) -> None:
    version = BundleStore(SHIPPED).load("wide").metadata.version
    code, said = await ask(MODEL_STORE=str(SHIPPED))
    assert (code, said["MODEL_STORE"][0]) == (0, True)
    assert version in said["MODEL_STORE"][1]


@pytest.mark.parametrize("store", ["nowhere", "nothing://hush:hush@x/y", ""])
async def test_a_model_store_that_is_of_no_use_is_nothing_wrong(
    ask: Ask, tmp_path: Path, store: str
) -> None:
    code, said = await ask(MODEL_STORE=store and store.replace("nowhere", str(tmp_path / "no")))
    assert (code, said["MODEL_STORE"][0]) == (0, None)


async def test_a_disk_that_is_wiped_is_told(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DYNO", "worker.1")
    code, said = await ask()
    assert (code, said["DATA_DIR"][0]) == (0, None)
    assert "Heroku's disk" in said["DATA_DIR"][1]
    assert said["DATABASE_URL"][0]
