"""`python -m training study`: runs the study, writes report.json and report.html."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd

from model.store import SHIPPED, BundleStore
from training import figures
from training.commands import options as common
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

PROCESSES: Final = 2


def add(commands: Any) -> None:
    """Add the command's parser."""
    parser = commands.add_parser("study", help="rebuild the study; write its report")
    common.data(parser)
    common.tables(parser)
    parser.add_argument("--out", type=Path, default=common.STUDY_OUT, help="folder of the report")
    parser.add_argument(
        "--models",
        nargs="+",
        type=_key,
        choices=KEYS,
        default=KEYS,
        metavar="MODEL",
        help=f"some of {', '.join(KEYS)}; the robustness experiments are run with all models only",
    )
    parser.add_argument(
        "--quick", action="store_true", help="take a few minutes; the figures are not results"
    )
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="run on a Dask cluster: tcp://..., or local to start one on this machine",
    )
    parser.add_argument(
        "--processes",
        type=common.processes,
        default=PROCESSES,
        help="number of processes on this machine",
    )
    common.seed(parser)
    parser.set_defaults(run=run)


def _key(text: str) -> str:
    """Return the key of a model; "committee" is the former name of the ensemble."""
    return ENSEMBLE if text == "committee" else text


def run(options: argparse.Namespace) -> Iterator[str]:
    """Run the study; results of jobs are cached in a folder beside the report."""
    common.check_usable(options.out)
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


def _study(options: argparse.Namespace, rows: pd.DataFrame) -> Report:
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
