"""Finds the column of each feature in a table's header."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from model.column_names import Name, Unit, lacks_unit, read_name
from model.errors import BadTable
from model.schema import CORE, MINIMUM_CORE, Feature

EVERY: Final = "all"
"""Stands for all columns where columns to keep are named."""

MAX_NAMED: Final = 12
"""Number of columns that an error message names."""

MAX_SHOWN: Final = 40
"""Number of characters of a name or cell that an error message shows."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table that holds a feature.

    Attributes:
        feature: The feature.
        unit: Unit of the cells.
        index: Index of the column.
        title: Name of the column in the header.
    """

    feature: Feature
    unit: Unit
    index: int
    title: str

    @property
    def expected(self) -> Feature:
        """The feature, with its range in the column's unit."""
        low, high = self.feature.low / self.unit.scale, self.feature.high / self.unit.scale
        return replace(self.feature, low=low, high=high)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table.

    Attributes:
        found: Column of each model input; None if the table has none.
        missing: Names of the features without a column.
        without_unit: Columns that are not read for want of a unit, if the duration is missing.
        width: Number of cells in a row.
    """

    found: tuple[Column | None, ...]
    missing: tuple[str, ...]
    without_unit: tuple[str, ...]
    width: int


@dataclass(frozen=True, slots=True)
class _Match:
    """A column whose name is a feature's, and what its name says."""

    column: Column
    name: Name

    @property
    def looseness(self) -> tuple[bool, bool, bool]:
        """How loosely the name matches; the smallest wins."""
        exact = self.column.title == self.name.feature.name
        return (self.name.unit != Unit(), bool(self.name.around), not exact)


def find(header: Sequence[str], features: Sequence[str]) -> Columns:
    """Return the column of each of `features`.

    A feature's exact name wins over one in other letter case or with other separators or with the
    unit, that wins over a name with words around it, and a column in the feature's own unit over
    one that must be converted.

    Raises:
        BadTable: Two columns match a feature equally well, or fewer core features have a column
            than a prediction needs.
    """
    matches = list(_matches(header))
    found = tuple(_best(name, matches) for name in features)
    missing = tuple(name for name, column in zip(features, found, strict=True) if column is None)
    core = [name for name in features if name in CORE]
    count = len(set(core).difference(missing))
    if count < MINIMUM_CORE:
        raise BadTable(
            f"the table has {count or 'none'} of the columns {', '.join(core)}, of which "
            f"{MINIMUM_CORE} are needed; its columns are {shortened(header)}"
        )
    bare = tuple(title for title in header if "duration_ms" in missing and lacks_unit(title))
    return Columns(found, missing, bare, len(header))


def recognised(header: Sequence[str]) -> int:
    """Return the number of features that have a column in `header`."""
    return len({match.name.feature.name for match in _matches(header)})


def kept(header: Sequence[str], names: Sequence[str]) -> tuple[int, ...]:
    """Return the indices of the columns `names`, in that order, each once.

    Args:
        header: Names of the columns.
        names: Names of columns, in any letter case if that leaves one; `EVERY`; or several, with
            commas between them.

    Raises:
        BadTable: There is no such column, or more than one.
    """
    indices: dict[int, None] = {}
    for name in names:
        if name == EVERY:
            indices |= dict.fromkeys(range(len(header)))
        elif name not in header and "," in name:
            indices |= dict.fromkeys(kept(header, [part.strip() for part in name.split(",")]))
        else:
            indices[_index(header, name)] = None
    return tuple(indices)


def shortened(header: Sequence[str]) -> str:
    """Return the names of the first columns, for an error message."""
    more = len(header) - MAX_NAMED
    names = ", ".join(repr(cut(name)) for name in header[:MAX_NAMED])
    return f"{names} and {more} more" if more > 0 else names


def cut(text: str) -> str:
    """Return the beginning of a name or cell, for an error message."""
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"


def _matches(header: Sequence[str]) -> Iterator[_Match]:
    """Yield the columns whose names are features'.

    Words around `key` and `mode` must stand around a core feature too: a `track_key` among plain
    names is an identifier.
    """
    matches = [
        _Match(Column(name.feature, name.unit, index, title), name)
        for index, title in enumerate(header)
        if (name := read_name(title)) is not None
    ]
    usual = {(), *(match.name.around for match in matches if match.name.feature.core)}
    for match in matches:
        if match.name.feature.name not in {"key", "mode"} or match.name.around in usual:
            yield match


def _best(feature: str, matches: Sequence[_Match]) -> Column | None:
    ranked = sorted(
        (match for match in matches if match.name.feature.name == feature),
        key=lambda match: match.looseness,
    )
    if not ranked:
        return None
    if len(ranked) > 1 and ranked[0].looseness == ranked[1].looseness:
        first, second = ranked[0].column.title, ranked[1].column.title
        if first == second:
            raise BadTable(f"the header has the column {first} twice")
        raise BadTable(f"the columns {first!r} and {second!r} may both be {feature}: rename one")
    return ranked[0].column


def _index(header: Sequence[str], name: str) -> int:
    same = [index for index, title in enumerate(header) if title == name]
    same = same or [
        index for index, title in enumerate(header) if title.casefold() == name.casefold()
    ]
    if not same:
        raise BadTable(f"there is no column {name!r} to keep; the columns are {shortened(header)}")
    if len(same) > 1:
        raise BadTable(f"the column {name!r} to keep is in the header {len(same)} times")
    return same[0]
