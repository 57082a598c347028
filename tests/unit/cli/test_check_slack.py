"""Command `check`: Slack tokens. An unreachable Slack is not a failure."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.cli import check
from bot.platforms.slack import token_check
from bot.platforms.slack.credentials import SCOPES
from bot.runtime import log_setup
from bot.runtime.settings import Settings
from tests.support.loopback import Loopback

BOT_CREDENTIAL = "xoxb-hush-hush"
APP_CREDENTIAL = "xapp-hush-hush"
AUTH_TEST = f"/api/{token_check.FOR_BOT_TOKEN}"
CONNECTIONS_OPEN = f"/api/{token_check.FOR_APP_TOKEN}"
OK_BY_MARK = {"✓": True, "✗": False}
Ask = Callable[..., Awaitable[tuple[int, list[tuple[bool | None, str]]]]]


@pytest.fixture
def ask(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    loopback: Loopback,
) -> Ask:
    """Return a function that runs the command and returns its exit code and Slack findings."""
    monkeypatch.chdir(tmp_path)
    for name in (*Settings.model_fields, "local_host", "local_port"):
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(log_setup, "configure", lambda _: None)

    async def run(address: str = "", **variables: str) -> tuple[int, list[tuple[bool | None, str]]]:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        code = await check.report(slack=address or f"{loopback.url}/api/")
        out, err = capsys.readouterr()
        assert "hush" not in out + err
        lines = re.findall(r"^(\S) (?:Slack: |Settings: (?!read))(.*)$", out, re.MULTILINE)
        return code, [(OK_BY_MARK.get(mark), text) for mark, text in lines]

    return run


async def test_accepted_tokens(ask: Ask, loopback: Loopback) -> None:
    for path in (AUTH_TEST, CONNECTIONS_OPEN):
        loopback.json(path, {"ok": True})
    code, findings = await ask(SLACK_BOT_TOKEN=BOT_CREDENTIAL, SLACK_APP_TOKEN=APP_CREDENTIAL)
    assert (code, [ok for ok, _ in findings]) == (0, [True])
    assert all(name in findings[0][1] for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"))
    sent = [request.headers["Authorization"] for request in loopback.requests]
    assert sent == [f"Bearer {BOT_CREDENTIAL}", f"Bearer {APP_CREDENTIAL}"]


async def test_scopes_that_the_app_lacks_are_named(ask: Ask, loopback: Loopback) -> None:
    granted = ",".join(scope for scope in SCOPES if scope not in {"files:read", "commands"})
    loopback.json(AUTH_TEST, {"ok": True}, headers={"X-OAuth-Scopes": granted})
    loopback.json(CONNECTIONS_OPEN, {"ok": True}, headers={"X-OAuth-Scopes": "connections:write"})
    code, findings = await ask(SLACK_BOT_TOKEN=BOT_CREDENTIAL, SLACK_APP_TOKEN=APP_CREDENTIAL)
    assert (code, [ok for ok, _ in findings]) == (0, [True, None])
    assert "the scopes commands, files:read," in findings[1][1]


async def test_app_with_all_scopes_lacks_none(ask: Ask, loopback: Loopback) -> None:
    loopback.json(AUTH_TEST, {"ok": True}, headers={"X-OAuth-Scopes": ", ".join(SCOPES)})
    _, findings = await ask(SLACK_BOT_TOKEN=BOT_CREDENTIAL, SLACK_SIGNING_SECRET=BOT_CREDENTIAL)
    assert [ok for ok, _ in findings] == [True]


@pytest.mark.parametrize("code", ["invalid_auth", "account_inactive", "token_revoked"])
async def test_rejected_token_is_a_failure(ask: Ask, loopback: Loopback, code: str) -> None:
    loopback.json(AUTH_TEST, {"ok": False, "error": code})
    loopback.json(CONNECTIONS_OPEN, {"ok": True})
    exit_code, findings = await ask(SLACK_BOT_TOKEN=BOT_CREDENTIAL, SLACK_APP_TOKEN=APP_CREDENTIAL)
    assert (exit_code, [ok for ok, _ in findings]) == (78, [True, False])
    assert f"SLACK_BOT_TOKEN ({code})" in findings[1][1]
    assert "xoxb-" in findings[1][1]


async def test_token_that_was_copied_wrongly_is_rejected_without_a_request(
    ask: Ask, loopback: Loopback
) -> None:
    code, findings = await ask(
        SLACK_BOT_TOKEN=f"{BOT_CREDENTIAL}\N{SNOWMAN}", SLACK_SIGNING_SECRET=BOT_CREDENTIAL
    )
    assert (code, [ok for ok, _ in findings]) == (78, [False])
    assert loopback.requests == []


@pytest.mark.parametrize(
    ("status", "body"),
    [(429, "{}"), (503, "away"), (302, ""), (200, "<html>"), (200, "[]"), (200, "{}"),
     (200, '{"ok": false}'), (200, '{"ok": false, "error": "internal_error"}')],
)  # fmt: skip
async def test_unexpected_reply_of_slack_is_not_a_failure(
    ask: Ask, loopback: Loopback, status: int, body: str
) -> None:
    loopback.text(AUTH_TEST, body, status=status, headers={"Location": "/elsewhere"})
    code, findings = await ask(SLACK_BOT_TOKEN=BOT_CREDENTIAL, SLACK_SIGNING_SECRET=BOT_CREDENTIAL)
    assert (code, [ok for ok, _ in findings]) == (0, [True, None])
    assert "not checked" in findings[1][1]
    assert len(loopback.requests) == 1


async def test_tokens_are_not_checked_offline(ask: Ask) -> None:
    code, findings = await ask(
        "http://127.0.0.1:1/", SLACK_BOT_TOKEN=BOT_CREDENTIAL, SLACK_APP_TOKEN=APP_CREDENTIAL
    )
    assert (code, [ok for ok, _ in findings]) == (0, [True, None, None])


async def test_slack_is_not_requested_without_tokens(ask: Ask, loopback: Loopback) -> None:
    code, findings = await ask()
    assert (code, [ok for ok, _ in findings]) == (0, [None])
    assert loopback.requests == []


async def test_exchanged_tokens_are_rejected_without_a_request(
    ask: Ask, loopback: Loopback
) -> None:
    code, findings = await ask(SLACK_BOT_TOKEN=APP_CREDENTIAL, SLACK_APP_TOKEN=BOT_CREDENTIAL)
    assert (code, [ok for ok, _ in findings]) == (78, [True, False, False])
    assert loopback.requests == []
