"""Votes become labels by the stated rule."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.genres import WIDE
from tests.support.simulated_voters import START, Crowd, Simulation, cast_vote
from training.feedback import agreement
from training.feedback.agreement import MAX_WEIGHT, agree
from training.feedback.gold import GoldSongs
from training.feedback.reliability import NEW
from training.feedback.votes import AgreedLabel, Agreement, CastVote

NO_GOLD = GoldSongs()
SMALL = Crowd(songs=60, people=12, each=15, servers=3)


def agreed(votes: list[CastVote], least_voters: int = 2) -> Agreement:
    return agree(votes, NO_GOLD, least_voters)


def only_label(*votes: CastVote, least_voters: int = 2) -> AgreedLabel:
    """Return the label of the only song."""
    (label,) = agreed(list(votes), least_voters).labels
    return label


def of(voter: str, genre: str = "folk", *, shown: str = "pop", workspace: str = "s") -> CastVote:
    """Return a vote for the same song."""
    return cast_vote(voter, "song", genre, shown=shown, workspace=workspace)


def test_two_new_people_who_agree_make_a_label() -> None:
    label = only_label(of("ann"), of("bob"))
    assert (label.track, label.genre, label.voters) == ("song", "folk", 2)
    assert (label.title, label.artists) == ("Title of song", ("Artist of song",))
    assert label.features == {"energy": 0.5}


@given(seed=st.integers(0, 1000), shown=st.sampled_from(["folk", "pop"]))
@settings(max_examples=15)
def test_two_new_people_who_agree_make_a_label_among_others(seed: int, shown: str) -> None:
    votes = [*Simulation(seed, SMALL).honest, of("ann", shown=shown), of("bob", shown=shown)]
    labels = {label.track: label.genre for label in agreed(votes).labels}
    assert labels["song"] == "folk"


@pytest.mark.parametrize("people", [2, 3])
def test_few_people_who_vote_alike_on_songs_of_their_own_make_labels(people: int) -> None:
    votes = [cast_vote(f"p{one}", f"song {song}") for one in range(people) for song in range(60)]
    assert len(agreed(votes).labels) == 60


def test_people_who_err_in_one_genre_count_less_in_it() -> None:
    known = [
        cast_vote(person, f"song {song}", "metal" if song % 4 == 0 and person > "f" else "jazz")
        for person in "abcdefghi"
        for song in range(40)
    ]
    found = agreed([*known, of("g", "metal"), of("h", "metal")])
    assert "song" not in {label.track for label in found.labels}
    found = agreed([*known, of("g", "jazz"), of("h", "jazz")])
    assert "song" in {label.track for label in found.labels}


def test_one_person_makes_no_label_however_often_they_vote() -> None:
    votes = [replace(of("ann"), at=START + timedelta(days=day)) for day in range(9)]
    found = agreed(votes)
    assert found.labels == ()
    assert found.left_out == {"too few people agree": 1}
    assert found.votes_left_out == {"a newer vote of the person counts": 8}


def test_one_vote_weighs_as_much_as_a_row_of_a_table_if_one_voter_is_enough() -> None:
    assert only_label(of("ann"), least_voters=1).weight == pytest.approx(1)


def test_the_newest_vote_of_a_person_counts() -> None:
    late = replace(of("ann", "jazz"), at=START + timedelta(days=1))
    label = only_label(late, of("ann"), of("bob", "jazz"))
    assert (label.genre, label.voters) == ("jazz", 2)


def test_a_tie_is_no_label() -> None:
    votes = [of("ann"), of("bob"), of("cid", "jazz"), of("dan", "jazz")]
    assert agreed(votes).labels == ()
    assert agreed(votes).left_out == {"people disagree": 1}


def test_three_of_four_are_enough() -> None:
    assert only_label(of("ann"), of("bob"), of("cid"), of("dan", "jazz")).genre == "folk"


def test_a_vote_for_what_the_card_showed_counts_less() -> None:
    free = only_label(of("ann"), of("bob"))
    anchored = only_label(of("ann", shown="folk"), of("bob", shown="folk"))
    assert anchored.weight < 0.6 * free.weight
    contested = [of("ann", shown="jazz"), of("bob", "jazz", shown="jazz")]
    assert [label.genre for label in agreed(contested, 1).labels] == ["folk"]


def test_people_who_were_right_elsewhere_weigh_more_than_new_ones() -> None:
    draw = np.random.default_rng(0)
    known = [
        cast_vote(person, f"song {song}", WIDE[song % len(WIDE)], shown="", workspace=f"s{number}")
        for number, person in enumerate(["ann", "bob", "cid", "dan", "gus", "hal", "ida", "jon"])
        for song in draw.choice(60, 15, replace=False).tolist()
    ]
    proven = [of("ann", workspace="s0"), of("bob", workspace="s1")]
    new = [of("eve", "jazz", workspace="s2"), of("fay", "jazz", workspace="s3")]
    found = agreed([*known, *proven, *new])
    assert found.reliability["ann"] > found.reliability["eve"]
    labels = {label.track: label.genre for label in found.labels}
    assert labels["song"] == "folk"


def test_songs_of_known_genre_refute_people_and_get_no_label() -> None:
    gold = GoldSongs({f"gold {number}": "blues" for number in range(8)})
    votes = [of("ann"), of("bob", "jazz")]
    for number in range(8):
        votes.append(cast_vote("ann", f"gold {number}", "blues"))
        votes.append(cast_vote("bob", f"gold {number}", "metal"))
    found = agree(votes, gold, 1)
    assert found.reliability["ann"] <= NEW  # the songs are public: right answers prove nothing
    assert found.reliability["bob"] < 0.3
    assert [(label.track, label.genre) for label in found.labels] == [("song", "folk")]
    assert found.left_out == {"they are held-out songs": 8}


def test_embedded_songs_are_the_default_gold() -> None:
    song = replace(of("ann"), title="Jolene (Live)", artists=("Dolly Parton",))
    found = agree([song, replace(song, voter="bob")])
    assert found.left_out == {"they are held-out songs": 1}


def test_people_of_one_server_count_beyond_three_with_the_root(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(agreement, "MAX_WEIGHT", 100)
    people = [f"person {number}" for number in range(4)]
    here = only_label(*(of(person) for person in people))
    apart = only_label(*(of(person, workspace=person) for person in people))
    assert here.weight < 0.9 * apart.weight


def test_private_chats_count_as_one_server() -> None:
    people = [f"person {number}" for number in range(4)]
    apart = only_label(*(of(person, workspace=f"private-{person}") for person in people))
    here = only_label(*(of(person) for person in people))
    assert apart.weight == pytest.approx(here.weight)


def test_votes_beyond_the_limits_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "VOTES_PER_DAY", 3)
    monkeypatch.setattr(agreement, "SERVER_VOTES_PER_DAY", 7)
    monkeypatch.setattr(agreement, "VOTES_PER_PERSON", 5)

    def count(people: int, songs: int, days: int) -> tuple[int, dict[str, int]]:
        votes = [
            replace(cast_vote(f"p{person}", f"{day} {song}"), at=START + timedelta(day, song))
            for person in range(people)
            for song in range(songs)
            for day in range(days)
        ]
        found = agreed(votes, 1)
        return len(found.labels), dict(found.votes_left_out)

    assert count(1, 4, 1) == (3, {"the person voted too often on that day": 1})
    assert count(3, 3, 1) == (3, {"the server voted too often on that day": 2})
    assert count(1, 3, 2) == (5, {"the person voted too often in all": 1})


def test_no_votes_make_no_labels() -> None:
    assert agreed([]) == Agreement((), {}, {})


votes_of_few = st.lists(
    st.builds(
        cast_vote,
        st.sampled_from("abcdef"),
        st.sampled_from(["song 1", "song 2", "song 3"]),
        st.sampled_from(WIDE[:3]),
        shown=st.sampled_from(WIDE[:3]),
        workspace=st.sampled_from(["s", "t", "private-1"]),
        at=st.datetimes().map(lambda at: at.replace(tzinfo=START.tzinfo)),
    ),
    max_size=20,
)


@given(votes_of_few, st.randoms(use_true_random=False))
def test_labels_are_in_range_and_do_not_depend_on_order_or_duplicates(
    votes: list[CastVote], random: Random
) -> None:
    found = agreed(votes)
    for label in found.labels:
        assert 0 < label.weight <= MAX_WEIGHT
        assert 2 <= label.voters <= 6
    assert all(0 < share < 1 for share in found.reliability.values())
    mixed = [*votes, *votes]
    random.shuffle(mixed)
    again = agreed(mixed)
    assert again.labels == found.labels
    assert again.reliability == found.reliability
