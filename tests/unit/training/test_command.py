from collections.abc import Callable
from pathlib import Path

import pytest

from training.__main__ import main


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (("extra/classic_hits.csv", "0.4,3", "much,3"), ", line 2, column Energy: 'much'"),
        (("extra/artist_genres.csv", "slim,hip-hop", "slim,pop"), ", line 2, column genre: pop"),
        (("extra/curated_tracks.csv", "afrobeat", "polka"), ", line 4, column label: the taxonomy"),
    ],
)
def test_invalid_table_is_a_one_line_error(
    data: Path,
    rewrite: Callable[[str, str, str], None],
    capsys: pytest.CaptureFixture[str],
    damage: tuple[str, str, str],
    problem: str,
) -> None:
    rewrite(*damage)
    assert main(["fit", "--data", str(data), "--out", str(data / "bundles")]) == 1
    error = capsys.readouterr().err.strip()
    assert error.startswith(f"{data / damage[0]}{problem}")
    assert "\n" not in error
    assert not (data / "bundles").exists()


def test_missing_table_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "--data", str(tmp_path)]) == 1
    assert "echonest.csv: cannot be read: No such file" in capsys.readouterr().err


def test_tables_that_are_not_selected_may_be_missing(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "extra/classic_hits.csv").unlink()
    assert main(["fit", "--data", str(data), "--tables", "fma"]) == 1
    error = capsys.readouterr().err
    assert "too few rows to train and to test on" in error
    assert "as labelled in fma_metadata/tracks.csv, column track/genre_top" in error
    assert "audio_features.csv" not in error


def test_unknown_table_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "--tables", "fma,nonsense"]) == 2
    error = " ".join(capsys.readouterr().err.replace("│", "").split())
    assert "no table nonsense; there are fma, billboard" in error


def test_artists_alone_are_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "--tables", "artist_genres"]) == 2
    assert "artist_genres has no songs" in " ".join(capsys.readouterr().err.split())


def test_report_option_is_ignored_with_a_note(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fit", "--data", str(tmp_path), "--report", "report.html"]) == 1
    note, error = capsys.readouterr().err.splitlines()
    assert note.startswith("--report is not used any more")
    assert "No such file" in error


def test_several_models_may_follow_one_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "--model", "study", "nonsense"]) == 2
    error = " ".join(capsys.readouterr().err.replace("│", "").split())
    assert "no model nonsense; there are " in error


def test_catalogue_needs_all_songs(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "songs.json"
    assert main(["catalogue", "--data", str(data), "--out", str(out)]) == 1
    assert "has no 'Bohemian Rhapsody" in capsys.readouterr().err
    assert not out.exists()
