import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from bot.render import png
from bot.render.chart_files import MAX_PART_AGE, ChartFiles

CHART = png.encode(Image.new("RGB", (40, 30), "#123456"))
NAME = "ab" * 32


def used_at(folder: Path, name: str, second: int) -> None:
    os.utime(folder / f"{name}.png", (second, second))


def names(folder: Path) -> set[str]:
    return {path.stem for path in folder.iterdir()}


def test_file_is_returned_as_it_was_stored_also_to_another_process(tmp_path: Path) -> None:
    ChartFiles(tmp_path / "charts").put(NAME, CHART)
    assert ChartFiles(tmp_path / "charts").get(NAME) == CHART
    assert names(tmp_path / "charts") == {NAME}


def test_missing_file_is_none(tmp_path: Path) -> None:
    assert ChartFiles(tmp_path / "charts").get(NAME) is None


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(b"", id="empty"),
        pytest.param(CHART[:-1], id="truncated"),
        pytest.param(CHART[:20], id="truncated in the header"),
        pytest.param(CHART + b"x", id="longer"),
        pytest.param(CHART[:50] + bytes([CHART[50] ^ 1]) + CHART[51:], id="one bit"),
        pytest.param(CHART[:33] + CHART[-12:], id="without pixels"),
        pytest.param(b"not a picture", id="other"),
    ],
)
def test_damaged_file_is_none_until_it_is_stored_again(tmp_path: Path, damaged: bytes) -> None:
    files = ChartFiles(tmp_path)
    (tmp_path / f"{NAME}.png").write_bytes(damaged)
    assert files.get(NAME) is None
    files.put(NAME, CHART)
    assert files.get(NAME) == CHART


def test_very_long_file_is_none(tmp_path: Path) -> None:
    with (tmp_path / f"{NAME}.png").open("wb") as file:
        file.truncate(1 << 40)
    assert ChartFiles(tmp_path).get(NAME) is None


def test_least_recently_used_files_are_deleted_when_the_folder_is_full(tmp_path: Path) -> None:
    files = ChartFiles(tmp_path, max_bytes=10 * len(CHART))
    for number in range(9):
        files.put(str(number), CHART)
        used_at(tmp_path, str(number), number)
    assert files.get("0") == CHART
    files.put("9", CHART)
    assert names(tmp_path) == {"0", *map(str, range(2, 10))}


def test_what_an_earlier_process_left_counts(tmp_path: Path) -> None:
    ChartFiles(tmp_path).put("old", CHART)
    used_at(tmp_path, "old", 0)
    ChartFiles(tmp_path, max_bytes=len(CHART) + len(CHART) // 2).put("new", CHART)
    assert names(tmp_path) == {"new"}


def test_part_of_a_killed_process_is_deleted_and_one_in_progress_is_not(tmp_path: Path) -> None:
    old, new, other = tmp_path / "a.part", tmp_path / "b.part", tmp_path / "notes.txt"
    for path in (old, new, other):
        path.write_bytes(b"x")
    for path in (old, other):
        past = new.stat().st_mtime - MAX_PART_AGE - 60
        os.utime(path, (past, past))
    ChartFiles(tmp_path).put(NAME, CHART)
    assert not old.exists()
    assert new.exists()
    assert other.exists()


def test_folder_that_cannot_be_written_is_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "charts").write_bytes(b"a file, not a folder")
    files = ChartFiles(tmp_path / "charts")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            files.put(NAME, CHART)
    assert files.get(NAME) is None
    (record,) = caplog.records
    assert str(tmp_path / "charts") in record.message
    assert "in memory only" in record.message


def test_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    ChartFiles(tmp_path).put(NAME, CHART)
    assert list(tmp_path.iterdir()) == []


WRITE_MANY = """
import sys
from pathlib import Path
from PIL import Image
from bot.render import png
from bot.render.chart_files import ChartFiles

files = ChartFiles(Path(sys.argv[1]), max_bytes=20_000)
charts = {str(shade): png.encode(Image.new("RGB", (99, 99), (shade,) * 3)) for shade in range(99)}
for round in range(3):
    for name, chart in charts.items():
        files.put(name, chart)
        assert files.get(name) in (chart, None)
"""


def test_processes_share_a_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITE_MANY, str(tmp_path)]
    writers = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
    assert [(writer.communicate()[1], writer.returncode) for writer in writers] == [(b"", 0)] * 3
    assert 0 < sum(path.stat().st_size for path in tmp_path.iterdir()) <= 20_000
