"""Files are listened to in several processes, of which some end."""

import errno
import multiprocessing
import os
import signal
from contextlib import closing
from pathlib import Path

import pytest

from model.errors import BundleInvalid
from model.sound import decoding, folder
from model.sound.folder import hear_all
from tests.support.hearing import DIES, DIES_ONCE, HAS_NO_MODEL, INTERRUPTED, WAITS, hear


def files(tmp_path: Path, *contents: str) -> list[Path]:
    paths = []
    for number, content in enumerate(contents):
        path = tmp_path / f"{number}.mp3"
        path.write_text(content, encoding="utf-8")
        paths.append(path)
    return paths


def test_every_file_is_heard_once_in_so_many_processes(tmp_path: Path) -> None:
    paths = files(tmp_path, *[""] * 12)
    rows = list(hear_all(paths, 2, hear))
    assert sorted(path for path, _ in rows) == sorted(paths)
    assert 1 <= len({row["heard"] for _, row in rows}) <= 2
    assert not multiprocessing.active_children()


def test_no_files_start_no_process() -> None:
    assert list(hear_all([], 2, hear)) == []


def test_a_process_that_dies_takes_no_other_file_with_it(tmp_path: Path) -> None:
    paths = files(tmp_path, "", "", DIES, "", "", "")
    rows = list(hear_all(paths, 2, hear))
    assert sorted(path for path, _ in rows) == sorted(paths)
    failed = {path: row for path, row in rows if "error" in row}
    assert set(failed) == {paths[2]}
    assert failed[paths[2]] == {
        "error": "failed",
        "reason": "the process that listened to it ended",
    }


def test_a_file_at_which_a_process_died_is_tried_again(tmp_path: Path) -> None:
    paths = files(tmp_path, "", "", DIES_ONCE, "", "")
    rows = dict(hear_all(paths, 2, hear))
    assert set(rows) == set(paths)
    assert not [row for row in rows.values() if "error" in row]


def test_model_that_cannot_be_loaded_ends_the_run(tmp_path: Path) -> None:
    paths = files(tmp_path, HAS_NO_MODEL, *[""] * 5)
    with pytest.raises(BundleInvalid, match="the bundle is damaged"):
        list(hear_all(paths, 1, hear))
    assert not multiprocessing.active_children()


def test_processes_end_when_the_caller_stops(tmp_path: Path) -> None:
    paths = files(tmp_path, "", WAITS, WAITS)
    with closing(hear_all(paths, 2, hear)) as rows:
        next(rows)
    assert not multiprocessing.active_children()
    assert [path.read_text(encoding="utf-8") for path in paths[1:]] == [WAITS, WAITS]


def test_other_processes_of_the_program_go_on(tmp_path: Path) -> None:
    paths = files(tmp_path, "", WAITS)
    context = multiprocessing.get_context("spawn")
    other = context.Process(target=signal.pause)
    other.start()
    try:
        with closing(hear_all(paths, 1, hear)) as rows:
            next(rows)
        assert multiprocessing.active_children() == [other]
    finally:
        other.kill()
        other.join()
    assert other.exitcode == -signal.SIGKILL


def test_ctrl_c_ends_no_process(tmp_path: Path) -> None:
    # The process that is started first waits: the other one is interrupted.
    with closing(hear_all(files(tmp_path, WAITS, INTERRUPTED), 2, hear)) as rows:
        _, row = next(rows)
    assert row["genre"] == "rock"


def test_ctrl_c_is_as_before_when_the_processes_are_started(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        list(hear_all(files(tmp_path, ""), 1, hear))
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "empty"), (b"text", "not_sound"), (b"RIFF....WAVE", "damaged")]
)
def test_what_is_no_sound_has_a_row_that_says_so(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    assert folder.hear(path) == {"error": "not_audio", "reason": reason}


def test_file_that_is_gone_has_a_row_that_says_so(tmp_path: Path) -> None:
    assert folder.hear(tmp_path / "a.wav") == {"error": "not_audio", "reason": "missing"}


def test_file_that_may_not_be_read_has_a_row_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    path = tmp_path / "a.wav"
    path.touch()
    monkeypatch.setattr(Path, "open", refuse)
    assert folder.hear(path) == {"error": "not_audio", "reason": "unreadable"}


def test_file_whose_disk_fails_has_a_row_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    path = tmp_path / "a.wav"
    path.write_bytes(b"RIFF")
    monkeypatch.setattr(decoding, "recognise", fail)
    assert folder.hear(path) == {"error": "not_audio", "reason": "unreadable"}


def test_folder_named_like_a_sound_has_a_row_that_says_so(tmp_path: Path) -> None:
    assert folder.hear(tmp_path) == {"error": "not_audio", "reason": "not_sound"}
