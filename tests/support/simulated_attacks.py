"""Crowds and attacks on them, and how far these move the labels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from tests.support.simulated_voters import Crowd, Simulation
from training.feedback.agreement import agree
from training.feedback.gold import GoldSongs
from training.feedback.votes import AgreedLabel, CastVote

CROWDS: Final[Mapping[str, Crowd]] = {
    "ten servers": Crowd(),
    "one server": Crowd(servers=1),
    "few votes": Crowd(each=12),
    "few songs": Crowd(songs=50, each=50, least_right=0.9, most_right=0.97),
}

Attack = Callable[[Simulation], list[CastVote]]

ATTACKS: Final[Mapping[str, Attack]] = {
    "brigade": lambda crowd: crowd.brigade(12),
    "large brigade": lambda crowd: crowd.brigade(40),
    "new accounts in one server": lambda crowd: crowd.brigade(12, server=99),
    "brigade in turns": lambda crowd: crowd.brigade(30, share=0.6),
    "trolls": lambda crowd: crowd.trolls(),
    "flip-floppers": lambda crowd: crowd.flip_floppers(),
}
"""Votes of a fifth of all people."""

DISGUISED: Final = "disguised brigade"
"""A brigade whose people cast as many honest votes as hostile ones; it moves more labels."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Means over several seeds.

    Attributes:
        labels: Number of labels without hostile people.
        moved: Share of them that is lost or of another genre; new wrong ones count, too.
        right_before: Share of labels with the true genre, without hostile people.
        right_after: Share with them.
    """

    labels: float
    moved: float
    right_before: float
    right_after: float


def measure(crowd: Crowd, attack: Attack, seeds: range) -> Damage:
    """Return what an attack changes."""
    found: list[tuple[float, float, float, float]] = []
    for seed in seeds:
        simulation = Simulation(seed, crowd)
        hostile = attack(simulation)
        before = _honest(seed, crowd)
        after = agree([*simulation.honest, *hostile], GoldSongs()).labels
        right = [simulation.precision(labels) for labels in (before, after)]
        found.append((len(before), simulation.moved(before, after), right[0], right[1]))
    return Damage(*np.mean(found, axis=0).tolist())


@cache
def _honest(seed: int, crowd: Crowd) -> Sequence[AgreedLabel]:
    return agree(Simulation(seed, crowd).honest, GoldSongs()).labels
