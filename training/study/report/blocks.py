"""What the page is built of: sections, figures, tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from training.study.report.colours import STRONGEST
from training.study.report.html import Markup, Node, element

FEW: Final = 4
"""So many genres can be shown together and told apart."""


def section(name: str, heading: str, *content: Node) -> Markup:
    """Return a section that links can point at."""
    return element("section", element("h2", heading), content, id=name)


def paragraph(*words: Node, kind: str | None = None) -> Markup:
    """Return a paragraph."""
    return element("p", words, class_=kind)


def strong(words: str) -> Markup:
    """Return words that stand out."""
    return element("strong", words)


def figure(caption: Node, *content: Node) -> Markup:
    """Return charts under their caption."""
    return element("figure", element("figcaption", caption), content)


def panels(content: Sequence[Node]) -> Markup:
    """Lay charts and tables out side by side, as many as there is room for."""
    return element("div", [element("div", one) for one in content], class_="panels")


def strip(charts: Sequence[Node], name: str) -> Markup:
    """Lay out many charts; where room is scarce they scroll sideways instead of down."""
    return element(
        "div",
        [element("div", chart) for chart in charts],
        class_="strip",
        role="region",
        aria_label=name,
        tabindex="0",
    )


def more(summary: str, *content: Node) -> Markup:
    """Return what few will want to see, closed until they do."""
    return element("details", element("summary", summary), content)


def folded(genres: int, summary: str, *content: Node) -> Node:
    """Return a table of genres by genres: closed until asked for where there are many."""
    return more(summary, *content) if genres > FEW else content


def table(
    caption: str,
    head: Sequence[str],
    rows: Sequence[Sequence[Node]] | Mapping[str, Sequence[Sequence[Node]]],
    words: Sequence[int] = (),
) -> Markup:
    """Return a table whose first column names the rows.

    Rows may come in named groups. Cells are figures, but for the columns `words`.
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
    """A cell of a heat table: `shade` from -1 (warm) over 0 (none) to 1 (accent)."""

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
    """Return a table whose cells are shaded by their figures; None leaves a cell empty.

    `note` says how to read it.
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
    """Let a table that is too wide scroll by itself; it can be reached and named by keyboard.

    The caption keeps to what is in sight of it.
    """
    told = element("caption", element("span", caption, element("small", note) if note else ()))
    inner = element("table", told, content, class_=kind)
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
    strength = min(abs(cell.shade), 1) * STRONGEST
    return element(
        "td",
        cell.words,
        class_="marked" if cell.marked else None,
        style=f"background:rgb(var(--{colour}-rgb)/{strength:.2f})",
    )


def swatches(entries: Mapping[str, str]) -> Markup:
    """Say which line stands for what: `entries` maps names to a colour, or to "dashed"."""
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
