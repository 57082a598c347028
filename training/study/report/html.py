"""HTML and SVG as values: whatever is not markup already is escaped."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Final

VOID: Final = frozenset({"meta", "br"})
"""HTML elements that have no end tag."""


@dataclass(frozen=True, slots=True)
class Markup:
    """A piece of finished markup, which goes into a page as it is."""

    text: str


Node = str | Markup | Iterable["Node"]
"""What an element may hold: text, markup, and any number of them."""


def render(node: Node) -> Markup:
    """Return nodes one after another as markup, text escaped."""
    if isinstance(node, Markup):
        return node
    if isinstance(node, str):
        return Markup(escape(node))
    return Markup("".join(render(child).text for child in node))


def element(name: str, /, *children: Node, **attributes: str | float | None) -> Markup:
    """Return the element `name`.

    In attributes' names "_" stands for "-", a last "_" for nothing (`class_`); an attribute of
    None is left out.
    """
    written = "".join(
        f' {key.removesuffix("_").replace("_", "-")}="{escape(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    end = "" if name in VOID else f"</{name}>"
    return Markup(f"<{name}{written}>{render(children).text}{end}")


def _plain(value: str | float) -> str:
    """Write numbers to two decimals at most: hundredths of a pixel."""
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
