"""`python -m training fit`: the models, their bundles and the card that describes them."""

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from model.bundle import Metadata
from model.store import SHIPPED, BundleStore
from training import chat_labels, figures, model_selection, tables
from training.card import measurements, write_card
from training.commands import options as common
from training.dataset import load_dataset
from training.ensemble_training import PLANS
from training.fit import fit
from training.study.report import REPORT
from training.tables.provenance import provenance_differences
from training.tasks import TASKS, narrowed_all

STUDIED: Final = common.STUDY_OUT / REPORT
PRINTED: Final = ("weighted_f1", "macro_f1", "top_3", "mean_auc", "calibration_error")


def add(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser("fit", help="train the models; write their bundles and their card")
    common.data(parser)
    common.bundles(parser, "--out")
    common.models(parser)
    common.tables(parser)
    parser.add_argument(
        "--feedback", metavar="DATABASE_URL", help="learn from the chat's corrections too"
    )
    parser.add_argument(
        "--report",
        type=Path,
        help=f"the study's report.json, whose figures choose the models; unless said {STUDIED} if "
        "that is of a full run, else the figures that come with the code",
    )
    common.seed(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Train them; nothing is written when the tables or the corrections cannot be read."""
    common.check_usable(options.out)
    found = _studied(options.report)
    chosen = {name: model_selection.select_model(found, name) for name in options.model}
    labels = chat_labels.read_chat_labels(options.feedback) if options.feedback else ()
    rows = load_dataset(options.data, options.tables)
    yield from provenance_differences(options.data, options.tables)
    yield f"{len(rows)} rows from {', '.join(options.tables)}"
    if options.feedback:
        known = tables.load_tables(options.data, options.tables)
        rows, sifted = chat_labels.add_chat_labels(rows, labels, known)
        yield from sifted.lines()
    yield from _fit(options, rows, chosen)
    if options.out.resolve() == SHIPPED:
        figures.COMMITTED.write_text(found.to_json(), encoding="utf-8")
    yield str(write_card(options.out))


def _studied(report: Path | None) -> figures.StudyFigures:
    """Return the study's figures that choose the models."""
    if report:
        return figures.read(report)
    if STUDIED.exists() and not (found := figures.read(STUDIED)).quick:
        return found
    return figures.read(figures.COMMITTED)


def _fit(
    options: argparse.Namespace,
    rows: pd.DataFrame,
    chosen: Mapping[str, model_selection.ModelSelection],
) -> Iterator[str]:
    wanted = [task for task in TASKS if task.name in options.model]
    tasks, told = narrowed_all(wanted, rows)
    yield from told
    store = BundleStore(options.out)
    for task in tasks:
        why = chosen[task.name].outcome
        yield f"{task.name}: chosen by the study: {why}"
        said = {"rule": model_selection.RULE, "outcome": why}
        yield from _figures(fit(rows, task, PLANS[task.name], options.seed, said).save(store))


def _figures(metadata: Metadata) -> Iterator[str]:
    for name, found in measurements(metadata):
        yield f"{metadata.name} {metadata.version}  {name:44} " + "  ".join(
            f"{figure} {found[figure]:.3f}" for figure in PRINTED
        )
    yield from _changed(metadata)


def _changed(metadata: Metadata) -> Iterator[str]:
    """Say what the chat's corrections changed on the test split, where there were any."""
    for pattern, found in metadata.metrics["test"].items():
        before = metadata.metrics.get(f"test, {pattern}, without feedback")
        if before:
            changes = (f"{name} {found[name] - before[name]:+.4f}" for name in PRINTED)
            yield f"{metadata.name}: feedback changed, test, {pattern}: {', '.join(changes)}"
