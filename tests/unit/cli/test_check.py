"""Command `check`: Discord token, model store and disk.

A rejected token is a failure; an unreachable service is not.
"""

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

CREDENTIAL = "MTIz.hush.hushhush"
OK_BY_MARK = {"✓": True, "✗": False}
Report = tuple[int, dict[str, tuple[bool | None, str]]]
Ask = Callable[..., Awaitable[Report]]
PATH = "/api/v10/applications/@me"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (*Settings.model_fields, "local_host", "local_port"):
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(log_setup, "configure", lambda _: None)


async def run_check(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    address: str,
    **variables: str,
) -> Report:
    """Run the command; return its exit code, and (ok, text) of each finding by name."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    code = await check.report(address)
    out, err = capsys.readouterr()
    assert "hush" not in out + err
    lines = re.findall(r"^(\S) ([\w ]+): (.*)$", out, re.MULTILINE)
    return code, {what: (OK_BY_MARK.get(mark), text) for mark, what, text in lines}


@pytest.fixture
def ask(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], loopback: Loopback
) -> Ask:
    async def run(**variables: str) -> Report:
        return await run_check(monkeypatch, capsys, f"{loopback.url}/api/v10", **variables)

    return run


@pytest.mark.parametrize(
    ("flags", "granted"),
    [(0, False), (1 << 17 | 1 << 20, False), (1 << 18, True), (1 << 19 | 1 << 23, True)],
)
async def test_message_content_intent_is_reported(
    ask: Ask, loopback: Loopback, flags: int, *, granted: bool
) -> None:
    loopback.json(PATH, {"id": "1", "name": "x", "flags": flags})
    code, findings = await ask(DISCORD_TOKEN=CREDENTIAL)
    assert (code, findings["Discord"][0]) == (0, True)
    ok, intent = findings["Message content"]
    assert ok is (granted or None)
    assert ("Message Content Intent" in intent) is not granted
    (request,) = loopback.requests
    assert request.headers["Authorization"] == f"Bot {CREDENTIAL}"
    assert request.headers["User-Agent"].startswith("DiscordBot (")


async def test_rejected_discord_token_is_a_failure(ask: Ask, loopback: Loopback) -> None:
    loopback.json(PATH, {"message": "401: Unauthorized", "code": 0}, status=401)
    code, findings = await ask(DISCORD_TOKEN=CREDENTIAL)
    assert (code, findings["Discord"][0]) == (78, False)
    assert "Reset it" in findings["Discord"][1]
    assert "Message content" not in findings


@pytest.mark.parametrize("token", ["hush\N{SNOWMAN}", "hush hush\thush"])
async def test_token_that_is_no_valid_header_is_rejected_without_a_request(
    ask: Ask, loopback: Loopback, token: str
) -> None:
    code, findings = await ask(DISCORD_TOKEN=token)
    assert (code, findings["Discord"][0]) == (78, False)
    assert loopback.requests == []


@pytest.mark.parametrize(
    ("status", "body"),
    [(403, "blocked"), (429, "{}"), (500, ""), (302, ""), (200, "<html>"), (200, "[]"),
     (200, "{}"), (200, '{"flags": "many"}')],
)  # fmt: skip
async def test_unexpected_reply_of_discord_is_not_a_failure(
    ask: Ask, loopback: Loopback, status: int, body: str
) -> None:
    loopback.text(PATH, body, status=status, headers={"Location": "/elsewhere"})
    code, findings = await ask(DISCORD_TOKEN=CREDENTIAL)
    assert (code, findings["Discord"][0]) == (0, None)
    assert "not checked" in findings["Discord"][1]
    assert len(loopback.requests) == 1


async def test_token_is_not_checked_offline(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, findings = await run_check(
        monkeypatch, capsys, "http://127.0.0.1:1", DISCORD_TOKEN=CREDENTIAL
    )
    assert (code, findings["Discord"][0]) == (0, None)
    assert "not checked" in findings["Discord"][1]


async def test_hanging_discord_times_out(
    ask: Ask, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    requested = asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        requested.set()
        await asyncio.Event().wait()
        raise AssertionError

    loopback.answer(PATH, hang)
    assert token_check.TIMEOUT.total == 5
    monkeypatch.setattr(token_check, "TIMEOUT", aiohttp.ClientTimeout(total=0.1))
    code, findings = await ask(DISCORD_TOKEN=CREDENTIAL)
    assert requested.is_set()
    assert (code, findings["Discord"][0]) == (0, None)


async def test_discord_is_not_requested_without_a_token(ask: Ask, loopback: Loopback) -> None:
    code, findings = await ask()
    assert code == 0
    assert loopback.requests == []
    assert "Discord" not in findings


async def test_model_store_is_reported_with_its_version(ask: Ask) -> None:
    version = BundleStore(SHIPPED).load("wide").metadata.version
    code, findings = await ask(MODEL_STORE=str(SHIPPED))
    assert (code, findings["MODEL_STORE"][0]) == (0, True)
    assert version in findings["MODEL_STORE"][1]


@pytest.mark.parametrize("store", ["nowhere", "nothing://hush:hush@x/y", ""])
async def test_unusable_model_store_is_not_a_failure(ask: Ask, tmp_path: Path, store: str) -> None:
    code, findings = await ask(MODEL_STORE=store and store.replace("nowhere", str(tmp_path / "no")))
    assert (code, findings["MODEL_STORE"][0]) == (0, None)


async def test_ephemeral_disk_is_reported(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DYNO", "worker.1")
    code, findings = await ask()
    assert (code, findings["DATA_DIR"][0]) == (0, None)
    assert "Heroku's disk" in findings["DATA_DIR"][1]
    assert findings["DATABASE_URL"][0]
