from pathlib import Path

import pytest

from training.__main__ import main
from training.study.candidates import KEYS
from training.study.shape import Report


def test_a_table_that_is_not_there_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["study", "--quick", "--data", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_model_nobody_knows_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["study", "--models", "oracle"])
    assert stopped.value.code == 2
    assert "oracle" in capsys.readouterr().err


@pytest.mark.long
def test_a_quick_run_on_the_real_tables_writes_a_whole_report(
    tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["study", "--quick", "--data", str(tables), "--out", str(tmp_path)]) == 0
    assert "random forest, grid-searched" in capsys.readouterr().out
    report = Report.from_json((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report.run.quick
    assert report.honest
    assert len(report.honest.tables) == 5
    assert {song.title for song in report.songs} >= {"Old Town Road - Remix", "In the End"}
    for task in report.tasks:
        assert tuple(model.key for model in task.models) == KEYS
        assert all(model.test.mean_auc > 0.55 for model in task.models)
    assert (tmp_path / "report.html").stat().st_size < 2_000_000
