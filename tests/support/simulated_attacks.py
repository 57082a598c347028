"""Crowds and attacks on them, and how far these move the labels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from tests.support.simulated_voters import GOLD, Crowd, Simulation
from training.feedback.agreement import agree
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
    "disguised brigade": lambda crowd: crowd.disguised_brigade(12),
    "noisy brigade": lambda crowd: crowd.noisy_brigade(20, 0.12),
    "noisy brigade, known songs": lambda crowd: crowd.noisy_brigade(40, 0.12) + crowd.gold_votes(),
    "noisy brigade, honest votes": lambda crowd: (
        crowd.noisy_brigade(20, 0.12) + crowd.right_votes(20)
    ),
    "pairs": lambda crowd: crowd.small_groups(2),
    "pairs, known songs": lambda crowd: crowd.small_groups(2) + crowd.gold_votes(),
    "pairs, honest votes": lambda crowd: crowd.small_groups(2) + crowd.right_votes(40),
    "threes, known songs": lambda crowd: crowd.small_groups(3) + crowd.gold_votes(),
    "fours, known songs": lambda crowd: crowd.small_groups(4) + crowd.gold_votes(),
    "in turns": lambda crowd: crowd.in_turns(100, 0.25),
}
"""Votes of a fifth of all people, which move few labels in any crowd. Some also vote rightly, on
songs of known genre or on others."""

BEYOND: Final[Mapping[str, Attack]] = {
    "in turns, honest votes": lambda crowd: crowd.in_turns(100, 0.25) + crowd.right_votes(40),
}
"""An attack that moves a fifth of the labels, half where honest people cast few votes: the hostile
people are most of the voters on their songs, share no more of these than by chance, and also vote
rightly on other songs, so that they are not recognised."""


@dataclass(frozen=True, slots=True)
class Damage:
    """Means over several seeds.

    Attributes:
        labels: Number of labels without hostile people.
        moved: Share of them that is of another genre with hostile people; new wrong ones count,
            too.
        lost: Share of them that is no label with hostile people.
        votes: Share of votes that are hostile.
        right_before: Share of labels with the true genre, without hostile people.
        right_after: Share with them.
    """

    labels: float
    moved: float
    lost: float
    votes: float
    right_before: float
    right_after: float


def measure(crowd: Crowd, attack: Attack, seeds: range) -> Damage:
    """Return what an attack changes."""
    found: list[tuple[float, ...]] = []
    for seed in seeds:
        simulation = Simulation(seed, crowd)
        hostile = attack(simulation)
        before = _honest(seed, crowd)
        after = agree([*simulation.honest, *hostile], GOLD).labels
        kept = {label.track for label in after}
        found.append(
            (
                len(before),
                simulation.moved(before, after),
                float(np.mean([label.track not in kept for label in before])),
                len(hostile) / (len(hostile) + len(simulation.honest)),
                simulation.precision(before),
                simulation.precision(after),
            )
        )
    return Damage(*np.mean(found, axis=0).tolist())


@cache
def _honest(seed: int, crowd: Crowd) -> Sequence[AgreedLabel]:
    return agree(Simulation(seed, crowd).honest, GOLD).labels
