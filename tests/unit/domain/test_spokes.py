"""Geometry of radar charts."""

from bot.domain import spokes
from model.schema import RADAR


def test_labels_are_centred_at_the_top_and_beside_the_circle_elsewhere() -> None:
    assert [spokes.side(name) for name in RADAR] == [0, 1, 1, 1, -1, -1, -1]
