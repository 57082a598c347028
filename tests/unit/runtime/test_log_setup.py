"""Redaction of secrets in the log."""

import logging

import pytest

from bot.runtime import log_setup
from bot.runtime.log_setup import RedactingFormatter
from bot.runtime.redaction import PATTERNS
from bot.runtime.settings import Settings
from model.redaction import Redactor


def format_line(message: str, error: BaseException | None = None) -> str:
    exc_info = (type(error), error, None) if error else None
    record = logging.LogRecord("a", logging.ERROR, "a.py", 1, message, None, exc_info)
    return RedactingFormatter(Redactor(["hush-hush", "abc"], PATTERNS)).format(record)


def test_secret_is_redacted_in_message_and_traceback() -> None:
    output = format_line("token hush-hush", ValueError("bad hush-hush"))
    assert "hush-hush" not in output
    assert output.count("[secret]") == 2


def test_short_secrets_are_not_redacted() -> None:
    assert format_line("abc is a word").endswith("abc is a word")


@pytest.mark.parametrize(
    "message",
    [
        "cannot connect to wss://wss.slack.com/link/?ticket=hush-1&app_id=hush_2",
        "url=URL('wss://wss.slack.com/link/?app_id=1&ticket=hush-1')",
    ],
)
def test_websocket_ticket_is_redacted(message: str) -> None:
    output = format_line(message)
    assert "hush-1" not in output
    assert "ticket=[secret]" in output
    assert "app_id=" in output


def test_all_secrets_of_the_settings_are_redacted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setenv("DISCORD_TOKEN", "'token-hush'\n")
    monkeypatch.setenv("SLACK_TOKEN_KEY", "first-hush, second-hush")
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:p%40ss-hush@host/x")
    monkeypatch.setenv("MODEL_STORE", "s3://me:store-hush@bucket/x")
    log_setup.configure(Settings())
    secrets = ["token-hush", "first-hush", "second-hush", "p%40ss-hush", "p@ss-hush", "store-hush"]
    logging.getLogger("bot").warning("about %s", " and ".join(secrets))
    line = capsys.readouterr().err
    assert "hush" not in line
    assert line.count("[secret]") == len(secrets)
