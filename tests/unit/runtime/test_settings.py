"""Settings and the log: read once, never printed."""

import logging
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.domain.errors import ConfigurationError
from bot.runtime import log_setup, settings
from bot.runtime.settings import SECRET_FIELDS, Settings


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (*Settings.model_fields, "local_host", "local_port"):
        monkeypatch.delenv(name.upper(), raising=False)


def test_with_nothing_set_everything_has_its_default(tmp_path: Path) -> None:
    known = settings.load()
    assert known.configured == ()
    assert known.database == f"sqlite+aiosqlite:///{tmp_path}/var/soundslike.db"
    assert (known.web_host, known.web_port, known.model) == ("127.0.0.1", 8765, "wide")


def test_dot_env_is_read_and_an_empty_variable_counts_as_unset(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DISCORD_TOKEN=abc\nSPOTIFY_MARKET=\nUNKNOWN_THING=1\n")
    known = settings.load()
    assert known.configured == ("discord",)
    assert known.spotify_market == "US"


@pytest.mark.parametrize(
    ("given", "platforms"),
    [
        ({"SLACK_BOT_TOKEN": "x"}, ()),
        ({"SLACK_BOT_TOKEN": "x", "SLACK_APP_TOKEN": "y"}, ("slack",)),
        ({"SLACK_BOT_TOKEN": "x", "SLACK_SIGNING_SECRET": "y"}, ("slack",)),
        ({"DISCORD_TOKEN": "x", "SLACK_BOT_TOKEN": "x", "SLACK_APP_TOKEN": "y"},
         ("discord", "slack")),
    ],
)  # fmt: skip
def test_a_platform_is_configured_when_its_secrets_are_all_there(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], platforms: tuple[str, ...]
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert settings.load().configured == platforms


def test_the_former_names_of_the_web_settings_still_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LOCAL_HOST", "0.0.0.0")  # noqa: S104 - only read
    monkeypatch.setenv("LOCAL_PORT", "9000")
    loaded = settings.load()
    assert (loaded.web_host, loaded.web_port) == ("0.0.0.0", 9000)  # noqa: S104
    monkeypatch.setenv("WEB_PORT", "9001")
    assert settings.load().web_port == 9001


@pytest.mark.parametrize(
    ("name", "value"),
    [("WEB_PORT", "eighty"), ("LOCAL_PORT", "70000"), ("SPOTIFY_MARKET", "Germany")],
)
def test_a_wrong_setting_is_named_and_its_value_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=name) as raised:
        settings.load()
    assert value not in str(raised.value)


def test_every_secret_is_a_secret_string() -> None:
    assert {
        name for name in Settings.model_fields if {"token", "secret", "key"} & set(name.split("_"))
    } == set(SECRET_FIELDS)


def test_a_secret_never_reaches_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    known = Settings(discord_token=SecretStr("MTIz.secret.token"))
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        log_setup.configure(known)
        logging.getLogger("bot.x").warning("login with %s failed", "MTIz.secret.token")
        cause = ValueError("MTIz.secret.token")
        logging.getLogger("bot.x").error("oops", exc_info=cause)
        logging.getLogger("vendor").info("chatter")
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    written = capsys.readouterr().err
    assert "secret.token" not in written
    assert written.count(log_setup.HIDDEN) == 2
    assert "chatter" not in written
    assert "MTIz" not in repr(known)
