"""Writes the card of the tagger, by the template `card.md.j2`: `python -m training.sound.card`.

The figures are JSON files in `figures/`, which other commands write: one section of the card each.
In such a file, each entry is a section of its own:

- an object of objects, as `{"all": {"sounds": 3, "right": 0.5}}`, is a table with a row for each;
- a list of objects is a table too;
- an object of values is a table with two columns;
- all else is text. The entry `about` is text that comes first, without a title.

What figures of tempo, key and loudness mean is in `training/sound/measure.py`, which prints them:

    python -m training.sound.measure > training/sound/figures/tempo_key_loudness.json
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from model.sound.networks import EMBEDDED_BY, EMBEDDING_SIZE
from model.sound.tag_genres import tag_genres
from model.sound.tagger_bundle import SHIPPED, TaggerBundle, TaggerStore
from training.templates import rendered

CARD: Final = SHIPPED / "CARD.md"
FIGURES: Final = Path(__file__).parent / "figures"
TEMPLATE: Final = "sound/card.md.j2"

ABOUT: Final = "about"
"""Entry of a file that is put before the others."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of figures: a table, or text."""

    title: str
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    text: str = ""


def card(bundle: TaggerBundle, figures: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the card as Markdown.

    Args:
        bundle: The tagger.
        figures: Content of each file of figures, by its name without the suffix.
    """
    metadata = bundle.metadata
    return rendered(
        TEMPLATE,
        metadata=metadata,
        sizes={name: len(network) for name, network in bundle.networks.items()},
        embedded_by=EMBEDDED_BY,
        embedding_size=EMBEDDING_SIZE,
        libraries=", ".join(f"{name} {version}" for name, version in metadata.libraries.items()),
        data=[(entry["name"], entry["source"], entry["license"]) for entry in metadata.data],
        untold=", ".join(tag_genres().untold) or "none",
        figures=[
            {
                "title": _title(name).capitalize(),
                "about": content.get(ABOUT, ""),
                "sections": [_section(*one) for one in content.items() if one[0] != ABOUT],
            }
            for name, content in figures.items()
        ],
    )


def read_figures(folder: Path = FIGURES) -> dict[str, dict[str, Any]]:
    """Return the content of the files of figures in `folder`, in the order of their names."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.json"))
    }


def _section(name: str, content: Any) -> Section:
    """Return one entry of a file as a section."""
    if isinstance(content, dict) and _are_objects(list(content.values())):
        return _table(name, [{"": _title(key)} | entry for key, entry in content.items()])
    if isinstance(content, list) and _are_objects(content):
        return _table(name, content)
    if isinstance(content, dict) and content:
        rows = tuple((_title(key), _cell(value)) for key, value in content.items())
        return Section(_title(name), ("figure", "value"), rows)
    return Section(_title(name), text=_cell(content))


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> Section:
    columns = tuple(dict.fromkeys(column for row in rows for column in row))
    return Section(
        _title(name),
        tuple(map(_title, columns)),
        tuple(tuple(_cell(row.get(column)) for column in columns) for row in rows),
    )


def _are_objects(values: Sequence[Any]) -> bool:
    return bool(values) and all(isinstance(one, dict) for one in values)


def _cell(value: Any) -> str:
    """Return a figure as text: at most four significant digits."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.4g}"
        case list():
            return ", ".join(map(_cell, value)) or "none"
        case dict():
            return ", ".join(f"{_title(key)} {_cell(one)}" for key, one in value.items())
    return str(value)


def _title(name: str) -> str:
    return name.replace("_", " ")


def main() -> None:
    """Write the card of the shipped tagger."""
    CARD.write_text(card(TaggerStore().load(), read_figures()), encoding="utf-8")


if __name__ == "__main__":
    main()
