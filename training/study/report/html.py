"""HTML and SVG elements as values; text is escaped."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Final

VOID: Final = frozenset({"meta", "br"})
"""HTML elements that have no end tag."""


@dataclass(frozen=True, slots=True)
class Markup:
    """Markup that is inserted into a page without escaping."""

    text: str


Node = str | Markup | Iterable["Node"]
"""Content of an element: text, markup, or an iterable of these."""


def render(node: Node) -> Markup:
    """Return a node as markup, with text escaped."""
    if isinstance(node, Markup):
        return node
    if isinstance(node, str):
        return Markup(escape(node))
    return Markup("".join(render(child).text for child in node))


def element(name: str, /, *children: Node, **attributes: str | float | None) -> Markup:
    """Return the element `name`.

    In names of attributes a trailing "_" is removed (`class_`) and other "_" are replaced by "-".
    Attributes that are None are left out.
    """
    written = "".join(
        f' {key.removesuffix("_").replace("_", "-")}="{escape(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    end = "" if name in VOID else f"</{name}>"
    return Markup(f"<{name}{written}>{render(children).text}{end}")


def _plain(value: str | float) -> str:
    """Return a number with at most two decimals (hundredths of a pixel); text is unchanged."""
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
