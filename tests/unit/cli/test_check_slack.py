"""`check` asks Slack whether its tokens are right; that Slack does not say is nothing wrong."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.cli import check
from bot.platforms.slack import token_check
from bot.runtime import log_setup
from bot.runtime.settings import Settings
from tests.support.loopback import Loopback

BOT = "xoxb-hush-hush"
APP = "xapp-hush-hush"
WHO = f"/api/{token_check.FOR_BOT_TOKEN}"
CONNECT = f"/api/{token_check.FOR_APP_TOKEN}"
FINE = {"✓": True, "✗": False}
Ask = Callable[..., Awaitable[tuple[int, list[tuple[bool | None, str]]]]]


@pytest.fixture
def ask(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    loopback: Loopback,
) -> Ask:
    """Run the command; returns its exit code, and what it says of Slack after each mark."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(log_setup, "configure", lambda _: None)

    async def run(address: str = "", **given: str) -> tuple[int, list[tuple[bool | None, str]]]:
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        code = await check.report(slack=address or f"{loopback.url}/api/")
        out, err = capsys.readouterr()
        assert "hush" not in out + err
        found = re.findall(r"^(\S) Slack: (.*)$", out, re.MULTILINE)
        return code, [(FINE.get(mark), said) for mark, said in found]

    return run


async def test_tokens_that_slack_takes_are_fine(ask: Ask, loopback: Loopback) -> None:
    for path in (WHO, CONNECT):
        loopback.json(path, {"ok": True})
    code, said = await ask(SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP)
    assert (code, [fine for fine, _ in said]) == (0, [True, True])
    sent = [request.headers["Authorization"] for request in loopback.requests]
    assert sent == [f"Bearer {BOT}", f"Bearer {APP}"]


@pytest.mark.parametrize("code", ["invalid_auth", "account_inactive", "token_revoked"])
async def test_a_token_that_slack_refuses_is_a_failure(
    ask: Ask, loopback: Loopback, code: str
) -> None:
    loopback.json(WHO, {"ok": False, "error": code})
    loopback.json(CONNECT, {"ok": True})
    exit_code, said = await ask(SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP)
    assert (exit_code, [fine for fine, _ in said]) == (78, [False, True])
    assert f"SLACK_BOT_TOKEN ({code})" in said[0][1]
    assert "xoxb-" in said[0][1]


async def test_a_token_that_cannot_be_sent_is_refused_without_asking(
    ask: Ask, loopback: Loopback
) -> None:
    code, said = await ask(SLACK_BOT_TOKEN=f"{BOT}\N{SNOWMAN}", SLACK_SIGNING_SECRET=BOT)
    assert (code, [fine for fine, _ in said]) == (78, [False])
    assert loopback.requests == []


@pytest.mark.parametrize(
    ("status", "body"),
    [(429, "{}"), (503, "away"), (302, ""), (200, "<html>"), (200, "[]"), (200, "{}"),
     (200, '{"ok": false}'), (200, '{"ok": false, "error": "internal_error"}')],
)  # fmt: skip
async def test_when_slack_does_not_say_nothing_is_wrong(
    ask: Ask, loopback: Loopback, status: int, body: str
) -> None:
    loopback.text(WHO, body, status=status, headers={"Location": "/elsewhere"})
    code, said = await ask(SLACK_BOT_TOKEN=BOT, SLACK_SIGNING_SECRET=BOT)
    assert (code, [fine for fine, _ in said]) == (0, [None])
    assert "not checked" in said[0][1]
    assert len(loopback.requests) == 1


async def test_offline_the_tokens_are_not_checked(ask: Ask) -> None:
    code, said = await ask("http://127.0.0.1:1/", SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP)
    assert (code, [fine for fine, _ in said]) == (0, [None, None])


async def test_without_tokens_slack_is_not_asked(ask: Ask, loopback: Loopback) -> None:
    assert await ask() == (0, [])
    assert loopback.requests == []
