"""`python -m model` with the shipped bundles."""

import csv
import json
import subprocess
import sys
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


async def test_standard_streams(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(SONGS)
    await run("model", "predict", "in.csv", "out.csv", "--keep", "title,tempo", "--keep", "energy")
    done = await run(
        *("model", "predict", "-", "-", "--keep", "title,tempo", "--keep", "energy"),
        stdin=SONGS.encode(),
    )
    assert done.code == 0, done.err
    assert done.out == (tmp_path / "out.csv").read_text()
    assert done.out.startswith("title,tempo,energy,genre,")
    assert "2 rows classified" in done.err
    named = await run("model", "predict", "in.csv", "/dev/stdout")
    assert named.out.startswith("genre,")
    assert named.code == 0, named.err


async def test_file_named_like_a_stream_is_given_with_its_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "-").write_text(SONGS)
    done = await run("model", "predict", "./-", "out.csv")
    assert done.code == 0, done.err
    assert (tmp_path / "out.csv").exists()


async def test_missing_columns_are_named_only_if_there_are_any(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(SONGS.replace("title", "Duration"))
    done = await run("model", "predict", "in.csv", "out.csv")
    missing = "speechiness, acousticness, instrumentalness, liveness, loudness, key, mode"
    assert f"missing columns: {missing}, duration_ms (the unit of Duration is not kn" in done.out
    names = "danceability,energy,speechiness,acousticness,instrumentalness,liveness,valence,tempo"
    (tmp_path / "in.csv").write_text(f"{names},loudness,key,mode,duration_ms\n")
    done = await run("model", "predict", "in.csv", "out.csv")
    assert done.code == 0
    assert "missing columns" not in done.out


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("title,energy\nx,0.5\n", "has 1 of the columns"),
        ("valence,tempo,energy,danceability\n0.5,,0.5,0.5\n", "no row has 4 of the columns"),
    ],
)
async def test_table_of_which_nothing_can_be_classified_is_a_failure(
    run: Run, tmp_path: Path, text: str, reason: str
) -> None:
    (tmp_path / "in.csv").write_text(text)
    done = await run("model", "predict", "in.csv", "out.csv")
    assert done.code == 1
    assert reason in done.err
    assert "rows classified" not in done.out
    assert not (tmp_path / "out.csv").exists()


def test_reader_of_the_output_may_stop(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "in.csv").write_text(SONGS + "0.6,136,0.6,x,0.9\n" * 20_000)
    with subprocess.Popen(
        [sys.executable, "-m", "model", "predict", "in.csv", "-"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("genre,")
        process.stdout.close()
        errors = process.stderr.read()
    assert process.returncode == 1
    assert "Traceback" not in errors
    assert "Exception ignored" not in errors


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


async def test_info_lists_the_tagger(run: Run) -> None:
    (tagger,) = json.loads((await run("model", "info", "--json")).out)["taggers"]
    assert (tagger["name"], tagger["license"]) == ("musicnn", "ISC")
    assert {name: len(tags) for name, tags in tagger["tags"].items()} == {"msd": 50, "mtt": 50}
    assert set(tagger["files"]) == {"msd.onnx", "mtt.onnx", "LICENSE.md"}
    assert f"musicnn {tagger['version']}" in (await run("model", "info")).out


async def test_prediction_writes_nothing_to_the_home_folder(run: Run, tmp_path: Path) -> None:
    """Without our setting, onnxruntime writes a device id there and reports usage."""
    (tmp_path / "in.csv").write_text(SONGS)
    done = await run("model", "predict", "in.csv", "out.csv", HOME=str(tmp_path / "home"))
    assert done.code == 0, done.err
    assert not list((tmp_path / "home").glob("**/*"))
