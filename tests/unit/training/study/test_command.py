from pathlib import Path

import pytest

from training import figures
from training.__main__ import main
from training.errors import NoWinner
from training.model_selection import select_model
from training.study.candidates import KEYS
from training.study.figures_export import study_figures
from training.study.results import Report


def test_missing_table_is_reported_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["study", "--quick", "--data", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_unknown_model_is_rejected(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "--models", "random_forest", "oracle"]) == 2
    assert "oracle" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--seed", "-1"], "'-1' is not a seed: 0 to"),
        (["--seed", "4294967296"], "is not a seed"),
        (["--seed", "one"], "'one' is not a seed"),
        (["--processes", "0"], "'0' is not a number of processes"),
        (["--processes", "-2"], "'-2' is not a number of processes"),
    ],
)
def test_invalid_number_is_rejected(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["study", *options]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["study", "fit"])
@pytest.mark.parametrize("folder", ["file", "file/below", "/proc/none"])
def test_unwritable_folder_is_reported_before_tables_are_read(
    verb: str, folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    out = tmp_path / folder
    assert main([verb, "--data", str(tmp_path / "none"), "--out", str(out)]) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"{out}: nothing can be written there")
    assert error.count("\n") == 1


@pytest.mark.long
def test_quick_run_on_real_tables_writes_a_complete_report(
    tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["study", "--quick", "--data", str(tables), "--out", str(tmp_path)]) == 0
    assert "random forest, grid-searched" in capsys.readouterr().out
    report = Report.from_json((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report.run.quick
    # Three minutes on two cores, in processor time, which does not depend on other load.
    assert sum(report.run.stages.values()) < 2 * 3 * 60
    figures_file = figures.read(tmp_path / "figures.json")
    assert figures_file == study_figures(report)
    with pytest.raises(NoWinner, match="quick"):
        select_model(figures_file, "wide")
    assert report.robustness
    assert len(report.robustness.tables) == 5
    assert {song.title for song in report.songs} >= {"Old Town Road - Remix", "In the End"}
    for task in report.tasks:
        assert tuple(model.key for model in task.models) == KEYS
        assert all(model.test.mean_auc > 0.55 for model in task.models)
    assert (tmp_path / "report.html").stat().st_size < 2_000_000
