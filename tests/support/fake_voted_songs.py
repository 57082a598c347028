"""Fake of the songs that people voted on."""

from collections import Counter
from collections.abc import Sequence

from bot.domain.model_comparison import VotedSong
from bot.platforms.web.ids import PUBLIC_PLACE
from model.schema import MINIMUM_CORE, YEAR, count_core
from tests.support.fake_stores import FakePredictionStore, FakeVoteStore


class FakeVotedSongs:
    """Implements VotedSongs on the other fakes."""

    def __init__(self, predictions: FakePredictionStore, votes: FakeVoteStore) -> None:
        self.predictions = predictions
        self.votes = votes

    async def all(self, *, public: bool) -> Sequence[VotedSong]:
        counts: dict[str, Counter[str]] = {}
        for vote in self.votes.counting():
            if public or self.predictions.places[vote.card_id] != PUBLIC_PLACE:
                counts.setdefault(self.predictions.key(vote.card_id), Counter())[vote.genre] += 1
        found = [self._song(track, votes) for track, votes in counts.items()]
        return sorted((one for one in found if one), key=lambda one: one.song)

    def _song(self, track_key: str, votes: Counter[str]) -> VotedSong | None:
        answers = [
            card.answer
            for card in self.predictions.cards.values()
            if card.answer.subject.key == track_key
        ]
        measured = next((one for one in answers[::-1] if one.features.values), None)
        track = answers[-1].subject
        if track.sound_id or not measured or count_core(measured.features.values) < MINIMUM_CORE:
            return None
        year = {YEAR.name: float(track.year)} if track.year else {}
        name = f"{track.title} — {', '.join(track.artists)}" if track.title else track_key
        return VotedSong(name, dict(votes.most_common()), {**measured.features.values, **year})
