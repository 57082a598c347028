"""Warnings of files with secrets that others can read, and the modes of files that we create."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.runtime import composition, file_modes
from bot.runtime.settings import Settings
from bot.storage.user_hash import KEY_FILE

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no modes")

TOKEN = SecretStr("token")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a working folder that everybody can enter, with its settings file and data."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    ours = (tmp_path, tmp_path.parent, tmp_path.parent.parent)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in ours}
    for path in ours:
        path.chmod(0o755)
    for name in (".env", KEY_FILE, "soundslike.db"):
        (tmp_path / name).write_text("x")
        (tmp_path / name).chmod(0o600)
    yield tmp_path
    for path, mode in modes.items():
        path.chmod(mode)


def warnings(folder: Path, token: SecretStr | None = TOKEN, key: SecretStr | None = None) -> str:
    loaded = Settings(data_dir=folder, discord_token=token, user_hash_key=key)
    return "\n".join(file_modes.warnings(loaded))


@pytest.mark.parametrize("name", [".env", KEY_FILE, "soundslike.db"])
def test_file_that_others_can_read_is_named_with_the_remedy(folder: Path, name: str) -> None:
    assert warnings(folder) == ""
    (folder / name).chmod(0o644)
    assert warnings(folder).endswith(f"chmod 600 {folder / name}")


def test_file_in_a_private_folder_is_private(folder: Path) -> None:
    (folder / ".env").chmod(0o644)
    folder.chmod(0o700)
    assert warnings(folder) == ""


def test_file_without_secrets_and_missing_files_are_not_warned_of(folder: Path) -> None:
    (folder / ".env").chmod(0o644)
    assert warnings(folder, token=None) == ""
    (folder / KEY_FILE).chmod(0o644)
    assert warnings(folder, token=None, key=SecretStr("k" * 32)).count("\n") == 0
    for name in (".env", KEY_FILE, "soundslike.db"):
        (folder / name).unlink()
    assert warnings(folder) == ""


async def test_new_files_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        async with composition.stores(Settings(data_dir=tmp_path / "var")):
            modes = {
                path.name: stat.S_IMODE(path.stat().st_mode)
                for path in (tmp_path / "var").iterdir()
            }
    finally:
        os.umask(before)
    assert {"soundslike.db", "soundslike.db-wal", KEY_FILE} <= set(modes)
    assert set(modes.values()) == {0o600}
