"""Draws docs/architecture.svg: the layers, and what each package is for.

Run as `python -m tests.pictures.architecture docs`. The descriptions are the first lines of the
packages' docstrings.
"""

import ast
import io
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch

ROOT: Final = Path(__file__).parents[2]
NAME: Final = "architecture.svg"

Box = tuple[str, float, float, float, float]
"""A package with its column, row, width and height, in grid units."""

BOT_ROWS: Final[Sequence[Sequence[str]]] = (
    ("bot/cli",),
    ("bot/runtime",),
    ("bot/platforms/web", "bot/platforms/discord", "bot/platforms/slack"),
    ("bot/platforms/http", "bot/services"),
    ("bot/sources", "bot/listening", "bot/render", "bot/storage"),
    ("bot/texts", "bot/concurrency"),
    ("bot/domain",),
)
"""From top to bottom; a package imports packages of lower rows only."""

BOT_COLUMNS: Final = 9.0
COLUMNS: Final = 12.0
COLOURS: Final = {
    "soundslike": "#f3e8fc",
    "bot": "#e8eefc",
    "training": "#fdf0e0",
    "model": "#e6f4ea",
}
LINE: Final = "#5b6473"
TITLE: Final = "#1d2330"
TEXT: Final = "#3a4250"
GAP: Final = 0.16
MARGIN: Final = 0.6


def draw() -> bytes:
    """Return the picture as SVG; equal sources give equal bytes."""
    mpl.rcParams["svg.hashsalt"] = "soundslike"
    rows = len(BOT_ROWS) + 2
    figure = Figure(figsize=(COLUMNS + MARGIN, 1.12 * (rows + 0.1)), facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-MARGIN, COLUMNS), ylim=(rows, -0.1))
    axes.set_axis_off()
    for box in boxes():
        draw_box(axes, box)
    arrow = {"arrowstyle": "-|>", "color": LINE, "lw": 1.4}
    axes.annotate("", xy=(-0.2, rows - 0.3), xytext=(-0.2, 0.2), arrowprops=arrow)
    middle = rows / 2
    axes.text(
        -0.4, middle, "imports", rotation=90, ha="center", va="center", font=font(10), color=TEXT
    )
    return save(figure)


def boxes() -> Iterator[Box]:
    """Yield the boxes of the picture."""
    yield "soundslike", 0, 0, COLUMNS, 1
    for row, packages in enumerate(BOT_ROWS, start=1):
        width = BOT_COLUMNS / len(packages)
        for column, package in enumerate(packages):
            yield package, column * width, row, width, 1
    rows = len(BOT_ROWS) + 1
    yield "training/study", BOT_COLUMNS, 1, COLUMNS - BOT_COLUMNS, 2
    yield "training", BOT_COLUMNS, 3, COLUMNS - BOT_COLUMNS, rows - 3
    yield "model", 0, rows, COLUMNS, 1


def draw_box(axes: Axes, box: Box) -> None:
    """Draw one package with its description."""
    package, column, row, width, height = box
    shape = FancyBboxPatch(
        (column, row),
        width - GAP,
        height - GAP,
        boxstyle="round,pad=0,rounding_size=0.08",
        facecolor=COLOURS[package.partition("/")[0]],
        edgecolor=LINE,
    )
    axes.add_patch(shape)
    x, y = column + 0.12, row + 0.12
    axes.text(x, y, package, va="top", font=font(12, "DejaVuSans-Bold"), color=TITLE)
    lines = textwrap.wrap(description(package), int(width * 12))
    axes.text(x, y + 0.26, "\n".join(lines), va="top", font=font(9.5), color=TEXT)


def font(size: float, name: str = "DejaVuSans") -> FontProperties:
    """Return a font that matplotlib brings, as the system's of the same name may be another one."""
    file = Path(mpl.get_data_path()) / "fonts" / "ttf" / f"{name}.ttf"
    return FontProperties(fname=str(file), size=size)


def save(figure: Figure) -> bytes:
    """Return a figure as SVG without date and generator."""
    out = io.BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def description(package: str) -> str:
    """Return the first line of a package's docstring."""
    source = (ROOT / package / "__init__.py").read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(source)) or ""
    return docstring.splitlines()[0] if docstring else ""


if __name__ == "__main__":
    (Path(sys.argv[1]) / NAME).write_bytes(draw())
