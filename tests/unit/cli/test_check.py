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
from bot.storage import engine
from bot.storage.engine import open_database
from bot.texts import public_page
from model.store import SHIPPED, BundleStore
from tests.support.loopback import Loopback

CREDENTIAL = "MTIz.hush.hushhush"
OK_BY_MARK = {"✓": True, "✗": False}
Finding = tuple[bool | None, str]
Report = tuple[int, dict[str, list[Finding]]]
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
    """Run the command; return its exit code, and (ok, text) of the findings by group."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    code = await check.report(address)
    out, err = capsys.readouterr()
    assert "hush" not in out + err
    lines = re.findall(r"^(\S) ([\w ]+): (.*)$", out, re.MULTILINE)
    findings: dict[str, list[Finding]] = {}
    for mark, what, text in lines:
        findings.setdefault(what, []).append((OK_BY_MARK.get(mark), text))
    return code, findings


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
    (accepted, _), *intent = findings["Discord"]
    assert (code, accepted) == (0, True)
    assert [ok for ok, _ in intent] == ([] if granted else [None])
    assert all("Message Content Intent" in text for _, text in intent)
    (request,) = loopback.requests
    assert request.headers["Authorization"] == f"Bot {CREDENTIAL}"
    assert request.headers["User-Agent"].startswith("DiscordBot (")


async def test_rejected_discord_token_is_a_failure(ask: Ask, loopback: Loopback) -> None:
    loopback.json(PATH, {"message": "401: Unauthorized", "code": 0}, status=401)
    code, findings = await ask(DISCORD_TOKEN=CREDENTIAL)
    ((ok, text),) = findings["Discord"]
    assert (code, ok) == (78, False)
    assert "Reset it" in text


@pytest.mark.parametrize("token", ["hush\N{SNOWMAN}", "hush hush\thush"])
async def test_token_that_was_copied_wrongly_is_rejected_without_a_request(
    ask: Ask, loopback: Loopback, token: str
) -> None:
    code, findings = await ask(DISCORD_TOKEN=token)
    ((ok, text),) = findings["Discord"]
    assert (code, ok) == (78, False)
    assert text.startswith("DISCORD_TOKEN: the value contains a")
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
    ((ok, text),) = findings["Discord"]
    assert (code, ok) == (0, None)
    assert "not checked" in text
    assert len(loopback.requests) == 1


async def test_token_is_not_checked_offline(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, findings = await run_check(
        monkeypatch, capsys, "http://127.0.0.1:1", DISCORD_TOKEN=CREDENTIAL
    )
    ((ok, text),) = findings["Discord"]
    assert (code, ok) == (0, None)
    assert "not checked" in text


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
    assert (code, [ok for ok, _ in findings["Discord"]]) == (0, [None])


async def test_platforms_without_settings_take_one_line_each(ask: Ask, loopback: Loopback) -> None:
    code, findings = await ask()
    assert code == 0
    assert loopback.requests == []
    for group, variable in (
        ("Discord", "DISCORD_TOKEN"),
        ("Slack", "SLACK_BOT_TOKEN"),
        ("Spotify", "SPOTIFY_CLIENT_ID"),
    ):
        ((ok, text),) = findings[group]
        assert ok is None
        assert text.startswith("not set. To set up: ")
        assert variable in text


@pytest.mark.parametrize(("contact", "ok"), [(None, None), ("me@example.org", True)])
async def test_missing_contact_is_no_failure(ask: Ask, contact: str | None, ok: object) -> None:
    _, findings = await ask(**({"CONTACT": contact} if contact else {}))
    ((found, text),) = findings["Contact"]
    assert found is ok
    assert ("MusicBrainz" in text) is (ok is None)


async def test_setting_without_its_partner_is_a_failure(ask: Ask) -> None:
    code, findings = await ask(SPOTIFY_CLIENT_ID="abc", SLACK_SIGNING_SECRET=CREDENTIAL)
    assert code == 78
    assert findings["Spotify"][0] == (True, "set: SPOTIFY_CLIENT_ID")
    assert findings["Spotify"][1][0] is False
    assert findings["Spotify"][1][1].startswith("not set: SPOTIFY_CLIENT_SECRET, which")
    missing = "not set: SLACK_BOT_TOKEN or SLACK_CLIENT_ID, which SLACK_SIGNING_SECRET needs"
    assert [ok for ok, text in findings["Slack"] if text.startswith(missing)] == [False]


async def test_model_store_is_reported_with_its_version(ask: Ask) -> None:
    version = BundleStore(SHIPPED).load("wide").metadata.version
    code, findings = await ask(MODEL_STORE=str(SHIPPED))
    (ok, text), (trusted, warning) = findings["Model store"]
    assert (code, ok, trusted) == (0, True, None)
    assert version in text
    assert "trusted without signatures" in warning


@pytest.mark.parametrize("store", ["nowhere", "nothing://hush:hush@x/y"])
async def test_unusable_model_store_is_not_a_failure(ask: Ask, tmp_path: Path, store: str) -> None:
    code, findings = await ask(MODEL_STORE=store.replace("nowhere", str(tmp_path / "no")))
    assert (code, [ok for ok, _ in findings["Model store"]]) == (0, [None])


async def test_ephemeral_disk_is_reported(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DYNO", "worker.1")
    code, findings = await ask()
    ((ok, text),) = findings["Data folder"]
    assert (code, ok) == (0, None)
    assert "Heroku's disk" in text


async def test_database_is_written(ask: Ask, tmp_path: Path) -> None:
    code, findings = await ask()
    ((ok, text),) = findings["Database"]
    assert (code, ok) == (0, True)
    assert str(tmp_path / "var" / "soundslike.db") in text


async def test_database_that_cannot_be_written_is_a_failure(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_database(tmp_path / "soundslike.db"):
        pass
    # As a file of another user, for which root would need no permission.
    monkeypatch.setattr(engine, "PRAGMAS", (*engine.PRAGMAS, "query_only = ON"))
    code, findings = await ask(DATA_DIR=str(tmp_path))
    ((ok, text),) = findings["Database"]
    assert (code, ok) == (78, False)
    assert "cannot be written" in text


@pytest.mark.parametrize(
    "address",
    [
        "rubbish",
        "x.db",
        "sqlite:x.db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///x.db?mode=ro",
        "mysql://me:hush@host/x",
        "postgres://me:hush@127.0.0.1:port/x",
        "POSTGRES://me:hush@127.0.0.1:1/x",
    ],
)
async def test_unusable_database_url_is_one_failure_beside_the_other_findings(
    ask: Ask, address: str
) -> None:
    code, findings = await ask(DATABASE_URL=address)
    ((ok, _),) = findings["Database"]
    assert (code, ok) == (78, False)
    assert findings["Model"][0][0]


async def test_key_that_run_would_refuse_is_a_failure(ask: Ask) -> None:
    code, findings = await ask(
        SLACK_CLIENT_ID="1",
        SLACK_CLIENT_SECRET=CREDENTIAL,
        SLACK_SIGNING_SECRET=CREDENTIAL,
        SLACK_TOKEN_KEY="short",  # noqa: S106 - too short for one
    )
    ((ok, text),) = findings["Database"]
    assert (code, ok) == (78, False)
    assert "SLACK_TOKEN_KEY" in text


async def test_token_of_another_form_is_rejected_without_a_request(
    ask: Ask, loopback: Loopback
) -> None:
    code, findings = await ask(DISCORD_TOKEN="hush")  # noqa: S106 - too short for one
    assert (code, [ok for ok, _ in findings["Discord"]]) == (78, [False])
    assert loopback.requests == []


async def test_settings_that_cannot_be_used_are_reported_by_platform(ask: Ask) -> None:
    code, findings = await ask(DISCORD_TOKEN="fo o", WEB_PORT="abc")  # noqa: S106 - no token
    assert code == 78
    assert set(findings) == {"Discord", "Settings"}
    assert findings["Settings"][0][1] == "WEB_PORT: must be a whole number from 0 to 65535"


async def test_public_page_is_reported_with_its_address_and_proxies(ask: Ask) -> None:
    assert "Web page" not in (await ask())[1]
    code, findings = await ask(PUBLIC_URL="https://songs.example/")
    assert code == 0
    ((ok, text),) = findings["Web page"]
    assert ok
    assert text.startswith("with --public, open to everyone at https://songs.example; ")
    assert text.endswith("believed from 127.0.0.0/8, ::1/128")


async def test_public_page_that_lacks_something_is_reported(ask: Ask) -> None:
    code, findings = await ask(PUBLIC="1", TRUSTED_PROXIES="0.0.0.0/0")
    assert code == 0
    assert findings["Web page"] == [
        (None, public_page.NO_URL),
        (None, public_page.EVERYONE_TRUSTED),
    ]
    assert findings["Platforms"] == [(True, "the bot will run on web")]
