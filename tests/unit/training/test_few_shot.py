"""How songs are spread, and the comparison of two ways to learn labels."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.song_space import SCORED, SONG_SPACE, Array, song_space
from training import few_shot
from training.__main__ import main
from training.errors import CannotWrite
from training.few_shot import Songs, report, write_spread


@pytest.fixture(scope="module")
def songs() -> Songs:
    """Songs whose styles are spread as the shipped file says."""
    space, rng = song_space(), np.random.default_rng(0)

    def styles(count: int) -> dict[str, Array]:
        means = rng.multivariate_normal(space.mean, space.between, count)
        return {
            str(index): rng.multivariate_normal(mean, space.within, 120)
            for index, mean in enumerate(means)
        }

    everything = rng.multivariate_normal(space.mean, space.total, 5000)
    return Songs(everything, styles(60), styles(12))


def test_spread_is_measured_again(songs: Songs, tmp_path: Path) -> None:
    expected, out = song_space(), tmp_path / "song_space.json"
    found = write_spread(songs, out)
    assert found.total == pytest.approx(expected.total, abs=0.1)
    assert found.within == pytest.approx(expected.within, abs=0.05)
    assert found.between == pytest.approx(expected.between, abs=0.3)
    # The model is right about these songs, so their evidence needs no correction.
    assert found.slope == pytest.approx(1, abs=0.15)
    assert json.loads(out.read_text(encoding="utf-8"))["features"] == list(SCORED)


def test_report_compares_both_methods(songs: Songs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(few_shot, "TRIALS", 4)
    monkeypatch.setattr(few_shot, "SIZES", (5, 8, 15))
    monkeypatch.setattr(few_shot, "REFERENCES", 500)
    title, *lines = report(songs, song_space())
    assert title.startswith("12 sub-genres of playlists")
    figures = [line.split() for line in lines if "called" not in line]
    assert [line[2] for line in figures] == ["two-covariance", "logistic"] * 3
    areas = [float(line[3]) for line in figures if line[2] == "two-covariance"]
    assert min(areas) > 0.7
    assert sum("called mixed" in line for line in lines) == 3


@pytest.mark.long
@pytest.mark.training
def test_shipped_file_is_that_of_the_tables(tables: Path, tmp_path: Path) -> None:
    out = tmp_path / "song_space.json"
    write_spread(few_shot.load(tables), out)
    assert json.loads(out.read_text()) == json.loads(SONG_SPACE.read_text())


def test_file_that_cannot_be_written_is_one_sentence(songs: Songs, tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="cannot be written"):
        write_spread(songs, tmp_path / "missing" / "song_space.json")


def test_tables_without_enough_styles_are_refused_in_words(
    made_up: pd.DataFrame,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(few_shot, "load_dataset", lambda _: made_up.head(20))
    out = tmp_path / "song_space.json"
    assert main(["few-shot", "--data", "here", "--out", str(out)]) == 1
    assert "here: too few labels with songs of 60 artists: 0 in the" in capsys.readouterr().err
    assert not out.exists()
