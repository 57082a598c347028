"""Rows of the laboratory's table, and their layout."""

from collections.abc import Iterable
from dataclasses import dataclass

START, END = "<!-- faults: begin -->", "<!-- faults: end -->"
HEADER = "| experiment | measured quantity | expected | measured | reached |\n|---|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class Row:
    """One measured quantity.

    Attributes:
        name: What was measured.
        expected: What the bot promises.
        measured: What was found.
        reached: The verdict; None for a figure without an expectation.
    """

    name: str
    expected: str
    measured: str
    reached: bool | None


def exactly(name: str, expected: int, measured: int) -> Row:
    """Return the row of a count that must have one value."""
    return Row(name, f"{expected:,}", f"{measured:,}", measured == expected)


def at_most(name: str, limit: float, measured: float, unit: str) -> Row:
    """Return the row of a figure with an upper limit."""
    return Row(name, f"at most {limit:g} {unit}", f"{measured:.3g} {unit}", measured <= limit)


def counted(name: str, measured: str | int) -> Row:
    """Return the row of a figure without an expectation."""
    text = f"{measured:,}" if isinstance(measured, int) else measured
    return Row(name, "", text, None)


def line(experiment: str, row: Row) -> str:
    """Return a row of the Markdown table."""
    verdict = {True: "yes", False: "NO", None: ""}[row.reached]
    cells = (experiment, row.name, row.expected, row.measured, verdict)
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def insert(document: str, heading: str, lines: Iterable[str]) -> str:
    """Return a document with the table between its markers replaced."""
    before, _, rest = document.partition(START)
    _, _, after = rest.partition(END)
    table = "\n".join([START, heading, "", HEADER, *lines, END])
    return before + table + after
