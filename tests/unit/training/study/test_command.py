from pathlib import Path

import pytest

from model.store import BundleStore
from training import figures
from training.__main__ import main
from training.errors import FiguresError
from training.figures import FiguresFile, StudyFigures
from training.study.candidates import keys
from training.study.figures_export import study_figures
from training.study.publish import publish
from training.study.results import Report


def test_missing_tables_are_reported_with_how_to_fetch_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["study", "--quick", "--data", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "has no tables" in error
    assert "python -m training fetch" in error


def test_single_missing_table_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "fma_metadata").mkdir()
    (tmp_path / "fma_metadata" / "tracks.csv").touch()
    options = ["--data", str(tmp_path), "--out", str(tmp_path / "out"), "--tables", "fma"]
    assert main(["study", *options]) == 1
    assert "has no fma_metadata/echonest.csv; `python -m training fetch`" in capsys.readouterr().err


def test_unknown_model_is_rejected(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "--models", "random_forest", "oracle"]) == 2
    assert "oracle" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--seed", "-1"], "greater than or equal to 0"),
        (["--seed", "4294967296"], "less than or equal to 4294967295"),
        (["--seed", "one"], "valid integer"),
        (["--processes", "0"], "greater than or equal to 1"),
        (["--processes", "-2"], "greater than or equal to 1"),
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
# loky replaces a worker whose memory grew, and warns of it; as an error it would end loky's thread.
@pytest.mark.filterwarnings("ignore:A worker stopped while some jobs were given:UserWarning")
def test_quick_run_on_real_tables_writes_a_complete_report(
    tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["study", "--quick", "--data", str(tables), "--out", str(tmp_path)]) == 0
    assert "random forest, grid" in capsys.readouterr().out
    report = Report.model_validate_json((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report.run.quick
    assert {"labels", "splits", "left_out", "open_data", "absence", "learning"} <= set(
        report.checks
    )
    assert len(report.songs) == 3
    assert report.agreements
    assert report.meanings
    for task in report.tasks:
        assert tuple(model.key for model in task.models) == keys()
    assert figures.read(tmp_path / "figures.json").study == study_figures(report)
    assert (tmp_path / "report.html").stat().st_size <= 3_000_000


@pytest.fixture
def full(report: Report) -> StudyFigures:
    return study_figures(report).model_copy(update={"quick": False})


def test_sections_of_the_figures_file_are_written_apart(tmp_path: Path, full: StudyFigures) -> None:
    path = tmp_path / "figures.json"
    bundle = BundleStore().load("wide").metadata
    figures.write_models(path, [bundle])
    figures.write_study(path, full)
    both = figures.read(path)
    assert (both.models["wide"]["version"], both.study) == (bundle.version, full)
    figures.write_models(path, [])
    assert figures.read(path) == FiguresFile(study=full)
    with pytest.raises(KeyError):
        full.task("narrow")


@pytest.mark.parametrize("text", ["", "{}]", '{"format": 2}', '{"format": 3, "more": 1}'])
def test_unreadable_figures_are_a_one_line_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "figures.json"
    with pytest.raises(FiguresError, match="cannot be read"):
        figures.read(path)
    path.write_text(text)
    with pytest.raises(FiguresError) as failed:
        figures.read(path)
    assert str(failed.value).startswith(str(path))
    assert "\n" not in str(failed.value)


def test_full_run_alone_is_committed(tmp_path: Path, full: StudyFigures) -> None:
    committed = tmp_path / "committed.json"
    (tmp_path / "report.html").write_text("page")
    figures.write_study(tmp_path / "figures.json", full.model_copy(update={"quick": True}))
    assert "no result" in publish(tmp_path, tmp_path, committed)
    assert not committed.exists()
    assert not (tmp_path / "study.html").exists()
    figures.write_study(tmp_path / "figures.json", full)
    assert "written" in publish(tmp_path, tmp_path, committed)
    assert figures.read(committed).study == full
    assert (tmp_path / "study.html").read_text() == "page"


def test_make_study_runs_the_study_and_commits_it() -> None:
    makefile = Path(__file__).parents[4] / "Makefile"
    rule = makefile.read_text(encoding="utf-8").partition("\nstudy: install\n")[2]
    commands = rule.partition("\n\n")[0].splitlines()
    assert [line.split()[2:4] for line in commands] == [
        ["training", "study"],
        ["training.study.publish", "$(OUT)"],
    ]
    assert not any(line.strip().startswith("-") for line in commands), "a failure is ignored"
