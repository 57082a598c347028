"""Command `fit`: fits the models, writes their bundles and the model card."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from model.bundle import Metadata
from model.metrics import MeasuredModel, Slice
from model.store import BundleStore
from training import deployment, tables
from training.card import describe
from training.commands import card
from training.commands.options import check_usable
from training.dataset import load_dataset
from training.ensemble_training import PLANS
from training.feedback import left_out
from training.feedback.agreement import agree
from training.feedback.reading import read
from training.feedback.training_rows import add_labels
from training.feedback.votes import AgreedLabel
from training.fit import fit
from training.names import PATTERN_NAMES
from training.tables.provenance import provenance_differences
from training.tasks import TASKS, narrowed_all

PRINTED: Final = ("weighted_f1", "macro_f1", "top_3", "mean_auc", "calibration_error")


def run(
    data: Path,
    out: Path,
    models: Sequence[str],
    names: Sequence[str],
    *,
    feedback: str | None,
    seed: int,
) -> Iterator[str]:
    """Fit the models named, on the tables named; nothing is written if these cannot be read.

    `feedback` is the URL of the database with the labels from the chat, if they are used.
    """
    check_usable(out)
    labels, excluded = _labels(feedback) if feedback else ((), ())
    rows = load_dataset(data, names)
    yield from provenance_differences(data, names)
    yield f"{len(rows)} rows from {', '.join(names)}"
    if feedback:
        known = tables.load_tables(data, names)
        rows, report = add_labels(rows, labels, known)
        yield from report.lines()
        yield from excluded
    tasks, messages = narrowed_all([task for task in TASKS if task.name in models], rows)
    yield from messages
    store = BundleStore(out)
    for task in tasks:
        saved = fit(rows, task, PLANS[task.name], seed).save(store)
        yield from _figures(store.promote(saved.name, saved.version))
    yield from card.write(out)


def _labels(feedback: str) -> tuple[Sequence[AgreedLabel], Sequence[str]]:
    """Return the labels in a database, and lines on votes and tracks that make none.

    One vote makes a label: who fits from tables decides on the database to use.
    """
    votes = read(feedback, public=deployment.load().learns_from_public)
    agreement = agree(votes.votes, least_voters=1)
    return agreement.labels, tuple(left_out.lines(votes, agreement))


def _figures(metadata: Metadata) -> Iterator[str]:
    for measurement in metadata.metrics.measurements:
        title = ", ".join(describe(measurement))
        scores = "  ".join(f"{name} {getattr(measurement.figures, name):.3f}" for name in PRINTED)
        yield f"{metadata.name} {metadata.version}  {title:58} {scores}"
    yield from _feedback_changes(metadata)


def _feedback_changes(metadata: Metadata) -> Iterator[str]:
    """Yield what the labels from the chat changed on the test split, if there are any."""
    metrics, without = metadata.metrics, MeasuredModel.WITHOUT_FEEDBACK
    for one in metrics.of(Slice.ALL).measurements:
        before = metrics.find(Slice.ALL, one.features, without)
        if before and one.model is MeasuredModel.OURS:
            changes = ", ".join(
                f"{name} {getattr(one.figures, name) - getattr(before, name):+.4f}"
                for name in PRINTED
            )
            pattern = PATTERN_NAMES[one.features]
            yield f"{metadata.name}: feedback changed, test, {pattern}: {changes}"
