from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pytest

from training import json_codec


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Leaf:
    values: tuple[float, ...]
    colour: Colour | None


@dataclass(frozen=True, slots=True)
class Tree:
    name: str
    leaves: tuple[Leaf, ...]
    by_name: Mapping[str, Leaf]
    grid: tuple[tuple[int, ...], ...]
    by_colour: Mapping[Colour, Leaf]


TREE = Tree(
    "oak",
    (Leaf((0.5, 1.0), Colour.RED),),
    {"é": Leaf((), None)},
    ((1, 2), (3,)),
    {Colour.RED: Leaf((), None)},
)


def test_round_trip() -> None:
    assert json_codec.loads(Tree, json_codec.dumps(TREE)) == TREE


@pytest.mark.parametrize("text", ["", "[]", "3", '{"name": "oak"}', '{"leaf": 1}'])
def test_invalid_text_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        json_codec.loads(Tree, text)


def test_nan_is_an_error() -> None:
    with pytest.raises(ValueError, match="JSON"):
        json_codec.dumps(Leaf((float("nan"),), None))
