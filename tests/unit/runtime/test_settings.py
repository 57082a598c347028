"""Settings, and secrets in the log."""

import logging
from base64 import b64decode
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.domain.errors import ConfigurationError
from bot.runtime import composition, log_setup, settings
from bot.runtime.settings import SECRET_FIELDS, Settings
from model.redaction import HIDDEN


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (*Settings.model_fields, "local_host", "local_port"):
        monkeypatch.delenv(name.upper(), raising=False)


def test_defaults(tmp_path: Path) -> None:
    loaded = settings.load()
    assert loaded.configured == ()
    assert loaded.database == tmp_path / "var" / "soundslike.db"
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
    [
        ("WEB_PORT", "eighty"),
        ("LOCAL_PORT", "70000"),
        ("SPOTIFY_MARKET", "Germany"),
        ("GENRE_PRIOR", "jazz"),
    ],
)
def test_invalid_setting_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=name) as raised:
        settings.load()
    assert value not in str(raised.value)


def test_prior_may_be_written_in_capitals_and_is_explained(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert settings.load().genre_prior == "popular"
    monkeypatch.setenv("GENRE_PRIOR", " Even ")
    assert settings.load().genre_prior == "even"
    monkeypatch.setenv("GENRE_PRIOR", "jazz")
    with pytest.raises(ConfigurationError, match=r"must be popular \(popular music\), tables"):
        settings.load()


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("PREVIEWS", "spotify", "must be deezer, itunes or both with a comma between"),
        ("PREVIEWS", "deezer, none", "must be deezer, itunes or both with a comma between"),
        ("PREVIEWS_FOR", "some", "must be unmeasured (songs without figures) or all"),
        ("RETENTION_DAYS", "36501", "must be a whole number from 0 to 36500"),
        ("ANSWER_WITHIN_MINUTES", "0", "must be a number above 0 and up to 10080"),
        ("STOP_SECONDS", "soon", "must be a number from 0 to 600"),
    ],
)
def test_wrong_value_gets_a_sentence_that_says_what_is_right(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError) as raised:
        settings.load()
    assert str(raised.value) == f"{variable}: {sentence}"


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_no_wrong_value_gets_a_sentence_of_pydantic(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name.upper(), "-1,?")
    said = ""
    try:
        settings.load()
    except ConfigurationError as error:
        said = str(error)
    assert "Input should" not in said
    assert "Value error" not in said


def test_former_name_is_reported_if_the_new_one_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_PORT", "")
    monkeypatch.setenv("LOCAL_PORT", "eighty")
    with pytest.raises(ConfigurationError, match="LOCAL_PORT"):
        settings.load()


