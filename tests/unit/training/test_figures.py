"""The figures file: two sections, which two commands write."""

import json
from pathlib import Path

import pytest

from tests.support.factories import metadata
from training import figures
from training.errors import FiguresError
from training.figures import ModelFigures, StudyFigures, TaskFigures

MODEL = ModelFigures(
    key="ensemble",
    name="ensemble of networks",
    fold=0.5,
    fold_error=0.01,
    weighted_f1=0.5,
    error=0.01,
    macro_f1=0.4,
    top_3=0.8,
    mean_auc=0.9,
    bytes=2000,
    row_ms=0.1,
)
TASK = TaskFigures(task="wide", genres=13, best="ensemble", best_of_study="forest", models=(MODEL,))
STUDY = StudyFigures(quick=False, seed=0, date="2026-01-01", tasks=(TASK,))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "figures.json"


def test_each_section_is_kept_when_the_other_is_written(path: Path) -> None:
    figures.write_study(path, STUDY)
    figures.write_models(path, [metadata("wide", version="7")])
    figures.write_study(path, STUDY.model_copy(update={"seed": 1}))
    found = figures.read(path)
    assert found.models["wide"]["version"] == "7"
    assert found.study == STUDY.model_copy(update={"seed": 1})


def test_section_of_the_models_is_replaced(path: Path) -> None:
    figures.write_models(path, [metadata("wide"), metadata("old")])
    figures.write_models(path, [metadata("wide")])
    assert set(figures.read(path).models) == {"wide"}


def test_models_have_the_values_of_their_metadata(path: Path) -> None:
    bundle = metadata("wide")
    figures.write_models(path, [bundle])
    content = json.loads(bundle.to_json())
    assert figures.read(path).models["wide"] == {
        key: content[key] for key in ("version", "metrics", "verdicts")
    }


def test_same_figures_give_the_same_bytes(path: Path) -> None:
    figures.write_study(path, STUDY)
    before = path.read_bytes()
    figures.write_study(path, STUDY)
    assert path.read_bytes() == before


def test_tasks_and_models_are_found_by_name() -> None:
    assert STUDY.task("wide").model("ensemble") is MODEL
    with pytest.raises(KeyError):
        STUDY.task("tiny")
    with pytest.raises(KeyError):
        TASK.model("forest")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "cannot be read: No such file"),
        ("", "content: Invalid JSON"),
        ('{"format": 2}', "format: Input should be 3"),
        ('{"format": 3, "study": {"quick": 1}}', r"study\."),
        ('{"format": 3, "more": 1}', "more: Extra inputs"),
    ],
)
def test_unreadable_file_is_named_with_the_problem(
    path: Path, content: str | None, problem: str
) -> None:
    if content is not None:
        path.write_text(content)
    with pytest.raises(FiguresError, match=rf"figures\.json: {problem}"):
        figures.read(path)


def test_unreadable_file_is_not_overwritten(path: Path) -> None:
    path.write_text('{"format": 2}')
    with pytest.raises(FiguresError):
        figures.write_models(path, [metadata()])
    assert path.read_text() == '{"format": 2}'
