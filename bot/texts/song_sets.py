"""Names of the sets of songs by which two versions of models are compared."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.model_comparison import ModelComparison
from model.gate_report import GenreChange

DATA: Final[Mapping[str, str]] = {
    "tables": "Test songs of the tables",
    "corrections": "Corrections held back from training",
    "fma": "Test songs of the Free Music Archive",
    "songs": "Built-in songs",
    "drawn": "Songs drawn from what the model knew",
    "drawn_alike": "Drawn songs with the features that the corrections have",
    "votes": "Songs that people voted on",
}
"""Names of sets of songs."""

BY_MEANING: Final = ("corrections", "tables", "fma", "songs", "drawn", "drawn_alike", "votes")
"""Sets of songs, those that say most about other songs first; people's votes are trained on."""


def data_name(comparison: ModelComparison, data: str) -> str:
    """Return the name of a set of songs; of people's votes, whether many were trained on."""
    name = DATA.get(data, data)
    if data != "votes":
        return name
    trained_on = comparison.report.corrections if comparison.report else 0
    if 2 * trained_on > comparison.compared.get("votes", 0):
        return f"{name}, most of them trained on"
    retrained = trained_on or comparison.a.parent or comparison.b.parent
    return f"{name}, some of them trained on" if retrained else name


def most_meaningful(genres: Sequence[GenreChange]) -> list[GenreChange]:
    """Return those on the set of songs that says most."""
    kinds = {one.data for one in genres}
    data = next((data for data in BY_MEANING if data in kinds), "")
    return [one for one in genres if one.data == data]


def within(data: str) -> str:
    """Return the name of a set of songs within a sentence."""
    return data[0].lower() + data[1:]
