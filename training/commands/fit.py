"""`python -m training fit`: fits the models, writes their bundles and the model card."""

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from model.bundle import Metadata
from model.metrics import Figures, MeasuredModel, Selection, Slice
from model.store import SHIPPED, BundleStore
from training import chat_labels, figures, model_selection, tables
from training.card import describe, write_card
from training.commands import options as common
from training.dataset import load_dataset
from training.ensemble_training import PLANS
from training.features import PATTERN_NAMES
from training.fit import fit
from training.tables.provenance import provenance_differences
from training.tasks import TASKS, narrowed_all

STUDY_FIGURES: Final = common.STUDY_OUT / figures.NAME
PRINTED: Final = ("weighted_f1", "macro_f1", "top_3", "mean_auc", "calibration_error")


def add(commands: Any) -> None:
    """Add the command's parser."""
    parser = commands.add_parser("fit", help="fit the models; write bundles and model card")
    common.data(parser)
    common.bundles(parser, "--out")
    common.models(parser)
    common.tables(parser)
    parser.add_argument(
        "--feedback", metavar="DATABASE_URL", help="also train on the labels from the chat"
    )
    parser.add_argument(
        "--report",
        type=Path,
        metavar="FILE",
        help="the study's figures.json, by which the models are selected, or the report.json "
        f"beside it (default: {STUDY_FIGURES} of a full run, else the committed figures)",
    )
    common.seed(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Fit the models; nothing is written if tables or labels cannot be read."""
    common.check_usable(options.out)
    study = _study_figures(options.report)
    selected = {name: model_selection.select_model(study, name) for name in options.model}
    labels = chat_labels.read_chat_labels(options.feedback) if options.feedback else ()
    rows = load_dataset(options.data, options.tables)
    yield from provenance_differences(options.data, options.tables)
    yield f"{len(rows)} rows from {', '.join(options.tables)}"
    if options.feedback:
        known = tables.load_tables(options.data, options.tables)
        rows, report = chat_labels.add_chat_labels(rows, labels, known)
        yield from report.lines()
    yield from _fit(options, rows, selected)
    if options.out.resolve() == SHIPPED:
        figures.COMMITTED.write_text(study.to_json(), encoding="utf-8")
    yield str(write_card(options.out))


def _study_figures(path: Path | None) -> figures.StudyFigures:
    """Return the figures by which the models are selected."""
    if path:
        return figures.read(path)
    if STUDY_FIGURES.exists() and not (study := figures.read(STUDY_FIGURES)).quick:
        return study
    return figures.read(figures.COMMITTED)


def _fit(
    options: argparse.Namespace,
    rows: pd.DataFrame,
    selected: Mapping[str, model_selection.ModelSelection],
) -> Iterator[str]:
    wanted = [task for task in TASKS if task.name in options.model]
    tasks, messages = narrowed_all(wanted, rows)
    yield from messages
    store = BundleStore(options.out)
    for task in tasks:
        outcome = selected[task.name].outcome
        yield f"{task.name}: selected by the study: {outcome}"
        selection = Selection(model_selection.RULE, outcome)
        saved = fit(rows, task, PLANS[task.name], options.seed, selection).save(store)
        yield from _figures(store.promote(saved.name, saved.version))


def _figures(metadata: Metadata) -> Iterator[str]:
    for measurement in metadata.metrics.measurements:
        title = ", ".join(describe(measurement))
        scores = "  ".join(f"{name} {getattr(measurement.figures, name):.3f}" for name in PRINTED)
        yield f"{metadata.name} {metadata.version}  {title:58} {scores}"
    yield from _feedback_changes(metadata)


def _feedback_changes(metadata: Metadata) -> Iterator[str]:
    """Yield what the labels from the chat changed on the test split, if there are any."""
    for measurement in metadata.metrics.of(Slice.ALL).measurements:
        if measurement.model is MeasuredModel.OURS:
            before = metadata.metrics.find(
                Slice.ALL, measurement.features, MeasuredModel.WITHOUT_FEEDBACK
            )
            if before:
                changes = ", ".join(_changes(before, measurement.figures))
                pattern = PATTERN_NAMES[measurement.features]
                yield f"{metadata.name}: feedback changed, test, {pattern}: {changes}"


def _changes(before: Figures, after: Figures) -> Iterator[str]:
    for name in PRINTED:
        yield f"{name} {getattr(after, name) - getattr(before, name):+.4f}"
