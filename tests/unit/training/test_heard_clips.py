"""Labelled clips are listened to once."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from model.sound import embedding
from model.sound.front_end import RATE
from model.sound.sound_table import Row
from model.sound.tagger_bundle import TaggerStore
from tests.support.counted_hearing import hear_counted
from tests.support.sounds import write
from tests.support.taggers import metadata
from training.errors import CannotWrite
from training.sound.heard_clips import ClipSound, hear_clip, hear_clips

TAGGER = metadata(files={"msd.onnx": "1", "LICENSE.md": "2"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "clips"
    folder.mkdir()
    for name, content in {
        "a.ogg": "one",
        "b.ogg": "two",
        "c.ogg": "not_music",
        "d.ogg": "failed",
        "e.ogg": "not_audio",
    }.items():
        (folder / name).write_text(content)
    return folder


def hear(folder: Path, **changes: object) -> dict[str, Row]:
    """Listen to all files in one process; return the cells by name, and empty the log."""
    tagger = replace(TAGGER, **changes)  # type: ignore[arg-type]
    paths = sorted(folder.glob("*.ogg"))
    found = hear_clips(paths, tagger, folder.parent / "cache" / "heard.sqlite", 1, hear_counted)
    return {path.name: row for path, row in found.items()}


def logged(folder: Path) -> list[str]:
    """Return the names of the files that were listened to since the last call."""
    log = folder.parent / "heard.log"
    names = log.read_text().split() if log.exists() else []
    log.unlink(missing_ok=True)
    return names


def test_a_second_run_listens_to_what_is_new_changed_or_failed(folder: Path) -> None:
    first = hear(folder)
    assert first["a.ogg"]["embedding"] == "one"
    assert first["c.ogg"]["error"] == "not_music"
    assert sorted(logged(folder)) == ["a.ogg", "b.ogg", "c.ogg", "d.ogg", "e.ogg"]
    (folder / "b.ogg").write_text("another")
    (folder / "f.ogg").write_text("new")
    second = hear(folder)
    assert sorted(logged(folder)) == ["b.ogg", "d.ogg", "f.ogg"]
    assert second["b.ogg"]["embedding"] == "another"
    assert {name: second[name] for name in ("a.ogg", "c.ogg")} == {
        name: first[name] for name in ("a.ogg", "c.ogg")
    }


def test_another_tagger_listens_again_another_head_does_not(folder: Path) -> None:
    hear(folder)
    logged(folder)
    hear(folder, version="2", files={**TAGGER.files, "head.npz": "3"})
    assert logged(folder) == ["d.ogg"]
    hear(folder, files={**TAGGER.files, "msd.onnx": "4"})
    assert len(logged(folder)) == 5


def test_a_file_that_is_gone_is_not_readable(tmp_path: Path) -> None:
    gone = tmp_path / "gone.ogg"
    found = hear_clips([gone], TAGGER, tmp_path / "heard.sqlite", 1)
    assert found[gone]["error"] == "not_audio"


def test_a_cache_that_is_another_file_is_an_error(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("this is no database, but a text of some length\n" * 20)
    with pytest.raises(CannotWrite, match=r"other\.txt"):
        hear_clips([folder / "a.ogg"], TAGGER, other, 1, hear_counted)
    assert "no database" in other.read_text()


def test_a_clip_has_the_tags_and_the_embedding_of_the_tagger(tmp_path: Path) -> None:
    found = ClipSound.from_row(hear_clip(write(tmp_path / "song.wav", 3.0)))
    tags = TaggerStore().load().metadata.tags
    assert {name: tuple(own) for name, own in found.tags.items()} == tags
    assert np.array_equal(
        embedding.from_bytes(embedding.to_bytes(found.embedding)), found.embedding
    )


def test_what_is_no_music_has_no_embedding(tmp_path: Path) -> None:
    silence = tmp_path / "silence.wav"
    soundfile.write(silence, np.zeros(3 * RATE), RATE)
    assert hear_clip(silence) == {"error": "not_music", "reason": "silence"}
