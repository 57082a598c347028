"""`python -m training fit`: the models, their bundles and the card that describes them."""

import argparse
from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from model.bundle import Metadata
from model.store import BundleStore
from training import feedback, tables
from training.card import write_card
from training.commands import options as common
from training.fit import fit
from training.learning import PLANS
from training.rows import prepare
from training.tasks import TASKS

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
    parser.add_argument("--seed", type=int, default=0)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Train them; nothing is written when the tables or the corrections cannot be read."""
    labels = feedback.read_labels(options.feedback) if options.feedback else ()
    rows = prepare(options.data, options.tables)
    yield f"{len(rows)} rows from {', '.join(options.tables)}"
    if options.feedback:
        known = tables.load_tables(options.data, options.tables)
        rows, sifted = feedback.add_labels(rows, labels, known)
        yield from sifted.lines()
    yield from _fit(options, rows)


def _fit(options: argparse.Namespace, rows: pd.DataFrame) -> Iterator[str]:
    wanted = [task for task in TASKS if task.name in options.model]
    strict = set(options.tables) == set(tables.NAMES)
    tasks = [task.narrowed(rows, strict=strict) for task in wanted]
    for whole, task in zip(wanted, tasks, strict=True):
        if lost := sorted(set(whole.genres) - set(task.genres)):
            yield f"{task.name}: too few rows of {', '.join(lost)}: left out"
    store = BundleStore(options.out)
    for task in tasks:
        yield from _figures(fit(rows, task, PLANS[task.name], options.seed).save(store))
    yield str(write_card(options.out))


def _figures(metadata: Metadata) -> Iterator[str]:
    measured = {f"test, {name}": figures for name, figures in metadata.metrics["test"].items()}
    measured |= {
        name: figures
        for name, figures in metadata.metrics.items()
        if isinstance(figures, dict) and name != "test"
    }
    for name, figures in measured.items():
        yield f"{metadata.name} {metadata.version}  {name:44} " + "  ".join(
            f"{figure} {figures[figure]:.3f}" for figure in PRINTED
        )
    yield from _changed(metadata)


def _changed(metadata: Metadata) -> Iterator[str]:
    """Say what the chat's corrections changed on the test split, where there were any."""
    for pattern, found in metadata.metrics["test"].items():
        before = metadata.metrics.get(f"test, {pattern}, without feedback")
        if before:
            changes = (f"{name} {found[name] - before[name]:+.4f}" for name in PRINTED)
            yield f"{metadata.name}: feedback changed, test, {pattern}: {', '.join(changes)}"
