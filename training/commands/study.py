"""Command `study`: runs the study; writes report.json, report.html and figures.json."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import typer

from model.store import SHIPPED, BundleStore
from training import figures
from training.commands.options import check_usable
from training.dataset import load_dataset
from training.errors import TableError
from training.study import candidates, report
from training.study.clusters import backend
from training.study.comparison import Setup
from training.study.figures_export import study_figures
from training.study.jobs import Jobs
from training.study.results import Report
from training.study.run import study
from training.study.sizes import load_size
from training.study.songs import read_songs
from training.tables.provenance import FILES, provenance_differences
from training.tasks import TASKS, narrowed_all

RESULTS: Final = "report.json"


def keys(given: Sequence[str] | None) -> tuple[str, ...]:
    """Return keys of models, all of them by default."""
    known = candidates.keys()
    if unknown := [key for key in given or () if key not in known]:
        raise typer.BadParameter(f"no model {', '.join(unknown)}; there are {', '.join(known)}")
    return tuple(given or known)


def run(
    data: Path,
    out: Path,
    models: Sequence[str],
    tables: Sequence[str],
    *,
    quick: bool,
    cluster: str | None,
    processes: int,
    seed: int,
) -> Iterator[str]:
    """Run the study on the tables named; results of fits are cached in a folder beside the report.

    `models` are keys of the study's models; for `cluster` see `training.study.clusters`. The
    figures of a `quick` run are no results.
    """
    check_usable(out)
    _check_tables(data, tables)
    with backend(cluster, processes):
        rows = load_dataset(data, tables)
        yield from provenance_differences(data, tables)
        yield f"{len(rows)} rows from {', '.join(tables)}"
        yield from narrowed_all(TASKS, rows)[1]
        size = load_size("quick" if quick else "full")
        setup = Setup(Jobs(out / "jobs", processes), size, seed, tuple(models))
        results = study(setup, rows, read_songs(data, tables), BundleStore(SHIPPED))
    results_path, figures_path = out / RESULTS, out / figures.NAME
    results_path.write_text(results.model_dump_json(indent=1), encoding="utf-8")
    figures_path.unlink(missing_ok=True)
    figures.write_study(figures_path, study_figures(results))
    yield from _scores(results)
    yield from map(str, (results_path, figures_path, report.write(results, out)))


def _check_tables(data: Path, tables: Sequence[str]) -> None:
    wanted = [one for name in tables for one in FILES[name]]
    missing = [one for one in wanted if not (data / one).is_file()]
    if missing:
        what = "has no tables" if missing == wanted else f"has no {', '.join(missing)}"
        raise TableError(
            data,
            f"{what}; `python -m training fetch` downloads the public "
            "tables and says where the others are",
        )


def _scores(results: Report) -> Iterator[str]:
    for task in results.tasks:
        for model in task.models:
            yield (
                f"{task.name:5} {model.name:30} folds {model.fold:.3f}  train {model.train:.3f}"
                f"  test {model.test.weighted_f1:.3f} ± {model.error:.3f}"
                f"  macro {model.test.macro_f1:.3f}  top 3 {model.test.top_3:.3f}"
                f"  AUC {model.test.mean_auc:.3f}"
            )
