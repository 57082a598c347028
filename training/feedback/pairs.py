"""Comparison of people in pairs: how often two agree, and who votes alike."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import sparse

from training.feedback.vote_table import GENRES, Codes, Flags, Floats, VoteTable

SERVER_PEOPLE: Final = 3.0
"""People of one server who count fully; with more, the number that counts grows with the root."""

ALIKE_OVERLAP: Final = 0.3
ALIKE_AGREEMENT: Final = 0.5
ALIKE_SONGS: Final = 5
"""Two people vote alike who share at least this share of the songs of each, more songs than by
chance, agree on this share of them, and share this number of songs. People of one taste do so, too;
beside one another all weigh the same."""

ALIKE_EXPONENT: Final = 1.0
"""n people who vote alike have the weight n^-1 each, so that they count as one."""

TOGETHER: Final = 0.35
"""Share of songs on which people of one party agree, at least. Two who are right in seven cases of
ten agree on half; people of two parties hardly ever do."""

LEAST_SIDE: Final = 0.05
"""Part of the largest entry of an eigenvector from which a person belongs to a party."""

PARTY_ROUNDS: Final = 100

PEERS_PER_SONG: Final = 100
"""People of a song who are compared with one another, to bound the number of pairs."""

Matrix = sparse.csr_array
"""float64 [voters, voters]."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """What the comparison of people says.

    Attributes:
        weight: Weight u_ij of each pair of people who share songs, [voters, voters].
        agreement: The weight times the share r_ij of songs on which they agree.
        alike: Number of people who vote like each person, themselves included, [voters].
    """

    weight: Any
    agreement: Any
    alike: Floats


def share_that_counts(people: Floats) -> Floats:
    """Return the share of a server's people that counts."""
    return np.sqrt(np.minimum(1, SERVER_PEOPLE / np.maximum(people, 1e-9)))


def weight_among_alike(alike: Floats) -> Floats:
    """Return the weight of people, by the number of people who vote like them."""
    return np.maximum(alike, 1) ** -ALIKE_EXPONENT


def compare(votes: VoteTable) -> Pairs:
    """Compare the people of each song with one another; songs of known genre are left out.

    Their list is public, so that anyone can agree on these.
    """
    order = np.argsort(_homes(votes), kind="stable")  # people of a server are neighbours
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    kept = _sample(votes)
    kept = kept[votes.truth[votes.song[kept]] < 0]
    person, song, cell = place[votes.voter[kept]], votes.song[kept], votes.cell[kept]
    fame = np.bincount(song) / max(len(song), 1)
    one = np.ones(len(kept))
    alike = _alike(*_products(person, song, cell, one, votes), float((fame**2).sum()))
    total, equal = _products(person, song, cell, votes.weight[kept], votes)
    total.setdiag(0)
    total.eliminate_zeros()
    weight = _weights(total, _homes(votes)[order], alike)
    ratio = total.copy()
    ratio.data = weight.data / total.data
    agreement = equal.multiply(ratio).tocsr()
    party = _smaller_party(weight, agreement).astype(np.float64)
    for values in (weight, agreement):
        row = np.repeat(party, np.diff(values.indptr))
        values.data *= 1 - row * party[values.indices]
    return Pairs(weight[place][:, place], agreement[place][:, place], alike[place])


def _smaller_party(weight: Any, agreement: Any) -> Flags:
    """Return who is in the smaller of two parties that disagree, bool [voters].

    The parties are the signs of the leading eigenvector of the agreement beyond `TOGETHER`, which
    power iteration finds. Of two of the same size neither is smaller.
    """
    beyond = agreement - TOGETHER * weight
    shift = float(abs(beyond).sum(axis=1).max(initial=0))  # makes the largest also the leading one
    side = np.ones(weight.shape[0])
    side += 1e-3 * np.random.default_rng(0).standard_normal(len(side))
    for _ in range(PARTY_ROUNDS):
        side = beyond @ side + shift * side
        side /= max(float(np.abs(side).max(initial=0)), 1e-9)
    first, second = side > LEAST_SIDE, side < -LEAST_SIDE
    if first.sum() == second.sum():
        return np.zeros(len(side), np.bool_)
    return second if first.sum() > second.sum() else first


def _products(
    person: Codes, song: Codes, cell: Codes, weight: Floats, votes: VoteTable
) -> tuple[Any, Any]:
    """Return the sum over the songs two people share, and over those on which they agree."""
    people, songs = votes.voters, votes.songs
    shared = Matrix((weight, (person, song)), (people, songs))
    same = Matrix((weight, (person, cell)), (people, songs * GENRES))
    total, equal = (shared @ shared.T).tocsr(), (same @ same.T).tocsr()
    total.sort_indices()
    return total, equal


def _alike(total: Any, equal: Any, chance: float) -> Floats:
    """Return the number of people who vote like each person, [voters].

    `chance` is the probability that two votes are for the same song.
    """
    own = total.diagonal()
    pairs = total.tocoo()
    row, other = pairs.row, pairs.col
    agreed = np.asarray(equal[row, other]).ravel()
    is_alike = (
        (pairs.data >= ALIKE_SONGS)
        & (pairs.data >= ALIKE_OVERLAP * np.maximum(own[row], own[other]))
        & (pairs.data > (chance + 1e-9) * own[row] * own[other])
        & (agreed >= ALIKE_AGREEMENT * pairs.data)
        & (row != other)
    )
    return np.bincount(row[is_alike], minlength=len(own)).astype(np.float64) + 1


def _weights(total: Any, server: Codes, alike: Floats) -> Any:
    """Return u_ij; `server` is that of each person, ascending, and `total` has sorted indices."""
    found = total.copy()
    if not found.nnz:
        return found
    found.data = np.minimum(total.data, 1) * weight_among_alike(alike)[found.indices]
    people = found.shape[0]
    row = np.repeat(np.arange(people), np.diff(found.indptr))
    block = row * (server.max() + 1) + server[found.indices]
    starts = np.flatnonzero(np.diff(block, prepend=-1))
    sums = np.add.reduceat(found.data, starts)
    before = np.bincount(row, found.data, people)
    found.data *= np.repeat(share_that_counts(sums), np.diff(starts, append=len(block)))
    after = np.bincount(row, found.data, people)
    found.data *= (before / np.maximum(after, 1e-9))[row]  # proportions change, not the sum
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
