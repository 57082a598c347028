"""`python -m model` with the shipped bundles."""

import csv
import json
from pathlib import Path

import pytest

from model.genres import STUDY, WIDE
from tests.process.conftest import Run

SONGS = "valence,tempo,energy,title,danceability\n0.6,136,0.6,x,0.9\n,,0.6,y,0.9\n"


@pytest.mark.parametrize(("name", "genres"), [("wide", WIDE), ("study", STUDY)])
async def test_predict_writes_a_genre_and_a_probability_for_each_label(
    run: Run, tmp_path: Path, name: str, genres: tuple[str, ...]
) -> None:
    (tmp_path / "in.csv").write_text(SONGS)
    done = await run("model", "predict", "in.csv", "out.csv", "--model", name)
    assert done.code == 0, done.err
    assert "1 of them had too few features" in done.out
    with (tmp_path / "out.csv").open(newline="") as file:
        first, second = csv.DictReader(file)
    assert list(first) == ["genre", *genres]
    chances = {genre: float(first[genre]) for genre in genres}
    assert first["genre"] == max(chances, key=lambda genre: chances[genre])
    assert sum(chances.values()) == pytest.approx(1, abs=1e-5)
    assert set(second.values()) == {""}


async def test_invalid_cell_is_reported_with_row_and_column(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(SONGS.replace("0.6,136,0.6", "0.6,fast,0.6"))
    done = await run("model", "predict", "in.csv", "out.csv")
    assert done.code == 1
    assert "row 1, column tempo: 'fast'" in done.err
    assert "Traceback" not in done.err
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    "arguments",
    [("none.csv", "out.csv"), ("in.csv", "none/out.csv"), ("in.csv", "out.csv", "--model", "no")],
    ids=["no input", "no folder for the output", "no such model"],
)
async def test_failures_print_no_traceback(
    run: Run, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "in.csv").write_text(SONGS)
    done = await run("model", "predict", *arguments)
    assert done.code == 1
    assert "Traceback" not in done.err


async def test_info_lists_both_bundles_with_their_metrics(run: Run) -> None:
    bundles = json.loads((await run("model", "info", "--json")).out)["bundles"]
    found = {bundle["name"]: bundle for bundle in bundles}
    assert set(found) == {"wide", "study"}
    assert found["wide"]["genres"] == list(WIDE)
    assert found["study"]["genres"] == list(STUDY)
    for bundle in bundles:
        assert bundle["version"]
        assert bundle["metrics"]["measurements"][0]["figures"]["weighted_f1"] > 0
        assert bundle["data"]
        assert "model.onnx" in bundle["files"]
    plain = await run("model", "info")
    assert plain.code == 0
    assert "wide" in plain.out


async def test_prediction_writes_nothing_to_the_home_folder(run: Run, tmp_path: Path) -> None:
    """Without our setting, onnxruntime writes a device id there and reports usage."""
    (tmp_path / "in.csv").write_text(SONGS)
    done = await run("model", "predict", "in.csv", "out.csv", HOME=str(tmp_path / "home"))
    assert done.code == 0, done.err
    assert not list((tmp_path / "home").glob("**/*"))
