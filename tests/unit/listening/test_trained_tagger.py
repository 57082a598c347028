"""The process that listens has the tagger that is set."""

from functools import partial
from pathlib import Path

import pytest

from bot.domain.errors import ModelUnusable
from bot.listening.hearing import Hearing, start_worker
from model.sound.tagger_bundle import NAME, network_file
from tests.support import sounds
from tests.support.trained_taggers import save_trained


@pytest.fixture
def song(tmp_path: Path) -> Path:
    return sounds.write(tmp_path / "song.wav", 4)


def test_the_process_has_the_tagger_in_a_folder(tmp_path: Path, song: Path) -> None:
    version = save_trained(tmp_path / "trained")
    hearing = Hearing(start=partial(start_worker, tmp_path / "trained"))
    try:
        found = hearing.hear(song.open("rb")).heard
    finally:
        hearing.close()
    assert found.model_version == version
    assert found.best == "reggae"


def test_where_there_are_no_processes_it_is_the_same(
    tmp_path: Path, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.listening.hearing.is_supported", lambda: False)
    version = save_trained(tmp_path / "trained")
    hearing = Hearing(start=partial(start_worker, tmp_path / "trained"))
    assert hearing.hear(song.open("rb")).heard.model_version == version


def test_a_damaged_tagger_is_said(tmp_path: Path, song: Path) -> None:
    version = save_trained(tmp_path / "trained")
    (tmp_path / "trained" / NAME / version / network_file("msd")).write_bytes(b"")
    hearing = Hearing(start=partial(start_worker, tmp_path / "trained"))
    try:
        with pytest.raises(ModelUnusable):
            hearing.hear(song.open("rb"))
    finally:
        hearing.close()
