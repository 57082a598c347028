"""Report of the gate on a candidate: a JSON file in the candidate's bundle.

Training writes it; the bot and the command `models` read it. It names songs and genres, and nothing
about people.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final, TypeVar

from model.errors import BundleInvalid

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Row = TypeVar("Row", bound=DataclassInstance)

MAX_NUMBER: Final = 1e9
"""Limit of all numbers: songs are at most as many, shares and weights are far smaller."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the gate: its name, whether it passed, and a sentence with the figures."""

    name: str
    passed: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class GenreChange:
    """What happened to a genre on the frozen songs of a kind.

    Attributes:
        data: The frozen data: `tables`, `corrections`, `songs`, `fma` or `drawn`.
        genre: The genre.
        songs: Number of songs of that genre.
        right_before: Share of them that the active model gets right, 0-1.
        right_after: Share of them that the candidate gets right, 0-1.
        f1_before: F1 of the genre with the active model, 0-1.
        f1_after: F1 of the genre with the candidate, 0-1.
    """

    data: str
    genre: str
    songs: int
    right_before: float
    right_after: float
    f1_before: float
    f1_after: float


@dataclass(frozen=True, slots=True)
class SongChange:
    """A song whose most probable genre changed; `truth` is its genre, "" if it is not known."""

    song: str
    truth: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A training item that the candidate disagrees with.

    Attributes:
        song: Title and artist.
        label: The genre that people agreed on.
        predicted: The genre that the candidate predicts.
        probability: Probability that the candidate gives to `label`, 0-1.
        weight: Weight of the label in training.
    """

    song: str
    label: str
    predicted: str
    probability: float
    weight: float


@dataclass(frozen=True, slots=True)
class GateReport:
    """What the gate found on a candidate.

    Attributes:
        active: Version that it was compared with.
        corrections: Number of corrected tracks it was trained on.
        held_back: Number of corrected tracks that were held back to judge it.
        frozen: Number of songs of each kind of frozen data (see `GenreChange.data`).
        checks: All checks, in order.
        genres: Changes by genre and kind of data.
        songs: Songs whose most probable genre changed, at most 200.
        disagreements: Training items that the candidate disagrees with most, at most 50.
    """

    active: str
    corrections: int
    held_back: int
    frozen: dict[str, int]
    checks: tuple[Check, ...]
    genres: tuple[GenreChange, ...] = ()
    songs: tuple[SongChange, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all checks passed; without a check nothing did."""
        return bool(self.checks) and all(check.passed for check in self.checks)

    @property
    def failures(self) -> tuple[str, ...]:
        """Sentences of the checks that failed."""
        return tuple(check.sentence for check in self.checks if not check.passed)

    def to_json(self) -> str:
        """Return the report as JSON."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "GateReport":
        """Read a report; raises BundleInvalid if `text` is none."""
        try:
            given = json.loads(text)
            rows = {name: tuple(_rows(kind, given[name])) for name, kind in ROWS.items()}
            for name, count in given["frozen"].items():
                _check(name, count, int)
            return _row(cls, given | rows)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BundleInvalid(f"the gate's report cannot be read: {error!r}") from error


ROWS: Final[Mapping[str, type[Any]]] = {
    "checks": Check,
    "genres": GenreChange,
    "songs": SongChange,
    "disagreements": Disagreement,
}
"""Fields of a report that have one row for each of several things."""


def _rows(kind: "type[Row]", given: list[dict[str, Any]]) -> "list[Row]":
    return [_row(kind, one) for one in given]


def _row(kind: "type[Row]", given: Mapping[str, Any]) -> "Row":
    """Return a dataclass with the values given; raises TypeError or ValueError for others."""
    for field in fields(kind):
        if field.type in (bool, int, float, str) and field.name in given:
            _check(field.name, given[field.name], field.type)
    return kind(**given)


def _check(name: str, value: object, kind: object) -> None:
    """Raise TypeError or ValueError unless a value of JSON is of a type, and a number possible."""
    if type(value) is not kind and (kind, type(value)) != (float, int):
        raise TypeError(f"{name} is {value!r}")
    if isinstance(value, (int, float)) and not 0 <= value <= MAX_NUMBER:  # NaN compares as false
        raise ValueError(f"{name} is {value}")
