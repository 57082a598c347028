"""Command `voter`."""

from pathlib import Path

import pytest

from bot.cli.main import main
from bot.domain.errors import EX_CONFIG
from bot.domain.places import Place
from bot.storage.user_hash import KEY_FILE, derive_user_hasher, load_user_hasher
from bot.texts import learning

KEY = "a key that is long enough for the purpose"
ANN = ["voter", "slack", "T1", "U1"]


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.delenv("USER_HASH_KEY", raising=False)


def test_the_hash_is_the_one_of_the_votes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = load_user_hasher(tmp_path).hash(Place("slack", "T1", "C1"), "U1")
    assert main(ANN) == 0
    printed = capsys.readouterr()
    assert printed.out == f"{expected}\n"
    assert "--without-voter" in printed.err


def test_the_key_may_be_a_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("USER_HASH_KEY", KEY)
    assert main(ANN) == 0
    expected = derive_user_hasher(KEY).hash(Place("slack", "T1", "C1"), "U1")
    assert capsys.readouterr().out == f"{expected}\n"
    assert not (tmp_path / KEY_FILE).exists()


def test_an_account_on_discord_is_one_person_in_all_servers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load_user_hasher(tmp_path)
    for server in ("1", "2"):
        assert main(["voter", "discord", server, "3"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == second


def test_no_key_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(ANN) == EX_CONFIG
    assert capsys.readouterr().err.strip() == learning.no_key(tmp_path)
    assert not (tmp_path / KEY_FILE).exists()


def test_unknown_platforms_and_damaged_keys_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["voter", "irc", "x", "y"]) == EX_CONFIG
    assert capsys.readouterr().err.strip() == learning.not_a_platform("irc")
    (tmp_path / KEY_FILE).write_bytes(b"short")
    assert main(ANN) == EX_CONFIG
    assert "is damaged" in capsys.readouterr().err
