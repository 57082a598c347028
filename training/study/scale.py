"""How large a run of the study is: the full one, and a quick one whose figures are no results."""

from dataclasses import dataclass, replace
from typing import Final

from training.ensemble_training import PLANS, Plan


@dataclass(frozen=True, slots=True)
class Size:
    """What a run may spend.

    `artists` is the share of training artists that anything is learnt from; `fold_rows` the most
    rows that a fit on folds learns from; `svc_rows` and `components` bound the support vector
    classifiers of a task with many genres; `trees` are those of each forest, `rounds` those of
    boosting where they are not searched. `networks` and `epochs` bound committees (None: as they
    are shipped), `side_networks` those of the honest part, which fits many. `thorough` takes the
    full grids.
    """

    name: str
    thorough: bool
    artists: float
    folds: int
    fold_rows: int
    svc_rows: int
    components: int
    trees: int
    rounds: int
    networks: int | None
    epochs: int | None
    side_networks: int
    shares: tuple[float, ...]


FULL: Final = Size(
    name="full",
    thorough=True,
    artists=1.0,
    folds=5,
    fold_rows=20_000,
    svc_rows=10_000,
    components=200,
    trees=200,
    rounds=150,
    networks=None,
    epochs=None,
    side_networks=1,
    shares=(0.05, 0.1, 0.2, 0.4, 0.7, 1.0),
)
QUICK: Final = Size(
    name="quick",
    thorough=False,
    artists=0.1,
    folds=3,
    fold_rows=3_000,
    svc_rows=1_500,
    components=50,
    trees=30,
    rounds=20,
    networks=1,
    epochs=20,
    side_networks=1,
    shares=(0.2, 1.0),
)


def plan_of(task: str, size: Size) -> Plan:
    """Return how the shipped committee is fitted, within the size, in one process."""
    plan = PLANS[task]
    settings = plan.settings
    return replace(
        plan,
        networks=size.networks or plan.networks,
        settings=replace(settings, epochs=min(settings.epochs, size.epochs or settings.epochs)),
        processes=1,
    )


def side_plan(task: str, size: Size) -> Plan:
    """Return the same with fewer networks, for the many fits of folds and of the honest part."""
    return replace(plan_of(task, size), networks=size.side_networks)
