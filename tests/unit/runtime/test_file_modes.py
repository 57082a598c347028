"""Warnings about files that other users of the machine can read."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.runtime import file_modes
from bot.runtime.settings import Settings
from bot.storage.stores import open_stores
from bot.storage.user_hash import KEY_FILE


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


def modes(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}


async def test_files_that_the_bot_makes_are_safe(settings: Settings, tmp_path: Path) -> None:
    async with open_stores(settings.database, settings.data_dir) as stores:
        await stores.events.first_time("e1")
        assert modes(tmp_path) == dict.fromkeys(
            ["soundslike.db", "soundslike.db-wal", "soundslike.db-shm", KEY_FILE], 0o600
        )
        assert file_modes.warning(settings, tmp_path / ".env") is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
@pytest.mark.parametrize("name", [".env", "soundslike.db", KEY_FILE])
def test_file_that_others_can_read_or_write_is_named(
    settings: Settings, tmp_path: Path, name: str, mode: int
) -> None:
    for safe in (".env", "soundslike.db", KEY_FILE):
        (tmp_path / safe).touch(0o600)
    (tmp_path / name).chmod(mode)
    file = tmp_path / name
    assert file_modes.warning(settings, tmp_path / ".env") == (
        f"other users of this machine can read {file}. To prevent it: chmod 600 {file}"
    )


def test_one_warning_names_all_files(settings: Settings, tmp_path: Path) -> None:
    for name in (".env", "soundslike.db", KEY_FILE):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o644)
    warning = file_modes.warning(settings, tmp_path / ".env")
    assert warning
    assert warning.endswith(
        f"chmod 600 {tmp_path}/.env {tmp_path}/soundslike.db {tmp_path}/{KEY_FILE}"
    )


def test_files_that_are_not_used_are_not_named(tmp_path: Path) -> None:
    for name in ("soundslike.db", KEY_FILE):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o644)
    settings = Settings(
        data_dir=tmp_path,
        database_url="postgresql://db.example/music",
        user_hash_key=SecretStr("x" * 32),
    )
    assert file_modes.warning(settings, tmp_path / ".env") is None
