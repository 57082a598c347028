"""How often each person is right, estimated from votes alone.

A song's genre g is one of K. Person i names it with probability p_i and otherwise each of A wrong
genres with (1 - p_i) / A: the one-coin model of Dawid and Skene (1979,
https://doi.org/10.2307/2346806), with A = `ALTERNATIVES` in place of K - 1, as mistakes go to few
genres. It is fitted in two steps, as Zhang, Chen, Zhou and Jordan (2016, "Spectral Methods Meet
EM", JMLR 17, https://jmlr.org/papers/v17/14-511.html) recommend, since EM alone ends in the next
maximum and takes a group that votes together for the truth.

1. Agreement of pairs. Two people agree on a share r_ij ~ p_i p_j of the songs that both voted on.
   Each p_i minimises sum_j u_ij (r_ij - p_i p_j)^2 + RIDGE (p_i - NEW)^2 in turns, the
   rank-one form of Ghosh, Kale and McAfee (2011, "Who Moderates the Moderators?",
   https://doi.org/10.1145/1993574.1993599). The weight u_ij is

   - at most 1 for any number of songs that two people share, so that a few people with many votes
     do not outvote many with few;
   - 1 / n for each of n people who vote on the same songs, as the accounts of a brigade do;
   - lower if person i has more than three peers in the server of j: of a server's peers beyond
     three, the square root counts;
   - 0 between two of the smaller of two parties that hardly agree with each other: their agreement
     would show no more than that they are a party.
2. Expectation maximisation. A vote v for g is right with the posterior
   h_v ~ exp(sum of e over the other votes for g), with the evidence e_v = w_v log(A p_v /
   (1 - p_v)), at least 0. Then p_i = (STRENGTH a_i + sum of w_v h_v) / (STRENGTH + sum of w_v),
   with a_i of step 1. Songs with one voter say nothing on p_i. The same two rules as for u_ij lower
   the evidence of people who vote alike, and of a server on one song.

Votes on songs of known genre are further peers with p_j = 1 in step 1 and have a known h_v in step
2, but only where this lowers p_i: their list is public, so that hostile people answer them rightly.

The share p_v of a vote is p_i, or less if votes of the person for its genre are wrong more often:
(GENRE_STRENGTH p_i + sum of w h) / (GENRE_STRENGTH + sum of w), over these votes. People who
vote rightly elsewhere, but together for one wrong genre, have little evidence there.

Limit: hostile people who are most of the voters on their songs, take turns, so that no two share
many of these, and also vote rightly on other songs are not recognised. A fifth of such people moves
20 % of the labels, 54 % where honest people cast few votes (`tests.bench.hostility`).

The weight w_v of a vote is given: a vote for the genre that the card showed has a lower one.

Own code, as crowd-kit, the library for this, needs transformers and nltk and has neither step 1 nor
weights of votes.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from training.feedback import pairs
from training.feedback.pairs import Pairs
from training.feedback.vote_table import GENRES, Floats, VoteTable

NEW: Final = 0.7
"""Share of right votes that is assumed of a person of whom nothing is known."""

RIDGE: Final = 2.0
"""Number of votes on songs of known genre that outweigh this assumption."""

ALTERNATIVES: Final = 2
"""Number of wrong genres between which a person's mistakes fall. Votes of a person who is right in
less than one of three cases are no evidence; with K - 1 = 12, many such votes would be much."""

STRENGTH: Final = 10.0
"""Number of votes that outweigh the agreement with peers."""

BEST: Final = 0.98
"""Largest share of right votes of a person; genres are a matter of taste."""

GENRE_STRENGTH: Final = 4.0
"""Number of votes for a genre that outweigh what is known of the person's other votes."""

PAIR_ROUNDS: Final = 30
EM_ROUNDS: Final = 20

