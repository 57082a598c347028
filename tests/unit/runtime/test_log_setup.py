"""Redaction of secrets in the log."""

import logging
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.runtime import log_setup
from bot.runtime.log_setup import (
    MAX_LENGTH,
    MAX_READ,
    REPEAT_SECONDS,
    OncePerMinute,
    RedactingFormatter,
)
from bot.runtime.redaction import PATTERNS
from bot.runtime.settings import Settings
from model.redaction import Redactor
from tests.support.loopback import Loopback


def format_line(message: str, error: BaseException | None = None) -> str:
    exc_info = (type(error), error, None) if error else None
    record = logging.LogRecord("a", logging.ERROR, "a.py", 1, message, None, exc_info)
    return RedactingFormatter(Redactor(["hush-hush", "abc"], PATTERNS)).format(record)


def test_secret_is_redacted_in_message_and_traceback() -> None:
    output = format_line("token hush-hush", ValueError("bad hush-hush"))
    assert "hush-hush" not in output
    assert output.count("[secret]") == 2


@given(st.text())
@example("a\n2026-01-01 ERROR bot: forged")
@example("\r\x1b[2J\x85\u2028\x00")
def test_a_record_is_one_line_without_control_characters(message: str) -> None:
    output = format_line(message, ValueError(message))
    assert len(output.splitlines()) == 1
    assert not any(unicodedata.category(c) in {"Cc", "Zl", "Zp"} for c in output)


def test_line_breaks_are_escaped() -> None:
    assert format_line("a\nb\tc\x00").endswith("a\\nb\\tc\\x00")


@pytest.mark.parametrize("size", [MAX_LENGTH * 2, MAX_READ * 3])
def test_a_long_line_is_bounded(size: int) -> None:
    output = format_line("start" + "x" * size + "end")
    assert len(output) < MAX_LENGTH + 100
    assert "start" in output
    assert "left out ...]" in output


def test_a_secret_is_not_shown_in_part_where_a_line_is_cut() -> None:
    before = len(format_line(""))
    for read in range(len("hush-hush") + 2):  # of its characters
        assert "hush" not in format_line("x" * (MAX_READ - before - read) + "hush-hush")


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


ID = "123456789012345678"
DISCORD_TOKEN = f"MTIzNDU2Nzg5MDEyMzQ1Njc4.{'x' * 6}.{'hush' * 8}"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("https://hooks.slack.com/commands/T1/2/hush", "https://hooks.slack.com/[secret]"),
        ("https://HOOKS.slack.com/services/T/B/hush?x", "https://HOOKS.slack.com/[secret]"),
        ("url='https://hooks.slack-gov.com/actions/T1/hush'",
         "url='https://hooks.slack-gov.com/[secret]'"),
        (f"POST https://discord.com/api/v10/webhooks/{ID}/hush/messages/@original 429",
         "POST https://discord.com/api/v10/webhooks/[secret]/messages/@original 429"),
        (f"https://canary.discord.com/api/webhooks/{ID}/hush?wait=true",
         "https://canary.discord.com/api/webhooks/[secret]?wait=true"),
        (f"/interactions/{ID}/hush/callback", "/interactions/[secret]/callback"),
        ("invalid xoxb-1-hush-hush, xapp-1-hush-hush, xoxe.xoxb-1-hush-hush",
         "invalid [secret], [secret], [secret]"),
        (f"token {DISCORD_TOKEN} is wrong", "token [secret] is wrong"),
        ("{'Authorization': 'Bearer hush-hush'}", "{'Authorization': 'Bearer [secret]'}"),
        ("ftp://me:hush@host/x", "ftp://[secret]@host/x"),
        ("GET /x?X-Amz-Signature=hush&a=b&code=hush",
         "GET /x?X-Amz-Signature=[secret]&a=b&code=[secret]"),
        ("postgresql://USER:PASSWORD@HOST:PORT/NAME", "postgresql://USER:PASSWORD@HOST:PORT/NAME"),
        ("bot.platforms.discord.log_filters.install_log_filters_once",
         "bot.platforms.discord.log_filters.install_log_filters_once"),
    ],
)  # fmt: skip
def test_secrets_of_other_packages_are_redacted_by_their_form(message: str, shown: str) -> None:
    assert format_line(message).endswith(f" a: {shown}")


@pytest.fixture
def _restored_loggers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(logging.root, "handlers", [])
    levels = {name: logging.getLogger(name).level for name in ("", *VENDORS)}
    yield
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


VENDORS = ("discord", "slack_sdk", "slack_bolt", "aiohttp", "aiosqlite", "sqlalchemy", "botocore")


@pytest.mark.usefixtures("_restored_loggers")
async def test_other_packages_log_nothing_below_warning_even_at_debug(
    capsys: pytest.CaptureFixture[str], loopback: Loopback
) -> None:
    log_setup.configure()
    for name in ("", *VENDORS):
        logging.getLogger(name).setLevel(logging.DEBUG)
    loopback.text("/commands/hush-url", "ok")
    client = AsyncWebhookClient(f"{loopback.url}/commands/hush-url")
    response = await client.send(text="hush-text")  # slack_sdk logs address and text at DEBUG
    assert response.status_code == 200
    logging.getLogger("discord.http").info("hush")
    logging.getLogger("botany").info("hush")
    logging.getLogger("slack_sdk").warning("retrying")
    logging.getLogger("bot.x").info("ours")
    output = capsys.readouterr().err
    assert "hush" not in output
    assert [line.rpartition(" ")[2] for line in output.splitlines()] == ["retrying", "ours"]


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


def test_equal_lines_about_a_service_that_is_down_are_logged_once_a_minute() -> None:
    now = 0.0
    once = OncePerMinute(lambda: now)

    def is_logged(name: str, message: str, level: int = logging.INFO) -> bool:
        record = logging.LogRecord(name, level, "a.py", 1, "%s skipped", (message,), None)
        return once.filter(record)

    assert [is_logged("bot.sources.chain", "one") for _ in range(3)] == [True, False, False]
    assert is_logged("bot.sources.chain", "another")
    assert is_logged("bot.services.measure", "one")
    assert is_logged("bot.sources.chain", "one", logging.WARNING)
    assert [is_logged("bot.runtime.supervisor", "one") for _ in range(2)] == [True, True]
    now = REPEAT_SECONDS
    assert is_logged("bot.sources.chain", "one")


def test_lines_that_are_remembered_are_bounded() -> None:
    once = OncePerMinute()
    for number in range(2 * log_setup.REMEMBERED):
        record = logging.LogRecord("bot.services", logging.INFO, "a.py", 1, f"{number}", (), None)
        assert once.filter(record)
    assert len(once._logged) == log_setup.REMEMBERED
