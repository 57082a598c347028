"""How often each person is right, estimated from votes alone.

A song's genre g is one of K. Person i names it with probability p_i and otherwise each wrong genre
with (1 - p_i) / (K - 1): the one-coin model of Dawid and Skene (1979,
https://doi.org/10.2307/2346806). It is fitted in two steps, as Zhang, Chen, Zhou and Jordan (2016,
"Spectral Methods Meet EM", JMLR 17, https://jmlr.org/papers/v17/14-511.html) recommend, since EM
alone ends in the next maximum and takes a group that votes together for the truth.

1. Agreement of pairs. Two people agree on a share r_ij ~ p_i p_j of the songs that both voted on.
   Each p_i minimises sum_j u_ij (r_ij - p_i p_j)^2 + RIDGE (p_i - NEW)^2 in turns, the
   rank-one form of Ghosh, Kale and McAfee (2011, "Who Moderates the Moderators?",
   https://doi.org/10.1145/1993574.1993599). Votes on songs of known genre are further peers with
   p_j = 1. The weight u_ij is

   - at most 1 for any number of songs that two people share, so that a few people with many votes
     do not outvote many with few;
   - n^-0.75 for each of n people who vote alike on the same songs, as the accounts of a brigade do;
   - lower if person i has more than three peers in the server of j: of a server's peers beyond
     three, the square root counts.
2. Expectation maximisation. The genre of a song has the posterior
   q(g) ~ exp(sum of e_v over the votes v for g), with the evidence e_v = w_v log(p_i (K - 1) /
   (1 - p_i)), at least 0, and p_i = (STRENGTH a_i + sum of w_v q(g_v)) / (STRENGTH + sum of w_v),
   with a_i of step 1. Of songs of known genre, q is known. Songs with one voter say nothing on p_i.
   The same two rules as for u_ij lower the evidence of people who vote alike, and of a server on
   one song.

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

STRENGTH: Final = 10.0
"""Number of votes that outweigh the agreement with peers."""

BEST: Final = 0.98
"""Largest share of right votes of a person; genres are a matter of taste."""

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
    """

    right: Floats
    weight: Floats


def evidence(right: Floats) -> Floats:
    """Return the evidence of a vote, at least 0, by the share of right votes of its person."""
    odds: Floats = np.log(np.maximum(right * (GENRES - 1) / (1 - right), 1))
    return odds


ONE_VOTE: Final = float(evidence(np.array([NEW]))[0])
"""Evidence of the vote of a new person."""


def evidence_by_genre(votes: VoteTable, people: Reliability) -> Floats:
    """Return the sum of evidence for each genre, [songs, genres]."""
    found = votes.weight * (evidence(people.right) * people.weight)[votes.voter]
    of_server = votes.song * (votes.server.max(initial=0) + 1) + votes.server
    _, block = np.unique(of_server, return_inverse=True)
    found *= pairs.share_that_counts(np.bincount(block, found) / ONE_VOTE)[block]
    sums: Floats = np.bincount(votes.cell, found, votes.songs * GENRES).astype(np.float64)
    return sums.reshape(votes.songs, GENRES)


def estimate(votes: VoteTable) -> Reliability:
    """Return what the votes say of each person."""
    compared = pairs.compare(votes)
    start = _from_pairs(votes, compared)
    people = Reliability(start, pairs.weight_among_alike(compared.alike))
    voters = np.bincount(votes.song, minlength=votes.songs)
    says_something = (voters > 1) | (votes.truth >= 0)
    weight = votes.weight * says_something[votes.song]
    count = votes.sums_by_voter(weight)
    for _ in range(EM_ROUNDS):
        right = people.right
        hits = _posterior(votes, people)[votes.song, votes.genre]
        new = (STRENGTH * start + votes.sums_by_voter(weight * hits)) / (STRENGTH + count)
        people = Reliability(_bounded(new), people.weight)
        if np.abs(people.right - right).max(initial=0) < UNCHANGED:
            break
    return people


def _posterior(votes: VoteTable, people: Reliability) -> Floats:
    """Return the probability of each genre of each song, [songs, genres]."""
    found = evidence_by_genre(votes, people)
    odds: Floats = np.exp(found - found.max(axis=1, keepdims=True))
    known = votes.truth >= 0
    odds[known] = 0
    odds[known, votes.truth[known]] = 1
    odds /= odds.sum(axis=1, keepdims=True)
    return odds


def _from_pairs(votes: VoteTable, compared: Pairs) -> Floats:
    """Return the shares of right votes by which people agree with one another, [voters]."""
    truth = votes.truth[votes.song]
    golds = votes.sums_by_voter(votes.weight * (truth >= 0))
    gold_hits = votes.sums_by_voter(votes.weight * (truth == votes.genre))
    right = np.full(votes.voters, NEW)
    for _ in range(PAIR_ROUNDS):
        hits = RIDGE * NEW + gold_hits + compared.agreement @ right
        new = _bounded(hits / (RIDGE + golds + compared.weight @ right**2))
        change = np.abs(new - right).max(initial=0)
        right = (right + new) / 2  # whole steps of all at once would alternate between two states
        if change < UNCHANGED:
            break
    return right


def _bounded(right: Floats) -> Floats:
    """Return the shares, at least that of votes at random, whose evidence is 0."""
    return np.clip(right, 1 / GENRES, BEST)