UNCHANGED: Final = 1e-4
"""Largest change of a share of right votes at which a fit ends."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """What is estimated of each person.

    Attributes:
        right: Share of right votes, from 1 / K to `BEST`, [voters].
        weight: Weight beside people who vote alike, 0-1, [voters].
        of_vote: Share of right votes of the person for the vote's genre, at most `right`, [votes].
    """

    right: Floats
    weight: Floats
    of_vote: Floats


def evidence(right: Floats) -> Floats:
    """Return the evidence of a vote, at least 0, by the share of right votes of its person."""
    odds: Floats = np.log(np.maximum(right * ALTERNATIVES / (1 - right), 1))
    return odds


ONE_VOTE: Final = float(evidence(np.array([NEW]))[0])
"""Evidence of the vote of a new person."""


def evidence_by_genre(votes: VoteTable, people: Reliability) -> Floats:
    """Return the sum of evidence for each genre, [songs, genres]."""
    return _sums(votes, _evidence_of_votes(votes, people))


def estimate(votes: VoteTable) -> Reliability:
    """Return what the votes say of each person."""
    compared = pairs.compare(votes)
    start = _from_pairs(votes, compared)
    people = Reliability(start, pairs.weight_among_alike(compared.alike), start[votes.voter])
    is_known = votes.truth[votes.song] >= 0
    voters = np.bincount(votes.song, minlength=votes.songs)[votes.song]
    weight = votes.weight * (~is_known & (voters > 1))
    count = votes.sums_by_voter(weight)
    golds, gold_hits = _golds(votes)
    _, genre = np.unique(votes.voter * GENRES + votes.genre, return_inverse=True)
    of_genre = np.bincount(genre, weight)
    for _ in range(EM_ROUNDS):
        before = people.of_vote
        hits = weight * _probability_by_others(votes, people)
        found, most = STRENGTH * start + votes.sums_by_voter(hits), STRENGTH + count
        right = _bounded(np.minimum(found / most, (found + gold_hits) / (most + golds)))
        prior = right[votes.voter]
        shares = GENRE_STRENGTH * prior + np.bincount(genre, hits)[genre]
        shares /= GENRE_STRENGTH + of_genre[genre]
        people = Reliability(right, people.weight, _bounded(np.minimum(shares, prior)))
        if np.abs(people.of_vote - before).max(initial=0) < UNCHANGED:
            break
    return people


def _evidence_of_votes(votes: VoteTable, people: Reliability) -> Floats:
    """Return the evidence of each vote, [votes]."""
    found: Floats = votes.weight * evidence(people.of_vote) * people.weight[votes.voter]
    of_server = votes.song * (votes.server.max(initial=0) + 1) + votes.server
    _, block = np.unique(of_server, return_inverse=True)
    found *= pairs.share_that_counts(np.bincount(block, found) / ONE_VOTE)[block]
    return found


def _sums(votes: VoteTable, found: Floats) -> Floats:
    """Return the sum over the votes for each genre of each song, [songs, genres]."""
    sums: Floats = np.bincount(votes.cell, found, votes.songs * GENRES).astype(np.float64)
    return sums.reshape(votes.songs, GENRES)


def _probability_by_others(votes: VoteTable, people: Reliability) -> Floats:
    """Return the probability that each vote is right by the other votes on its song, [votes]."""
    own = _evidence_of_votes(votes, people)
    found = _sums(votes, own)
    is_named = _sums(votes, np.ones_like(own)) > 0
    top = found.max(axis=1)
    odds = np.exp(found - top[:, None]) * is_named
    unnamed = np.maximum(ALTERNATIVES + 1 - is_named.sum(axis=1), 0) * np.exp(-top)
    of_genre = odds[votes.song, votes.genre]
    by_others = of_genre * np.exp(-own)
    rest = (odds.sum(axis=1) + unnamed)[votes.song] - of_genre
    probability: Floats = by_others / (np.maximum(rest, 0) + by_others)
    return probability


def _golds(votes: VoteTable) -> tuple[Floats, Floats]:
    """Return the weight of votes on songs of known genre, and of the right ones, [voters] each."""
    truth = votes.truth[votes.song]
    golds = votes.sums_by_voter(votes.weight * (truth >= 0))
    return golds, votes.sums_by_voter(votes.weight * (truth == votes.genre))


def _from_pairs(votes: VoteTable, compared: Pairs) -> Floats:
    """Return the shares of right votes by which people agree with one another, [voters]."""
    golds, gold_hits = _golds(votes)
    right = np.full(votes.voters, NEW)
    for _ in range(PAIR_ROUNDS):
        hits, most = RIDGE * NEW + compared.agreement @ right, RIDGE + compared.weight @ right**2
        new = _bounded(np.minimum(hits / most, (hits + gold_hits) / (most + golds)))
        change = np.abs(new - right).max(initial=0)
        right = (right + new) / 2  # whole steps of all at once would alternate between two states
        if change < UNCHANGED:
            break
    return right


def _bounded(right: Floats) -> Floats:
    """Return the shares, at least that of votes at random, whose evidence is 0."""
    return np.clip(right, 1 / GENRES, BEST)
