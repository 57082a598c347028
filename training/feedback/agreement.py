"""Which genre people agree on for a track, and the weight of this label in training.

1. Each person has one vote for a track, the newest. "Wrong" without a genre is no vote.
2. Of a person count at most `VOTES_PER_DAY` votes of a day and `VOTES_PER_PERSON` in all, of a
   server at most `SERVER_VOTES_PER_DAY` votes of a day; the earliest of a day, the newest in all.
3. `training.feedback.reliability` estimates each person's share p of right votes for the genre,
   from the agreement with others; votes on songs of known genre can lower it. A vote is evidence of
   log(2 p / (1 - p)), at least 0, half of it for the genre that the card showed. People who vote on
   the same songs as one another count as one, and of a server's votes for a track beyond three
   people the square root counts.
4. A track's label is the genre with most evidence E, if at least `least_voters` people voted for it
   whose p is at least `TRUSTED`, and E is at least the share `MARGIN` of the evidence for all
   genres.
5. Its weight is that share times E in units of the evidence of one new person, limited to
   `MAX_WEIGHT`: the vote of a new person that no other contests weighs as much as a row of a table.

Songs of known genre are held out of training and get no label.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.feedback import LEAST_VOTERS, MARGIN
from model.genres import WIDE
from training.feedback import reliability
from training.feedback.gold import GoldSongs, load_gold_songs
from training.feedback.reliability import ONE_VOTE, Reliability
from training.feedback.vote_table import Codes, Floats, VoteTable
from training.feedback.votes import AgreedLabel, Agreement, CastVote

MAX_WEIGHT: Final = 5.0
"""Largest weight, so that no song outweighs an artist's rows in the tables."""

ANCHORED: Final = 0.5
"""Weight of a vote for the genre that the card showed: people tend to agree with what they read."""

TRUSTED: Final = 0.5
"""Share of right votes for a genre from which a person is one of `least_voters`: more often right
than wrong."""

VOTES_PER_DAY: Final = 200
"""Votes of a person on one day: a song every two minutes for seven hours."""

VOTES_PER_PERSON: Final = 2000
"""Votes of a person in all: a twenty-fifth of 50,000."""

SERVER_VOTES_PER_DAY: Final = 5000
"""Votes of a server or workspace on one day: twenty-five people who vote as often as they can."""

PRIVATE: Final = "private-"
"""How the workspace of a private chat begins; all of a platform count as one server, since one
person can open many."""

INDEX: Final = {genre: index for index, genre in enumerate(WIDE)}


def agree(
    votes: Iterable[CastVote],
    gold: GoldSongs | None = None,
    least_voters: int = LEAST_VOTERS,
) -> Agreement:
    """Return the labels that people agree on.

    Args:
        votes: Votes in any order; of a person and track the newest counts.
        gold: Songs of known genre; by default the bot's embedded songs.
        least_voters: Number of people who must agree.
    """
    gold = load_gold_songs() if gold is None else gold
    counted, votes_left_out = _counted(votes)
    if not counted:
        return Agreement((), {}, {}, votes_left_out)
    table, tracks, voters = _table(counted, gold)
    people = reliability.estimate(table)
    newest = {vote.track: vote for vote in counted}
    named = {vote.track: vote for vote in counted if vote.title}
    labels: list[AgreedLabel] = []
    left_out = Counter[str]()
    decision = _decide(table, people)
    for index, track in enumerate(tracks):
        vote = named.get(track, newest[track])
        if gold.contains(track, vote.title, vote.artists):
            left_out["they are held-out songs"] += 1
        elif decision.people[index] < least_voters:
            left_out["too few people agree"] += 1
        elif decision.share[index] < MARGIN:
            left_out["people disagree"] += 1
        else:
            labels.append(
                AgreedLabel(
                    track=track,
                    title=vote.title,
                    artists=vote.artists,
                    genre=WIDE[decision.genre[index]],
                    weight=float(decision.weight[index]),
                    voters=int(decision.people[index]),
                    features=newest[track].features,
                )
            )
    shares = dict(zip(voters, people.right.tolist(), strict=True))
    return Agreement(tuple(labels), dict(sorted(left_out.items())), shares, votes_left_out)


