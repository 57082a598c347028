"""What the honest part of the report holds: what a score on one split does not show."""

from dataclasses import dataclass

from model.metrics import Figures


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures of one model in one situation; `model` is a key as in `Model`, or "ensemble".

    `condition` says in a few words what was done ("random split", "by artist", "10 % of artists").
    """

    task: str
    model: str
    condition: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class TableLeftOut:
    """Trained without one table, tested on that table's songs by artists of the test side.

    Songs of genres that the other tables do not teach are left out of the test. `at_home` is the
    same test for the same recipe with the table among the training rows.
    """

    table: str
    genres: tuple[str, ...]
    recipe: Figures
    ours: Figures
    recipe_at_home: Figures


@dataclass(frozen=True, slots=True)
class Absence:
    """One pattern of absence; three models on the same test rows.

    `careless` was trained on the rows as they are, so that it learns tables from what is missing;
    `prepared` is the same model trained on rows whose absences tell nothing; `ours` the shipped
    one. Test rows are filled first, then `hidden` features hidden; in the one with `as_they_are`
    nothing is filled or hidden: the careless test, which `careless` wins for the wrong reason.
    """

    pattern: str
    hidden: tuple[str, ...]
    as_they_are: bool
    careless: Figures
    prepared: Figures
    ours: Figures


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """Trained on the rows of a share of the training artists."""

    task: str
    model: str
    share: float
    rows: int
    train: Figures
    test: Figures


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to read labels, and what the same model gets from it.

    `rule` names it, `meaning` says in a sentence what is done, `chosen` marks the one in use.
    `agreed` is on test recordings which two tables file alike, None where they are too few.
    """

    rule: str
    meaning: str
    chosen: bool
    task: str
    model: str
    rows: int
    test: Figures
    agreed: Figures | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of `recordings` in both tables (same artist and title), the share filed under one genre."""

    first: str
    second: str
    recordings: int
    share: float


@dataclass(frozen=True, slots=True)
class Robustness:
    """What a score on one split does not show.

    `splits`: the same models after a split of rows at random and after the split by artist.
    `open_data`: trained on FMA alone, tested on FMA and on the other tables (`condition`), beside
    the same trained on all. `agreement`: how often pairs of tables file a recording alike.
    """

    splits: tuple[Measured, ...]
    tables: tuple[TableLeftOut, ...]
    absence: tuple[Absence, ...]
    open_data: tuple[Measured, ...]
    learning: tuple[LearningPoint, ...]
    rules: tuple[Rule, ...]
    agreement: tuple[Agreement, ...]
