"""Results of the robustness experiments."""

from dataclasses import dataclass

from model.metrics import Figures


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """Figures of one model under one condition, such as "by artist"; `model` is a model's key."""

    task: str
    model: str
    condition: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class TableLeftOut:
    """Figures on the test songs of a table that was left out of training.

    Attributes:
        table: Name of the table.
        genres: Genres that the other tables have; the table's other songs are not tested.
        baseline: The baseline, trained without the table.
        shipped: The shipped model, trained without the table.
        baseline_all_tables: The baseline, trained on all tables, on the same test songs.
    """

    table: str
    genres: tuple[str, ...]
    baseline: Figures
    shipped: Figures
    baseline_all_tables: Figures


@dataclass(frozen=True, slots=True)
class AbsenceResult:
    """Figures of three models on test rows with one pattern of missing features.

    Attributes:
        pattern: Name of the pattern.
        hidden: Features that are hidden, after missing values were filled.
        unmodified: Whether the test rows are neither filled nor hidden, so that missing features
            reveal the table.
        leaky: Boosted trees trained on unmodified rows.
        masked: Boosted trees trained on rows with random absences.
        shipped: The shipped model.
    """

    pattern: str
    hidden: tuple[str, ...]
    unmodified: bool
    leaky: Figures
    masked: Figures
    shipped: Figures


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """Figures of a model trained on the rows of a share of the training artists."""

    task: str
    model: str
    share: float
    rows: int
    train: Figures
    test: Figures


@dataclass(frozen=True, slots=True)
class LabelRuleResult:
    """Figures of a model trained with one rule for labels.

    Attributes:
        rule: Name of the rule.
        description: What the rule does.
        in_use: Whether the study's models use it.
        task: Name of the task.
        model: Key of the model.
        rows: Number of training rows.
        test: Figures on the test split.
        agreed: Figures on test recordings that two tables label alike; None if there are too few.
    """

    rule: str
    description: str
    in_use: bool
    task: str
    model: str
    rows: int
    test: Figures
    agreed: Figures | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Share of the `recordings` in both tables (same artist and title) with the same genre."""

    first: str
    second: str
    recordings: int
    share: float


@dataclass(frozen=True, slots=True)
class Robustness:
    """Results of all robustness experiments.

    Attributes:
        splits: Models after random splits and after the split by artist.
        tables: Models on tables left out of training.
        absence: Models on test rows with patterns of missing features.
        open_data: Models trained on FMA alone and on all tables, on songs of FMA and of the others.
        learning: Points of the learning curves.
        rules: Models trained with different rules for labels.
        agreement: Agreement of each pair of tables.
    """

    splits: tuple[ConditionResult, ...]
    tables: tuple[TableLeftOut, ...]
    absence: tuple[AbsenceResult, ...]
    open_data: tuple[ConditionResult, ...]
    learning: tuple[LearningPoint, ...]
    rules: tuple[LabelRuleResult, ...]
    agreement: tuple[Agreement, ...]
