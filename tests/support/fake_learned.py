"""In-memory store of what voters were informed of; contract tests run against it."""

from collections.abc import Sequence

from bot.domain.cards import ModelRef
from bot.domain.corrections import Correction
from tests.support.fake_stores import FakeVoteStore


class FakeLearnedStore:
    """Implements LearnedStore on the votes; counts in `asked` how often it looked up."""

    def __init__(self, votes: FakeVoteStore) -> None:
        self.votes = votes
        self.asked = 0

    async def corrections(self, user: str, model: ModelRef, limit: int) -> Sequence[Correction]:
        self.asked += 1
        found = []
        for (voter, track), ballot in self.votes.ballots.items():
            if voter != user or not ballot.selections or (user, track) in self.votes.noticed:
                continue
            vote = ballot.selections[-1]
            card = self.votes.predictions.cards[vote.card_id]
            ref = card.answer.model
            if ref.name == model.name and ref.version != model.version:
                found.append(Correction(card, vote.genre))
        corrections = [one for one in found if one.genre != one.card.answer.prediction.best]
        return corrections[::-1][:limit]

    async def note(self, user: str, track_key: str) -> bool:
        key = user, track_key
        ballot = self.votes.ballots.get(key)
        if key in self.votes.noticed or not ballot or not ballot.selections:
            return False
        self.votes.noticed.add(key)
        return True
