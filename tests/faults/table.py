"""Rows of the laboratory's table, and their layout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

START, END = "<!-- faults: begin -->", "<!-- faults: end -->"
AT_MOST = "at most"
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

    @property
    def is_limit(self) -> bool:
        """Whether it is a time or an amount, which depends on what else the machine does."""
        return self.expected.startswith(AT_MOST)


def exactly(name: str, expected: int, measured: int) -> Row:
    """Return the row of a count that must have one value."""
    return Row(name, f"{expected:,}", f"{measured:,}", measured == expected)


def at_most(name: str, limit: float, measured: float, unit: str) -> Row:
    """Return the row of a figure with an upper limit."""
    return Row(name, f"{AT_MOST} {limit:g} {unit}", f"{measured:.3g} {unit}", measured <= limit)


def counted(name: str, measured: str | int) -> Row:
    """Return the row of a figure without an expectation."""
    text = f"{measured:,}" if isinstance(measured, int) else measured
    return Row(name, "", text, None)


def line(experiment: str, row: Row) -> str:
    """Return a row of the Markdown table."""
    verdict = {True: "yes", False: "NO", None: ""}[row.reached]
    cells = (experiment, row.name, row.expected, row.measured, verdict)
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def insert(document: str, heading: str, lines: Mapping[str, Sequence[str]]) -> str:
    """Return a document whose table has new lines for some experiments, under a new heading.

    `lines` maps the experiments to their lines, in the order of the table; those without lines keep
    the ones that the document has.
    """
    before, _, rest = document.partition(START)
    old, _, after = rest.partition(END)
    rows: list[str] = []
    for experiment, new in lines.items():
        kept = [line for line in old.splitlines() if line.startswith(f"| {experiment} |")]
        rows += new or kept
    table = "\n".join([START, heading, "", HEADER, *rows, END])
    return before + table + after
