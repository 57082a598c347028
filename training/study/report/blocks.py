"""Building blocks of the page: sections, figures, tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from training.study.report.colours import MAX_SHADE_OPACITY
from training.study.report.html import Markup, Node, element

MAX_GENRES_TOGETHER: Final = 4
"""Maximum number of genres that are shown in one chart or table without being collapsed."""


def section(name: str, heading: str, *content: Node) -> Markup:
    """Return a section; `name` is its id."""
    return element("section", element("h2", heading), content, id=name)


def paragraph(*words: Node, kind: str | None = None) -> Markup:
    """Return a paragraph; `kind` is its class."""
    return element("p", words, class_=kind)


def strong(words: str) -> Markup:
    """Return emphasised words."""
    return element("strong", words)


def figure(caption: Node, *content: Node) -> Markup:
    """Return charts with a caption."""
    return element("figure", element("figcaption", caption), content)


def panels(content: Sequence[Node]) -> Markup:
    """Return charts and tables side by side in as many columns as fit."""
    return element("div", [element("div", one) for one in content], class_="panels")


def strip(charts: Sequence[Node], name: str) -> Markup:
    """Return a grid of charts, which scrolls horizontally on narrow screens."""
    return element(
        "div",
        [element("div", chart) for chart in charts],
        class_="strip",
        role="region",
        aria_label=name,
        tabindex="0",
    )


def collapsed(summary: str, *content: Node) -> Markup:
    """Return content that is collapsed under a summary."""
    return element("details", element("summary", summary), content)


def collapsed_if_many(genres: int, summary: str, *content: Node) -> Node:
    """Return content that is collapsed if there are more than MAX_GENRES_TOGETHER genres."""
    return collapsed(summary, *content) if genres > MAX_GENRES_TOGETHER else content


def table(
    caption: str,
    head: Sequence[str],
    rows: Sequence[Sequence[Node]] | Mapping[str, Sequence[Sequence[Node]]],
    words: Sequence[int] = (),
) -> Markup:
    """Return a table.

    Args:
        caption: Caption of the table.
        head: Names of the columns.
        rows: Rows of cells, or groups of rows by name. The first cell of a row is its heading.
        words: Indices of the columns that contain text instead of numbers.
    """
    groups = rows if isinstance(rows, Mapping) else {"": rows}
    body = [
        element("tbody", _group(name, len(head)), [_row(row, words) for row in own])
        for name, own in groups.items()
    ]
    heads = [
        element("th", name, scope="col", class_=_kind(n, words)) for n, name in enumerate(head)
    ]
    return _scrolling(caption, element("thead", element("tr", heads)), body, kind=None)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a heat map: `shade` from -1 (warm) over 0 (none) to 1 (accent)."""

    words: str
    shade: float
    marked: bool = False


def heat(
    caption: str,
    corner: str,
    columns: Sequence[str],
    rows: Mapping[str, Sequence[Cell | None]],
    note: str = "",
) -> Markup:
    """Return a heat map as a table.

    Args:
        caption: Caption of the table.
        corner: Heading of the column of row names.
        columns: Names of the other columns.
        rows: Cells by name of the row; None for an empty cell.
        note: Explanation below the caption.
    """
    heads = [
        element("th", element("span", name), scope="col", class_="upright") for name in columns
    ]
    body = [
        element("tr", element("th", name, scope="row"), [_shaded(cell) for cell in cells])
        for name, cells in rows.items()
    ]
    head = element("thead", element("tr", element("th", corner, scope="col"), heads))
    return _scrolling(caption, head, element("tbody", body), kind="heat", note=note)


def _scrolling(caption: str, *content: Node, kind: str | None, note: str = "") -> Markup:
    """Return a table in a region that scrolls horizontally and can be focused by keyboard."""
    words = element("span", caption, element("small", note) if note else ())
    inner = element("table", element("caption", words), content, class_=kind)
    return element("div", inner, class_="scroll", role="region", aria_label=caption, tabindex="0")


def _group(name: str, columns: int) -> Node:
    if not name:
        return ()
    return element("tr", element("th", name, scope="rowgroup", colspan=columns, class_="group"))


def _row(row: Sequence[Node], words: Sequence[int]) -> Markup:
    first, *others = row
    cells = [
        element("td", cell, class_=_kind(number, words)) for number, cell in enumerate(others, 1)
    ]
    return element("tr", element("th", first, scope="row"), cells)


def _kind(number: int, words: Sequence[int]) -> str | None:
    return "words" if number == 0 or number in words else None


def _shaded(cell: Cell | None) -> Markup:
    if cell is None:
        return element("td")
    colour = "accent" if cell.shade > 0 else "warm"
    strength = min(abs(cell.shade), 1) * MAX_SHADE_OPACITY
    return element(
        "td",
        cell.words,
        class_="marked" if cell.marked else None,
        style=f"background:rgb(var(--{colour}-rgb)/{strength:.2f})",
    )


def swatches(entries: Mapping[str, str]) -> Markup:
    """Return a legend of lines; `entries` maps names to a colour or to "dashed"."""
    items = [element("li", _swatch(colour), name) for name, colour in entries.items()]
    return element("ul", items, class_="legend")


def _swatch(colour: str) -> Markup:
    dashed = colour == "dashed"
    stroke = element(
        "line",
        x1=1,
        y1=8,
        x2=23,
        y2=8,
        class_="dashed" if dashed else "bold",
        style=None if dashed else f"stroke:{colour}",
    )
    return element("svg", stroke, width=24, height=16, viewBox="0 0 24 16", aria_hidden="true")
