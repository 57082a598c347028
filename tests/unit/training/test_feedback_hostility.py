"""A fifth of hostile people hardly move the labels; each figure is the mean of several seeds."""

from time import process_time

import numpy as np
import pytest

from tests.support.simulated_attacks import ATTACKS, CROWDS, measure
from tests.support.simulated_voters import Crowd, Simulation
from training.feedback.agreement import agree
from training.feedback.gold import GoldSongs

MOST_MOVED = 0.02
MOST_LOST = 0.03


def check(crowd: str, attack: str, seeds: range) -> None:
    found = measure(CROWDS[crowd], ATTACKS[attack], seeds)
    assert found.moved < MOST_MOVED
    assert found.lost < MOST_LOST
    assert found.right_after > 0.95


@pytest.mark.parametrize("attack", sorted(ATTACKS))
@pytest.mark.parametrize("crowd", ["few votes", "one server"])
def test_a_fifth_of_hostile_people_moves_less_than_two_percent_of_labels(
    crowd: str, attack: str
) -> None:
    check(crowd, attack, range(2))


@pytest.mark.long
@pytest.mark.parametrize("attack", sorted(ATTACKS))
@pytest.mark.parametrize("crowd", sorted(CROWDS))
def test_so_in_every_crowd_with_more_seeds(crowd: str, attack: str) -> None:
    check(crowd, attack, range(100, 108))


def test_a_plain_majority_would_not_withstand_this() -> None:
    simulation = Simulation(0)
    hostile = simulation.brigade(40)
    votes = {(vote.voter, vote.track): vote for vote in [*simulation.honest, *hostile]}
    by_track: dict[str, list[str]] = {}
    for vote in votes.values():
        by_track.setdefault(vote.track, []).append(vote.genre)
    labels = [
        (track, max(genres, key=genres.count))
        for track, genres in by_track.items()
        if len(genres) > 1
    ]
    right = np.mean([simulation.genre(track) == genre for track, genre in labels])
    assert right < 0.95


def test_hostile_people_are_recognised_as_such() -> None:
    simulation = Simulation(1)
    found = agree([*simulation.honest, *simulation.brigade(40)], GoldSongs()).reliability
    honest = [share for voter, share in found.items() if voter.startswith("person")]
    hostile = [share for voter, share in found.items() if voter.startswith("brigade")]
    assert min(honest) > max(hostile)


@pytest.mark.long
def test_fifty_thousand_votes_are_agreed_on_in_two_seconds() -> None:
    votes = Simulation(0, Crowd(songs=5000, people=500, each=100, servers=40)).honest
    start = process_time()
    found = agree(votes, GoldSongs())
    assert process_time() - start < 2
    assert len(found.labels) > 4000
