"""What the command `predict` says at the end."""

from functools import partial
from pathlib import Path

import pytest

from model import store
from model.__main__ import main
from model.store import BundleStore
from tests.support.factories import save_bundle, save_full_bundle

SONGS = "danceability,energy,speechiness,acousticness\n0.9,0.1,0.2,0.3\n"


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Serve two bundles, and classify a table in the working folder."""
    save_bundle(tmp_path / "bundles")
    save_full_bundle(tmp_path / "bundles")
    (tmp_path / "in.csv").write_text(SONGS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(store, "BundleStore", partial(BundleStore, tmp_path / "bundles"))


def predict(*options: str) -> int:
    return main(["predict", "in.csv", "out.csv", *options])


def test_year_is_not_reported_as_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert predict("--model", "full") == 0
    printed = capsys.readouterr().out
    assert "missing columns: instrumentalness, liveness, valence, tempo" in printed
    assert "year" not in printed


def test_number_of_rows_with_a_year_is_printed_if_the_model_takes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"0.9,0.1,0.2,0.3,{year}\n" for year in ("02/11/1975", "?", "soon", "1960"))
    header = "danceability,energy,speechiness,acousticness,Year of release\n"
    (tmp_path / "in.csv").write_text(header + rows)
    assert predict("--model", "full") == 0
    assert "the year was read in 2 of 4 rows" in capsys.readouterr().out
    assert predict("--model", "tiny") == 0
    assert "year" not in capsys.readouterr().out


def test_prior_changes_the_probabilities(tmp_path: Path) -> None:
    tables = {}
    for prior in ("popular", "tables", "even"):
        assert predict("--model", "full", "--prior", prior) == 0
        tables[prior] = (tmp_path / "out.csv").read_text()
    assert len(set(tables.values())) == 3
    assert predict("--model", "full") == 0
    assert (tmp_path / "out.csv").read_text() == tables["popular"]


def test_unknown_prior_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert predict("--model", "full", "--prior", "jazz") == 1
    assert "no prior 'jazz'; there are: tables, popular, even" in capsys.readouterr().err


def test_prior_of_a_model_without_priors_is_said_to_change_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert predict("--model", "tiny", "--prior", "even") == 0
    assert "even changed nothing" in capsys.readouterr().out
    assert predict("--model", "tiny", "--prior", "nonsense") == 1
    assert "no prior 'nonsense'; there are: popular, tables, even" in capsys.readouterr().err
    assert predict("--model", "tiny") == 0
    assert "prior" not in capsys.readouterr().out
