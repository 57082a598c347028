"""The links that install the bot: exactly what is needed, and no token in them."""

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
FIRST = base64.urlsafe_b64encode(APPLICATION.encode()).decode().rstrip("=")
REST = "GhT9aB.hush-hush_hushhushhush"
WHOLE = f"{FIRST}.{REST}"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("DISCORD_TOKEN", "DISCORD_APPLICATION_ID", "LOCAL_PORT"):
        monkeypatch.delenv(name, raising=False)


def query(link: str) -> dict[str, str]:
    address = urlsplit(link)
    assert address.scheme + address.netloc + address.path == "httpsdiscord.com/oauth2/authorize"
    return {name: value for name, (value,) in parse_qs(address.query).items()}


def test_a_server_is_asked_for_what_discord_py_calls_by_the_same_names() -> None:
    asked = query(invite.to_server(APPLICATION))
    wanted = discord.Permissions(**dict.fromkeys(invite.PERMISSIONS, True))
    assert int(asked.pop("permissions")) == wanted.value
    assert asked == {
        "client_id": APPLICATION,
        "scope": "bot applications.commands",
        "integration_type": "0",
    }


def test_a_person_is_asked_for_commands_alone() -> None:
    assert query(invite.to_account(APPLICATION)) == {
        "client_id": APPLICATION,
        "scope": "applications.commands",
        "integration_type": "1",
    }


def test_both_links_are_printed_and_the_token_is_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", WHOLE)
    assert invite.report() == 0
    out, err = capsys.readouterr()
    links = [line for line in out.splitlines() if line.startswith("https://")]
    assert links == [invite.to_server(APPLICATION), invite.to_account(APPLICATION)]
    assert "hush" not in out + err


def test_an_id_that_is_set_comes_before_the_one_in_the_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", WHOLE)
    monkeypatch.setenv("DISCORD_APPLICATION_ID", "987654321098765432")
    assert invite.report() == 0
    assert "client_id=987654321098765432&" in capsys.readouterr().out


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(FIRST, id="one part"),
        pytest.param(f"{FIRST}.GhT9aB", id="two parts"),
        pytest.param(f"{WHOLE}.hush", id="four parts"),
        pytest.param(f"{FIRST}..hush", id="an empty part"),
        pytest.param(f"Bot {WHOLE}", id="a word before it"),
        pytest.param(f"{FIRST[:8]}.{REST}", id="cut at the front"),
        pytest.param(f"{FIRST[:-1]}.{REST}", id="a letter short"),
        pytest.param(f"c29tZWJvZHk.{REST}", id="no number"),
        pytest.param(f"_____w.{REST}", id="no text"),
        pytest.param(f"\N{SNOWMAN}.{REST}", id="another alphabet"),
        pytest.param(f"{FIRST}.\N{SNOWMAN}.hush", id="another alphabet in the middle"),
    ],
)
def test_a_damaged_token_is_one_sentence_without_the_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], token: str
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", token)
    assert invite.report() == 78
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "DISCORD_TOKEN" in err
    assert "hush" not in err
    assert FIRST[:8] not in err


@pytest.mark.parametrize(
    ("name", "value"), [(None, ""), ("DISCORD_APPLICATION_ID", "12"), ("LOCAL_PORT", "eighty")]
)
def test_what_is_missing_or_wrong_is_named(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str | None,
    value: str,
) -> None:
    if name:
        monkeypatch.setenv(name, value)
    assert invite.report() == 78
    assert (name or "DISCORD_TOKEN") in capsys.readouterr().err


def test_the_link_that_creates_the_slack_app_carries_the_whole_manifest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["invite", "--slack"]) == 0
    (link,) = (line for line in capsys.readouterr().out.splitlines() if "://" in line)
    address = urlsplit(link)
    assert address.scheme + address.netloc + address.path == "httpsapi.slack.com/apps"
    asked = {name: value for name, (value,) in parse_qs(address.query).items()}
    manifest: dict[str, Any] = yaml.safe_load(invite.MANIFEST.read_text(encoding="utf-8"))
    assert asked.pop("new_app") == "1"
    assert yaml.safe_load(asked.pop("manifest_yaml")) == manifest
    assert asked == {}
    assert len(link) < 4000


def test_without_a_manifest_there_is_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert invite.report_slack(tmp_path / "none") == 78
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "slack-manifest.yaml" in err
