"""Makes a candidate from training tables and corrections.

Unlike with `fit`, no song of the test split trains it, so that the split can judge it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from model.bundle import MODEL, SUBGENRES, Bundle, Lineage
from model.bundle_files import digest
from training import priors, tables
from training.dataset import load_dataset
from training.ensemble_training import PLANS
from training.errors import CannotRetrain
from training.export import to_onnx
from training.feedback.training_rows import add_labels
from training.feedback.votes import AgreedLabel
from training.fit import Fitted, fit
from training.tasks import TASKS, Task, narrowed_all

Say = Callable[[str], object]
"""Callback with a line about the progress."""


@dataclass(frozen=True, slots=True)
class TableFit:
    """A candidate, and what it is judged by.

    Attributes:
        fitted: The candidate.
        rows: The dataset, with the corrections.
        task: Its task.
        reference: The same without corrections; None if none was trained on.
    """

    fitted: Fitted
    rows: pd.DataFrame
    task: Task
    reference: Bundle | None


def task_of(name: str) -> Task:
    """Return the task of a model; raises CannotRetrain if the tables have none of that name."""
    for task in TASKS:
        if task.name == name:
            return task
    known = ", ".join(task.name for task in TASKS)
    raise CannotRetrain(f"model {name} cannot be fitted from tables; there are: {known}")


def from_tables(
    data: Path, name: str, labels: Sequence[AgreedLabel], lineage: Lineage, say: Say
) -> TableFit:
    """Fit a model anew.

    Args:
        data: Folder of the tables.
        name: Name of the model.
        labels: Corrections.
        lineage: Lineage of the new bundle, with the seed of all random draws.
        say: Callback.

    Raises:
        TableError: A table cannot be read.
        TooFewRows: A genre has too few rows.
        CannotRetrain: There are no tables for that model.
    """
    task = task_of(name)
    rows = load_dataset(data)
    rows, report = add_labels(rows, labels, tables.load_tables(data))
    for line in report.lines():
        say(line)
    (narrow,), messages = narrowed_all([task], rows)
    for message in messages:
        say(message)
    fitted = fit(rows, narrow, PLANS[name], lineage.seed, whole=False)
    lineage = replace(lineage, rows_added=sum(report.added.values()))
    content = b"".join(fitted.files[file] for file in (MODEL, SUBGENRES) if file in fitted.files)
    version = digest(content + repr((fitted.metadata.priors, lineage)).encode())[:8]
    metadata = replace(fitted.metadata, version=version, lineage=lineage)
    fitted = replace(fitted, metadata=metadata)
    return TableFit(fitted, rows, narrow, _reference(fitted))


def _reference(fitted: Fitted) -> Bundle | None:
    """Return the bundle of the model that was fitted without the corrections."""
    model = fitted.without_feedback
    if model is None:
        return None
    metadata = replace(
        fitted.metadata,
        version="without corrections",
        priors=model.shares,
        prior_temper=priors.TEMPER if model.shares else 0.0,
    )
    return Bundle(metadata, to_onnx(model.ensemble), fitted.files.get(SUBGENRES))
