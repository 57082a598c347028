"""How often each person is right, estimated from votes alone.

A song's genre g is one of K. Person i names it with probability p_i and otherwise each wrong genre
with (1 - p_i) / (K - 1): the one-coin model of Dawid and Skene (1979,
https://doi.org/10.2307/2346806). It is fitted in two steps, as Zhang, Chen, Zhou and Jordan (2016,
"Spectral Methods Meet EM", JMLR 17, https://jmlr.org/papers/v17/14-511.html) recommend, since EM
alone ends in the next maximum and takes a group that votes together for the truth.

1. Agreement of pairs. Two people agree on a share of r_ij ~ p_i p_j of the songs that both voted
   on. Each p_i minimises sum_j u_ij (r_ij - p_i p_j)^2 + RIDGE (p_i - NEW)^2 in turns: the rank-one
   form of Ghosh, Kale and McAfee (2011, "Who Moderates the Moderators?",
   https://doi.org/10.1145/1993574.1993599). u_ij is at most 1 whatever number of songs two people
   share, so that a few people with many votes do not outvote many with few. All people of one
   server count as at most `SERVER_PEOPLE` peers of a person, unless there are no others.
2. Expectation maximisation. The genre of a song has the posterior
   q(g) ~ exp(sum of w_v e_i over the votes v for g), with the evidence e_i = log(p_i (K - 1) /
   (1 - p_i)), at least 0; p_i = (STRENGTH a_i + sum of w_v q(g_v)) / (STRENGTH + sum of w_v), with
   a_i of step 1. Of songs with known genre, q is known. Songs with one voter say nothing on p_i.

A vote for the genre that the card showed has the weight w_v = `ANCHORED`, as people tend to agree
with what they read; others have 1.

Own code, as crowd-kit, the library for this, needs transformers and nltk and has neither step 1 nor
weights of votes.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from model.genres import WIDE

NEW: Final = 0.7
"""Share of right votes that is assumed of a person of whom nothing is known."""

RIDGE: Final = 2.0
"""Number of peers that outweigh this assumption."""

STRENGTH: Final = 10.0
"""Number of votes that outweigh the agreement with peers."""

BEST: Final = 0.98
"""Largest share of right votes of a person; genres are a matter of taste."""

ANCHORED: Final = 0.5
"""Weight of a vote for the genre that the card showed beforehand."""

SERVER_PEOPLE: Final = 3.0
"""Number of people as which all people of one server count."""

PEERS_PER_SONG: Final = 100
"""People of a song that are compared with one another, to bound the number of pairs."""

PAIR_ROUNDS: Final = 30
EM_ROUNDS: Final = 20
UNCHANGED: Final = 1e-4
"""Largest change of a share of right votes at which a fit ends."""

GENRES: Final = len(WIDE)

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class VoteTable:
    """Votes as arrays, one of each person for a song.

    Attributes:
        voter: Index of the person, [votes].
        song: Index of the song, [votes].
        genre: Index of the genre in `model.genres.WIDE`, [votes].
        server: Index of the server in which the vote was cast, [votes].
        weight: Weight of the vote, 0-1, [votes].
        truth: Index of the genre of each song, -1 if it is not known, [songs].
    """

    voter: Codes
    song: Codes
    genre: Codes
    server: Codes
    weight: Floats
    truth: Codes

    @property
    def voters(self) -> int:
        """Number of people."""
        return int(self.voter.max(initial=-1)) + 1


def evidence(right: Floats) -> Floats:
    """Return the evidence of a vote, at least 0, for the share of right votes of its person."""
    return np.log(np.maximum(right * (GENRES - 1) / (1 - right), 1))


ONE_VOTE: Final = float(evidence(np.array(NEW)))
"""Evidence of the vote of a new person."""


def evidence_of_votes(votes: VoteTable, right: Floats) -> Floats:
    """Return the evidence of each vote, [votes].

    That of all votes of one server for a song is at most the one of `SERVER_PEOPLE` new people.
    """
    found = votes.weight * evidence(right)[votes.voter]
    pair, _ = _codes(votes.song * (votes.server.max(initial=0) + 1) + votes.server)
    total = np.bincount(pair, found)
    factor = np.minimum(1, SERVER_PEOPLE * ONE_VOTE / np.maximum(total, 1e-9))
    return found * factor[pair]


def evidence_by_genre(votes: VoteTable, right: Floats) -> Floats:
    """Return the sum of evidence for each genre, [songs, genres]."""
    songs = len(votes.truth)
    cell = votes.song * GENRES + votes.genre
    found = np.bincount(cell, evidence_of_votes(votes, right), songs * GENRES)
    return found.reshape(songs, GENRES)


def estimate(votes: VoteTable) -> Floats:
    """Return the share of right votes of each person, [voters]."""
    start = _from_pairs(votes)
    people = np.bincount(votes.song, minlength=len(votes.truth))
    says_something = (people > 1) | (votes.truth >= 0)
    weight = votes.weight * says_something[votes.song]
    count = np.bincount(votes.voter, weight, votes.voters)
    right = start
    for _ in range(EM_ROUNDS):
        hits = _posterior(votes, right)[votes.song, votes.genre]
        sums = np.bincount(votes.voter, weight * hits, votes.voters)
        new = _bounded((STRENGTH * start + sums) / (STRENGTH + count))
        done = np.abs(new - right).max(initial=0) < UNCHANGED
        right = new
        if done:
            break
    return right


def _posterior(votes: VoteTable, right: Floats) -> Floats:
    """Return the probability of each genre of each song, [songs, genres]."""
    found = evidence_by_genre(votes, right)
    odds = np.exp(found - found.max(axis=1, keepdims=True))
    known = votes.truth >= 0
    odds[known] = 0
    odds[known, votes.truth[known]] = 1
    return odds / odds.sum(axis=1, keepdims=True)


def _from_pairs(votes: VoteTable) -> Floats:
    """Return the shares of right votes by which people agree with one another, [voters]."""
    agreement, weight = _pairs(votes)
    known = votes.truth[votes.song] >= 0
    gold_hits = (votes.genre == votes.truth[votes.song]) & known
    gold = np.bincount(votes.voter, votes.weight * gold_hits, votes.voters)
    golds = np.bincount(votes.voter, votes.weight * known, votes.voters)
    right = np.full(votes.voters, NEW)
    for _ in range(PAIR_ROUNDS):
        hits = RIDGE * NEW + gold + agreement @ right
        new = _bounded(hits / (RIDGE + golds + weight @ right**2))
        done = np.abs(new - right).max(initial=0) < UNCHANGED
        right = (right + new) / 2  # updates in parallel would alternate between two states
        if done:
            break
    return right


def _pairs(votes: VoteTable) -> tuple["sparse.csr_array[Any]", "sparse.csr_array[Any]"]:
    """Return u_ij r_ij and u_ij for people who share songs, each [voters, voters]."""
    home = _homes(votes)
    order = np.lexsort((np.arange(votes.voters), home))  # people of a server are neighbours
    place = np.empty_like(order)
    place[order] = np.arange(votes.voters)
    kept = _sample(votes)
    row, song = place[votes.voter[kept]], votes.song[kept]
    cell = song * GENRES + votes.genre[kept]
    songs, shape = len(votes.truth), votes.voters
    ones = votes.weight[kept]
    shared = sparse.csr_array((ones, (row, song)), (shape, songs))
    same = sparse.csr_array((ones, (row, cell)), (shape, songs * GENRES))
    total = (shared @ shared.T).tocsr()
    equal = (same @ same.T).tocsr()
    total.setdiag(0)
    equal.setdiag(0)
    total.eliminate_zeros()
    total.sort_indices()
    pair_weight = _pair_weights(total, home[order])
    ratio = total.copy()
    ratio.data = pair_weight.data / total.data
    back = place
    return equal.multiply(ratio).tocsr()[back][:, back], pair_weight[back][:, back]


def _pair_weights(
    total: "sparse.csr_array[Any]", server: Codes
) -> "sparse.csr_array[Any]":
    """Return u_ij; `server` is that of each person, ascending, and `total` has sorted indices."""
    found = total.copy()
    found.data = np.minimum(total.data, 1)
    if not found.nnz:
        return found
    row = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))
    block = row * (server.max() + 1) + server[found.indices]
    starts = np.flatnonzero(np.diff(block, prepend=-1))
    lengths = np.diff(starts, append=len(block))
    sums = np.add.reduceat(found.data, starts)
    before = np.bincount(row, found.data, found.shape[0])
    found.data *= np.repeat(np.minimum(1, SERVER_PEOPLE / sums), lengths)
    after = np.bincount(row, found.data, found.shape[0])
    found.data *= (before / np.maximum(after, 1e-9))[row]  # the cap changes proportions alone
    return found


def _homes(votes: VoteTable) -> Codes:
    """Return the server of each person: that of their last vote."""
    home = np.zeros(votes.voters, np.intp)
    home[votes.voter] = votes.server
    return home


def _sample(votes: VoteTable) -> Codes:
    """Return the indices of votes to compare: up to `PEERS_PER_SONG` of each song, by chance."""
    shuffled = np.random.default_rng(0).permutation(len(votes.song))
    order = shuffled[np.argsort(votes.song[shuffled], kind="stable")]
    song = votes.song[order]
    first = np.searchsorted(song, song)
    return order[np.arange(len(song)) - first < PEERS_PER_SONG]


def _codes(values: Codes) -> tuple[Codes, int]:
    """Return the values numbered from 0, and their number."""
    found, codes = np.unique(values, return_inverse=True)
    return codes, len(found)


def _bounded(right: Floats) -> Floats:
    return np.clip(right, 1 / GENRES, BEST)
