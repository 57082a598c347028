"""The Jinja2 environment of Markdown files that are generated."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def rendered(template: str, **values: object) -> str:
    """Return a template of this package, filled in, without repeated blank lines."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=False,  # noqa: S701 - the templates are Markdown
        undefined=StrictUndefined,
    )
    environment.filters |= {"score": score, "share": share}
    text = environment.get_template(template).render(table=table, **values)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def score(figure: float | None) -> str:
    """Write a figure with three decimals, nothing for None."""
    return "" if figure is None else f"{figure:.3f}"


def share(figure: float | None) -> str:
    """Write a share in percent, nothing for None."""
    return "" if figure is None else f"{figure:.0%}"


def table(head: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, cells))} |" for cells in lines)
