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
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from model.sound.networks import EMBEDDED_BY, EMBEDDING_SIZE
from model.sound.tag_genres import tag_genres
from model.sound.tagger_bundle import SHIPPED, HeadMetadata, TaggerBundle, TaggerStore
from training.templates import rendered

CARD: Final = SHIPPED / "CARD.md"
FIGURES: Final = Path(__file__).parent / "figures"
TEMPLATE: Final = "sound/card.md.j2"

EXAMPLES: Final = ((EMBEDDED_BY, 0), ("mtt", 8), ("mtt", 13))
"""Networks and places of the tags that are named as examples, as far as there are such tags."""

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
    taught = metadata.head.genres if metadata.head else ()
    if metadata.head:
        figures = {**figures, "head": _head_figures(metadata.head)}
    return rendered(
        TEMPLATE,
        metadata=metadata,
        examples=_examples(metadata.tags),
        sizes={name: len(network) for name, network in bundle.networks.items()},
        embedded_by=EMBEDDED_BY,
        embedding_size=EMBEDDING_SIZE,
        libraries=", ".join(f"{name} {version}" for name, version in metadata.libraries.items()),
        data=[(entry["name"], entry["source"], entry["license"]) for entry in metadata.data],
        untold=", ".join(one for one in tag_genres().untold if one not in taught) or "none",
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


def write_card(folder: Path) -> Path:
    """Write the card of the tagger in a folder of taggers; return its path."""
    target = folder / CARD.name
    target.write_text(card(TaggerStore(folder).load(), read_figures()), encoding="utf-8")
    return target


def _head_figures(head: HeadMetadata) -> dict[str, Any]:
    """Return the figures of a head in the form of the files of figures."""
    metrics, exponents = head.metrics, head.exponents
    return {
        ABOUT: "A logistic regression on the embedding, which tells these genres apart: "
        f"{', '.join(head.genres)}. The others are told by the table alone. Figures are of clips "
        "of artists that were not heard in training, beside those of the table on the same clips; "
        "differences have intervals of 95 %. In them, a genre that the table cannot tell counts as "
        "one beside all that it can tell, and for its log-loss the table gives such a genre its "
        "share of all genres; `told` are the clips whose genre the table can tell.",
        "head_and_table": {name: metrics[name] for name in ("head", "table") if name in metrics},
        "head_less_table": {
            name: metrics[f"{name}_difference"]
            for name in ("top_1", "log_loss", "told_top_1", "told_log_loss")
            if f"{name}_difference" in metrics
        },
        "verdicts": {name: _known(asdict(one)) for name, one in head.verdicts.items()},
        "exponents": asdict(exponents) if exponents else "none: features are classified alone.",
    }


def _examples(tags: Mapping[str, Sequence[str]]) -> str:
    """Return a few tags, as text."""
    *others, last = [
        f'"{own[place]}"' for name, place in EXAMPLES if place < len(own := tags[name])
    ]
    return f"{', '.join(others)} or {last}" if others else last


def _known(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in figures.items() if value is not None}


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
    write_card(SHIPPED)


if __name__ == "__main__":
    main()
