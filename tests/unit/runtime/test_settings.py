"""Settings, and secrets in the log."""

import logging
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.domain.errors import ConfigurationError
from bot.runtime import log_setup, settings
from bot.runtime.settings import SECRET_FIELDS, Settings


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (*Settings.model_fields, "local_host", "local_port"):
        monkeypatch.delenv(name.upper(), raising=False)


def test_defaults(tmp_path: Path) -> None:
    loaded = settings.load()
    assert loaded.configured == ()
    assert loaded.database == f"sqlite+aiosqlite:///{tmp_path}/var/soundslike.db"
    assert (loaded.web_host, loaded.web_port, loaded.model) == ("127.0.0.1", 8765, "wide")


def test_dot_env_is_read_and_empty_variables_count_as_unset(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DISCORD_TOKEN=abc\nSPOTIFY_MARKET=\nUNKNOWN_THING=1\n")
    loaded = settings.load()
    assert loaded.configured == ("discord",)
    assert loaded.spotify_market == "US"


@pytest.mark.parametrize(
    ("variables", "platforms"),
    [
        ({"SLACK_BOT_TOKEN": "x"}, ()),
        ({"SLACK_BOT_TOKEN": "x", "SLACK_APP_TOKEN": "y"}, ("slack",)),
        ({"SLACK_BOT_TOKEN": "x", "SLACK_SIGNING_SECRET": "y"}, ("slack",)),
        ({"DISCORD_TOKEN": "x", "SLACK_BOT_TOKEN": "x", "SLACK_APP_TOKEN": "y"},
         ("discord", "slack")),
    ],
)  # fmt: skip
def test_platform_is_configured_if_all_its_secrets_are_set(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], platforms: tuple[str, ...]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert settings.load().configured == platforms


def test_former_names_of_the_web_settings_are_aliases(
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
def test_invalid_setting_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=name) as raised:
        settings.load()
    assert value not in str(raised.value)


def test_former_name_is_reported_if_the_new_one_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_PORT", "")
    monkeypatch.setenv("LOCAL_PORT", "eighty")
    with pytest.raises(ConfigurationError, match="LOCAL_PORT"):
        settings.load()


def test_every_secret_field_is_a_secret_string() -> None:
    assert {
        name for name in Settings.model_fields if {"token", "secret", "key"} & set(name.split("_"))
    } == set(SECRET_FIELDS)


def test_secret_is_redacted_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    loaded = Settings(discord_token=SecretStr("MTIz.secret.token"))
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        log_setup.configure(loaded)
        logging.getLogger("bot.x").warning("login with %s failed", "MTIz.secret.token")
        cause = ValueError("MTIz.secret.token")
        logging.getLogger("bot.x").error("oops", exc_info=cause)
        logging.getLogger("vendor").info("chatter")
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    output = capsys.readouterr().err
    assert "secret.token" not in output
    assert output.count(log_setup.HIDDEN) == 2
    assert "chatter" not in output
    assert "MTIz" not in repr(loaded)
