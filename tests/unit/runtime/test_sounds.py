"""Where the files of sounds are."""

import stat
from pathlib import Path

import pytest

from bot.runtime.settings import Settings
from bot.runtime.sounds import FOLDER, temporary_files


def test_files_are_in_the_data_folder(tmp_path: Path) -> None:
    for _ in range(2):
        files = temporary_files(Settings(data_dir=tmp_path / "new"))
    assert files.folder == tmp_path / "new" / FOLDER
    assert stat.S_IMODE(files.folder.stat().st_mode) == 0o700
    with files.open(1) as file:
        assert file.writable()


def test_without_a_data_folder_the_temporary_one_is_used(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    files = temporary_files(Settings(data_dir=tmp_path / "file"))
    assert files.folder is None
    assert "sound files go to the temporary folder" in caplog.text
    with files.open(1) as file:
        assert file.writable()