@dataclass(frozen=True, slots=True)
class _Decision:
    """The best genre of each song, [songs] each: its share of evidence, people and weight."""

    genre: Codes
    share: Floats
    people: Codes
    weight: Floats


def _decide(table: VoteTable, estimated: Reliability) -> _Decision:
    found = reliability.evidence_by_genre(table, estimated)
    trusted = estimated.of_vote >= TRUSTED
    people = np.bincount(table.cell, trusted, found.size).reshape(found.shape).astype(np.intp)
    best = found.argmax(axis=1)  # of two that are equal neither reaches the margin
    rows = np.arange(len(found))
    share = found[rows, best] / np.maximum(found.sum(axis=1), 1e-9)
    weight = np.minimum(share * found[rows, best] / ONE_VOTE, MAX_WEIGHT)
    return _Decision(best, share, people[rows, best], weight)


def _counted(votes: Iterable[CastVote]) -> tuple[list[CastVote], dict[str, int]]:
    """Return the votes that count, ordered by time, and the number of others by reason."""
    ordered = sorted(votes, key=_order)
    newest = {(vote.voter, vote.track): vote for vote in ordered}
    kept = sorted(newest.values(), key=_order)
    left_out = Counter({"a newer vote of the person counts": len(ordered) - len(kept)})
    of_day, of_server = Counter[object](), Counter[object]()
    within_day: list[CastVote] = []
    for vote in kept:
        day = vote.at.date()
        person, server = (vote.voter, day), (*_server(vote), day)
        if of_day[person] >= VOTES_PER_DAY:
            left_out["the person voted too often on that day"] += 1
        elif of_server[server] >= SERVER_VOTES_PER_DAY:
            left_out["the server voted too often on that day"] += 1
        else:
            of_day[person] += 1
            of_server[server] += 1
            within_day.append(vote)
    of_person = Counter[str]()
    counted: list[CastVote] = []
    for vote in reversed(within_day):
        if of_person[vote.voter] < VOTES_PER_PERSON:
            of_person[vote.voter] += 1
            counted.append(vote)
    left_out["the person voted too often in all"] = len(within_day) - len(counted)
    return counted[::-1], {reason: count for reason, count in sorted(left_out.items()) if count}


def _order(vote: CastVote) -> tuple[object, ...]:
    """Return a key by which votes are ordered by time, and always alike."""
    place = (vote.platform, vote.workspace)
    return vote.at, vote.track, vote.voter, vote.genre, vote.shown, place


def _server(vote: CastVote) -> tuple[str, str]:
    """Return the server in which a vote was cast."""
    is_private = vote.workspace.startswith(PRIVATE)
    return vote.platform, PRIVATE if is_private else vote.workspace


def _table(
    votes: Sequence[CastVote], gold: GoldSongs
) -> tuple[VoteTable, Sequence[str], Sequence[str]]:
    """Return the votes as arrays, with the tracks and voters by their index."""
    tracks = sorted({vote.track for vote in votes})
    voters = sorted({vote.voter for vote in votes})
    servers = sorted({_server(vote) for vote in votes})
    song = {track: index for index, track in enumerate(tracks)}
    person = {voter: index for index, voter in enumerate(voters)}
    server = {name: index for index, name in enumerate(servers)}
    truth = np.full(len(tracks), -1, np.intp)
    for vote in votes:
        known = gold.genre(vote.track, vote.title, vote.artists)
        if known:
            truth[song[vote.track]] = INDEX[known]
    table = VoteTable(
        voter=np.array([person[vote.voter] for vote in votes], np.intp),
        song=np.array([song[vote.track] for vote in votes], np.intp),
        genre=np.array([INDEX[vote.genre] for vote in votes], np.intp),
        server=np.array([server[_server(vote)] for vote in votes], np.intp),
        weight=np.array([ANCHORED if vote.genre == vote.shown else 1.0 for vote in votes]),
        truth=truth,
    )
    return table, tracks, voters