def test_every_secret_field_is_a_secret_string() -> None:
    assert {
        name
        for name, field in Settings.model_fields.items()
        if {"token", "secret", "key"} & set(name.split("_"))
        and "Path" not in str(field.annotation)  # a file with a key
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
    assert output.count(HIDDEN) == 2
    assert "chatter" not in output
    assert "MTIz" not in repr(loaded)


@pytest.mark.parametrize(
    "written",
    [
        "abc\n",
        "  abc\t",
        '"abc"',
        "'abc'",
        '" abc "',
        "\ufeffabc",
        "\ufeff'abc'\r\n",
        "\u201cabc\u201d",
    ],
)
def test_values_are_trimmed(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", written)
    monkeypatch.setenv("WEB_PORT", written.replace("abc", "9000"))
    monkeypatch.setenv("MODEL", written)
    loaded = settings.load()
    assert loaded.discord_token == SecretStr("abc")
    assert (loaded.web_port, loaded.model) == (9000, "abc")


@pytest.mark.parametrize("blank", ['""', "''", "  ", "\ufeff", '" "', "\n"])
def test_blank_values_count_as_unset(monkeypatch: pytest.MonkeyPatch, blank: str) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", blank)
    monkeypatch.setenv("MODEL", blank)
    assert (settings.load().configured, settings.load().model) == ((), "wide")


@pytest.mark.parametrize(
    ("token", "problem"),
    [
        ("hush hush", "a space"),
        ("hush # my bot", "a space"),
        ("hush\nhush", "a line break"),
        ('"hush', "a quote"),
        ("hush\u2013hush", "a character that is not ASCII"),
    ],
)
@pytest.mark.parametrize("variable", ["DISCORD_TOKEN", "SLACK_APP_TOKEN", "SPOTIFY_CLIENT_SECRET"])
def test_token_that_was_copied_wrongly_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, variable: str, token: str, problem: str
) -> None:
    monkeypatch.setenv(variable, token)
    with pytest.raises(ConfigurationError) as raised:
        settings.load()
    assert str(raised.value).startswith(f"{variable}: the value contains {problem}, which")
    assert "hush" not in str(raised.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_settings_file_in_the_encodings_of_editors(tmp_path: Path, encoding: str) -> None:
    text = "DISCORD_TOKEN=abc\r\nMODEL='study'\r\n"
    (tmp_path / ".env").write_bytes(text.encode(encoding))
    loaded = settings.load()
    assert (loaded.configured, loaded.model) == (("discord",), "study")


def test_keys_for_slack_are_trimmed_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_TOKEN_KEY", ' "new key", old key ')
    assert settings.load().token_keys == ["new key", "old key"]


PUBLIC_KEY = "lab9i0mF3Y+5TApi0q4xA5V4B7NFgQnRcBh29SVVplo="


@pytest.mark.parametrize(
    "written",
    [
        PUBLIC_KEY,
        f"'{PUBLIC_KEY}'",
        f'"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA{PUBLIC_KEY}\n-----END PUBLIC KEY-----\n"',
    ],
)
def test_public_key_is_read_from_the_settings_file(tmp_path: Path, written: str) -> None:
    (tmp_path / ".env").write_text(f"MODEL_PUBLIC_KEY={written}\n")
    assert settings.load().public_keys == (b64decode(PUBLIC_KEY),)


@pytest.mark.parametrize("value", ["hush", "-----BEGIN PRIVATE KEY-----\nhush"])
def test_what_is_no_public_key_is_refused_with_the_form(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    assert settings.load().public_keys == ()
    monkeypatch.setenv("MODEL_PUBLIC_KEY", value)
    with pytest.raises(ConfigurationError) as raised:
        settings.load()
    assert str(raised.value).startswith("MODEL_PUBLIC_KEY: must be a public ed25519 key in base64")
    assert "hush" not in str(raised.value)


def test_addresses_with_passwords_are_not_in_the_representation() -> None:
    loaded = Settings(
        database_url="postgresql://me:hush@host/x",
        model_store="ftp://me:hush@host/x",
        reccobeats_url="https://me:hush@host",
    )
    assert "hush" not in repr(loaded)


def test_value_is_not_in_an_error_of_the_settings_themselves() -> None:
    with pytest.raises(ValidationError) as raised:
        Settings(discord_application_id="hush", model_public_key=SecretStr("hush"))
    assert "hush" not in str(raised.value)


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("folder", ["my%20x", "100%", "a?b#c", "spaces and \u00fc", "q'uote"])
async def test_database_is_in_the_data_folder_whatever_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: str
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / folder))
    async with composition.stores(settings.load()):
        pass
    assert names_in(tmp_path) == {folder}
    assert {"soundslike.db", "user-hash.key"} <= names_in(tmp_path / folder)


def test_heartbeat_is_in_the_data_folder_unless_health_file_is_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert settings.load().heartbeat_file == tmp_path / "heartbeat"
    monkeypatch.setenv("HEALTH_FILE", str(tmp_path / "alive"))
    assert settings.load().heartbeat_file == tmp_path / "alive"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("DISCORD_TOKEN foo\n", 1),
        ("# a comment\n\nMODEL=wide\nDISCORD_TOKEN: foo bar\n", 4),
        ("MODEL=wide\nDISCORD_TOKEN='abc\n", 2),
        ("MODEL=wide\nset DISCORD_TOKEN=abc\n", 2),
        ("DISCORD_TOKEN\n", 1),
    ],
)
def test_line_that_is_no_setting_is_named(tmp_path: Path, content: str, line: int) -> None:
    (tmp_path / ".env").write_text(content)
    with pytest.raises(ConfigurationError, match=rf"\.env, line {line}, is not of the form"):
        settings.load()


def test_settings_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("MODEL=w\u00fcde\n".encode("latin-1"))
    with pytest.raises(ConfigurationError, match="save it as UTF-8"):
        settings.load()


@pytest.mark.parametrize("name", ["DATA_DIR", "HEALTH_FILE", "TAGGERS_DIR"])
def test_path_may_begin_in_the_home_folder_and_has_no_control_characters(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(name, "~/x")
    assert getattr(settings.load(), name.lower()) == tmp_path / "x"
    monkeypatch.setenv(name, "C:\new\table")
    with pytest.raises(ConfigurationError, match=f"{name}: the path contains"):
        settings.load()


def test_country_may_be_written_in_small_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOTIFY_MARKET", "de")
    assert settings.load().spotify_market == "DE"
