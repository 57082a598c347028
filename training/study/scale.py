"""Sizes of a run: the full one, and a quick one whose figures are not results."""

from dataclasses import dataclass, replace
from typing import Final

from training.ensemble_training import PLANS, Plan


@dataclass(frozen=True, slots=True)
class Size:
    """Limits of a run.

    Attributes:
        name: Name of the size.
        full_grid: Whether the full grids of hyperparameters are searched.
        artist_share: Share of the training artists whose rows are used.
        folds: Number of folds.
        fold_rows: Approximate maximum number of rows that a fit on folds trains on.
        svc_rows: Maximum number of training rows of support vector classifiers, if the task has
            many genres.
        nystroem_components: Components of their kernel approximation.
        trees: Number of trees of each forest.
        rounds: Number of boosting iterations.
        networks: Number of networks of an ensemble; None for as many as in the shipped model.
        epochs: Maximum number of epochs of a network; None for as many as in the shipped model.
        reduced_networks: Number of networks of an ensemble in the fits on folds and in the
            robustness experiments, of which there are many.
        learning_curve_shares: Shares of the training artists on the learning curve.
    """

    name: str
    full_grid: bool
    artist_share: float
    folds: int
    fold_rows: int
    svc_rows: int
    nystroem_components: int
    trees: int
    rounds: int
    networks: int | None
    epochs: int | None
    reduced_networks: int
    learning_curve_shares: tuple[float, ...]


FULL: Final = Size(
    name="full",
    full_grid=True,
    artist_share=1.0,
    folds=5,
    fold_rows=20_000,
    svc_rows=10_000,
    nystroem_components=200,
    trees=200,
    rounds=150,
    networks=None,
    epochs=None,
    reduced_networks=1,
    learning_curve_shares=(0.05, 0.1, 0.2, 0.4, 0.7, 1.0),
)
QUICK: Final = Size(
    name="quick",
    full_grid=False,
    artist_share=0.1,
    folds=3,
    fold_rows=3_000,
    svc_rows=1_500,
    nystroem_components=50,
    trees=30,
    rounds=20,
    networks=1,
    epochs=20,
    reduced_networks=1,
    learning_curve_shares=(0.2, 1.0),
)


def full_plan(task: str, size: Size) -> Plan:
    """Return the plan of the shipped model, limited by `size`, for one process."""
    plan = PLANS[task]
    settings = plan.settings
    return replace(
        plan,
        networks=size.networks or plan.networks,
        settings=replace(settings, epochs=min(settings.epochs, size.epochs or settings.epochs)),
        processes=1,
    )


def reduced_plan(task: str, size: Size) -> Plan:
    """Return the same plan with `size.reduced_networks` networks."""
    return replace(full_plan(task, size), networks=size.reduced_networks)
