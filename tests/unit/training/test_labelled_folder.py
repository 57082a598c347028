"""Folders of labelled sound files are read in three layouts, with features beside them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from model.schema import CORE
from model.sound.errors import NoSoundFiles
from tests.unit.training.made_up_sounds import labelled_clips, write_features, write_labels
from training.errors import TableError, UnknownLabel
from training.sound.labelled_folder import FEATURES, LabelledFolder, read_folder

FEATURE_VALUES = {**dict.fromkeys(CORE, 0.5), "tempo": 120.0}


def names(found: LabelledFolder) -> dict[str, tuple[str, str]]:
    return {clip.path.name: (clip.label, clip.artist) for clip in found.clips}


@pytest.fixture
def fma(data: Path) -> Path:
    """Return a folder of FMA's files, with the tables beside it."""
    for number in (2, 3, 5, 11):
        path = data / "fma_small" / "000" / f"{number:06}.mp3"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (data / "fma_small" / "checksums").touch()
    return data / "fma_small"


def test_fma_has_labels_artists_and_features_in_tables(fma: Path) -> None:
    found = read_folder(fma)
    assert names(found) == {
        "000002.mp3": ("hip-hop", "AWOL"),
        "000003.mp3": ("hip-hop", "AWOL"),
        "000005.mp3": ("rock", ""),
        "000011.mp3": ("", "Blue, Band"),
    }
    assert [clip.path.name for clip in found.labelled] == ["000002.mp3", "000003.mp3", "000005.mp3"]
    assert {path.name for path in found.features} == {"000002.mp3", "000005.mp3", "000011.mp3"}
    assert found.features[fma / "000" / "000002.mp3"]["tempo"] == 165.922
    assert "tempo" not in found.features[fma / "000" / "000005.mp3"]
    assert "Free Music Archive" in found.source
    assert "Creative Commons" in found.license


def test_fma_has_no_features_without_their_table(fma: Path, data: Path) -> None:
    (data / "fma_metadata" / "echonest.csv").unlink()
    assert read_folder(fma).features == {}


def test_the_tables_of_fma_may_be_in_the_folder(fma: Path, data: Path) -> None:
    expected = names(read_folder(fma))
    (data / "fma_metadata").rename(fma / "fma_metadata")
    assert names(read_folder(fma)) == expected


def test_a_label_of_fma_that_the_taxonomy_lacks_is_an_error(
    fma: Path, rewrite: Callable[[str, str, str], None]
) -> None:
    rewrite("fma_metadata/tracks.csv", ",Rock,", ",Polka,")
    with pytest.raises(UnknownLabel, match=r"line 6, column track/genre_top: .*'Polka'"):
        read_folder(fma)


def test_other_files_beside_the_tables_of_fma_are_not_of_fma(fma: Path) -> None:
    shutil.rmtree(fma / "000")
    (fma / "Jazz").mkdir()
    (fma / "Jazz" / "song.mp3").touch()
    assert names(read_folder(fma)) == {"song.mp3": ("jazz", "")}


def test_labels_go_before_the_tables_of_fma(fma: Path) -> None:
    (fma / "labels.csv").write_text("file,genre,artist\n000/000002.mp3,death metal,Somebody\n")
    assert names(read_folder(fma)) == {"000002.mp3": ("metal", "Somebody")}


def test_labels_that_are_no_genre_are_known_as_such(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("file,genre\na.ogg,gibberish\nb.ogg,speech\nc.ogg,Dub\n")
    found = read_folder(tmp_path)
    assert names(found) == {"a.ogg": ("", ""), "b.ogg": ("speech", ""), "c.ogg": ("reggae", "")}
    assert [clip.path.name for clip in found.labelled] == ["c.ogg"]


def test_features_lie_beside_labels(tmp_path: Path) -> None:
    clips = labelled_clips(tmp_path)[:3]
    write_labels(tmp_path, clips)
    write_features(tmp_path, clips[1:], FEATURE_VALUES)
    assert read_folder(tmp_path).features == {clip.path: FEATURE_VALUES for clip in clips[1:]}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [("120.0", "fast", "line 2, column tempo"), ("energy", "power", "column energy")],
)
def test_invalid_features_are_an_error(tmp_path: Path, old: str, new: str, problem: str) -> None:
    clips = labelled_clips(tmp_path)[:1]
    write_labels(tmp_path, clips)
    write_features(tmp_path, clips, FEATURE_VALUES)
    text = (tmp_path / FEATURES).read_text()
    (tmp_path / FEATURES).write_text(text.replace(old, new))
    with pytest.raises(TableError, match=problem):
        read_folder(tmp_path)


def test_a_folder_without_sound_files_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NoSoundFiles):
        read_folder(tmp_path)
    with pytest.raises(NoSoundFiles):
        read_folder(tmp_path / "missing")
