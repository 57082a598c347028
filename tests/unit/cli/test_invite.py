"""Command `invite`: installation links with the required permissions and without tokens."""

import base64
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import discord
import pytest
import yaml

from bot.cli import invite
from bot.cli.main import main

APPLICATION = "1234567890123456789"
ENCODED_ID = base64.urlsafe_b64encode(APPLICATION.encode()).decode().rstrip("=")
OTHER_PARTS = "GhT9aB.hush-hush_hushhushhush"
TOKEN = f"{ENCODED_ID}.{OTHER_PARTS}"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("DISCORD_TOKEN", "DISCORD_APPLICATION_ID", "WEB_PORT"):
        monkeypatch.delenv(name, raising=False)


def query(link: str) -> dict[str, str]:
    address = urlsplit(link)
    assert address.scheme + address.netloc + address.path == "httpsdiscord.com/oauth2/authorize"
    return {name: value for name, (value,) in parse_qs(address.query).items()}


def test_server_link_requests_the_required_permissions() -> None:
    query_values = query(invite.to_server(APPLICATION))
    expected = discord.Permissions(**dict.fromkeys(invite.PERMISSIONS, True))
    assert int(query_values.pop("permissions")) == expected.value
    assert query_values == {
        "client_id": APPLICATION,
        "scope": "bot applications.commands",
        "integration_type": "0",
    }


def test_account_link_requests_commands_only() -> None:
    assert query(invite.to_account(APPLICATION)) == {
        "client_id": APPLICATION,
        "scope": "applications.commands",
        "integration_type": "1",
    }


def test_both_links_are_printed_without_the_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    assert invite.report() == 0
    out, err = capsys.readouterr()
    links = [line for line in out.splitlines() if line.startswith("https://")]
    assert links == [invite.to_server(APPLICATION), invite.to_account(APPLICATION)]
    assert "hush" not in out + err


def test_application_id_setting_overrides_the_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("DISCORD_APPLICATION_ID", "987654321098765432")
    assert invite.report() == 0
    assert "client_id=987654321098765432&" in capsys.readouterr().out


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(ENCODED_ID, id="one part"),
        pytest.param(f"{ENCODED_ID}.GhT9aB", id="two parts"),
        pytest.param(f"{TOKEN}.hush", id="four parts"),
        pytest.param(f"{ENCODED_ID}..hush", id="an empty part"),
        pytest.param(f"Bot {TOKEN}", id="prefix"),
        pytest.param(f"{ENCODED_ID[:8]}.{OTHER_PARTS}", id="truncated at the start"),
        pytest.param(f"{ENCODED_ID[:-1]}.{OTHER_PARTS}", id="one character missing"),
        pytest.param(f"c29tZWJvZHk.{OTHER_PARTS}", id="not a number"),
        pytest.param(f"_____w.{OTHER_PARTS}", id="not UTF-8"),
        pytest.param(f"\N{SNOWMAN}.{OTHER_PARTS}", id="not ASCII"),
        pytest.param(f"{ENCODED_ID}.\N{SNOWMAN}.hush", id="not ASCII in the second part"),
    ],
)
def test_malformed_token_is_reported_without_the_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], token: str
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", token)
    assert invite.report() == 78
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "DISCORD_TOKEN" in err
    assert "hush" not in err
    assert ENCODED_ID[:8] not in err


@pytest.mark.parametrize(
    ("name", "value"), [(None, ""), ("DISCORD_APPLICATION_ID", "12"), ("WEB_PORT", "eighty")]
)
def test_missing_or_invalid_setting_is_named(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str | None,
    value: str,
) -> None:
    if name:
        monkeypatch.setenv(name, value)
    assert invite.report() == 78
    assert (name or "DISCORD_TOKEN") in capsys.readouterr().err


def test_slack_link_contains_the_manifest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["invite", "--slack"]) == 0
    (link,) = (line for line in capsys.readouterr().out.splitlines() if "://" in line)
    address = urlsplit(link)
    assert address.scheme + address.netloc + address.path == "httpsapi.slack.com/apps"
    query_values = {name: value for name, (value,) in parse_qs(address.query).items()}
    manifest: dict[str, Any] = yaml.safe_load(invite.manifest_file().read_text(encoding="utf-8"))
    assert query_values.pop("new_app") == "1"
    assert yaml.safe_load(query_values.pop("manifest_yaml")) == manifest
    assert query_values == {}
    assert len(link) < 4000


def test_missing_manifest_is_reported(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert invite.report_slack(tmp_path / "none") == 78
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "slack-manifest.yaml" in err
