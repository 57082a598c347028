"""Command `study`: runs the study, writes report.json and report.html."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import typer

from model.store import SHIPPED, BundleStore
from training import figures
from training.commands.options import check_usable
from training.dataset import load_dataset
from training.figures import ENSEMBLE
from training.study import report
from training.study.candidates import KEYS
from training.study.clusters import backend
from training.study.figures_export import study_figures
from training.study.job_cache import JobCache
from training.study.results import Report
from training.study.run import StudyOptions, study
from training.study.scale import FULL, QUICK
from training.study.songs import read_songs
from training.tables.provenance import provenance_differences
from training.tasks import TASKS, narrowed_all


@dataclass(frozen=True, slots=True)
class Options:
    """Options of the command, checked.

    Attributes:
        data: Folder of tables.
        out: Folder of the report.
        models: Keys of the models of the study.
        tables: Names of the tables to read.
        quick: Whether to take a few minutes; the figures are then no results.
        cluster: Address of a Dask cluster, or "local"; None for processes of this machine.
        processes: Number of processes on this machine.
        seed: Seed of all random draws.
    """

    data: Path
    out: Path
    models: Sequence[str]
    tables: Sequence[str]
    quick: bool
    cluster: str | None
    processes: int
    seed: int


def keys(given: Sequence[str] | None) -> tuple[str, ...]:
    """Return keys of models, all of them by default; "committee" is the ensemble's former name."""
    wanted = tuple(ENSEMBLE if key == "committee" else key for key in given or KEYS)
    if unknown := [key for key in wanted if key not in KEYS]:
        raise typer.BadParameter(f"no model {', '.join(unknown)}; there are {', '.join(KEYS)}")
    return wanted


def run(options: Options) -> Iterator[str]:
    """Run the study; results of jobs are cached in a folder beside the report."""
    check_usable(options.out)
    with backend(options.cluster, options.processes):
        rows = load_dataset(options.data, options.tables)
        yield from provenance_differences(options.data, options.tables)
        yield f"{len(rows)} rows from {', '.join(options.tables)}"
        yield from narrowed_all(TASKS, rows)[1]
        results = _study(options, rows)
    report_path = options.out / report.REPORT
    report_path.write_text(results.to_json(), encoding="utf-8")
    figures_path = options.out / figures.NAME
    figures_path.write_text(study_figures(results).to_json(), encoding="utf-8")
    yield from _figures(results)
    yield from map(str, (report_path, figures_path, report.write(results, options.out)))


def _study(options: Options, rows: pd.DataFrame) -> Report:
    songs = read_songs(options.data, options.tables)
    size = QUICK if options.quick else FULL
    study_options = StudyOptions(size, options.seed, tuple(options.models), options.cluster or "")
    job_cache = JobCache(options.out / "jobs", options.processes)
    return study(job_cache, rows, songs, study_options, BundleStore(SHIPPED))


def _figures(results: Report) -> Iterator[str]:
    for task in results.tasks:
        for model in task.models:
            folds = f"{model.fold.weighted_f1:.3f}" if model.fold else "    -"
            yield (
                f"{task.name:5} {model.name:34} folds {folds}  train {model.train.weighted_f1:.3f}"
                f"  test {model.test.weighted_f1:.3f}  macro {model.test.macro_f1:.3f}"
                f"  top 3 {model.test.top_3:.3f}  AUC {model.test.mean_auc:.3f}"
                f"  calibration error {model.test.calibration_error:.3f}"
            )
