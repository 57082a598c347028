"""In-memory statistics store; the contract tests run against it and the database."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from statistics import fmean

from bot.domain.cards import Answer
from bot.domain.filing import Agreement
from bot.domain.places import Place
from bot.domain.statistics import MAX_DISPUTED, MIN_VOTERS, DisputedSong, WorkspaceStats
from model.schema import NAMES
from tests.support.fake_stores import FakePredictionStore, FakeVoteStore, count_descending


class FakeStatsStore:
    """Implements StatsStore on the other fakes."""

    def __init__(self, predictions: FakePredictionStore, votes: FakeVoteStore) -> None:
        self.predictions = predictions
        self.votes = votes

    async def of(self, place: Place) -> WorkspaceStats:
        workspace = replace(place, channel="")
        cards = {
            card_id: card.answer
            for card_id, card in self.predictions.cards.items()
            if replace(self.predictions.places[card_id], channel="") == workspace
        }
        newest = {answer.subject.key: answer for answer in cards.values()}.values()
        pairs = count_descending(
            (cards[vote.card_id].prediction.best, vote.genre)
            for vote in self.votes.counting()
            if vote.card_id in cards
        )
        values = {
            name: [
                answer.features.values[name] for answer in newest if name in answer.features.values
            ]
            for name in NAMES
        }
        return WorkspaceStats(
            answers=len(cards),
            tracks=len(newest),
            votes=sum(pairs.values()),
            agreed=sum(count for (predicted, voted), count in pairs.items() if predicted == voted),
            confused=tuple((*pair, count) for pair, count in pairs.items() if len(set(pair)) > 1)[
                :5
            ],
            genres=count_descending(answer.prediction.best for answer in newest),
            features={name: fmean(known) for name, known in values.items() if known},
            filed=count_descending(a.agreement for a in newest if a.filed_under),
            apart=tuple((*pair, count) for pair, count in _apart(newest).items())[:5],
            disputed=self._disputed(cards),
        )

    def _disputed(self, cards: Mapping[int, Answer]) -> tuple[DisputedSong, ...]:
        votes: dict[str, list[str]] = {}
        for vote in self.votes.counting():
            if vote.card_id in cards:
                votes.setdefault(cards[vote.card_id].subject.key, []).append(vote.genre)
        newest = {answer.subject.key: answer.subject for answer in cards.values()}
        songs = {
            key: DisputedSong(newest[key], count_descending(genres))
            for key, genres in votes.items()
            if len(set(genres)) > 1 and len(genres) >= MIN_VOTERS and not key.startswith("sound:")
        }

        def order(key: str) -> tuple[float, int, str]:
            counts, total = songs[key].votes.values(), len(votes[key])
            return max(counts) / total, -total, key

        return tuple(songs[key] for key in sorted(songs, key=order)[:MAX_DISPUTED])


def _apart(answers: Iterable[Answer]) -> dict[tuple[str, str], int]:
    """Count the pairs of strongest filed and predicted genre that disagree."""
    return count_descending(
        (answer.filed_under.genres[0], answer.prediction.best)
        for answer in answers
        if answer.filed_under and answer.agreement is Agreement.DISAGREES
    )
