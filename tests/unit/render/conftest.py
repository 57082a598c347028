from collections.abc import Callable, Mapping

import pytest

from bot.values import Answer, AudioFeatures, Stats
from model.classifier import Prediction, Verdict
from model.schema import RADAR
from tests import factories

MakeAnswer = Callable[..., Answer]
MakeStats = Callable[..., Stats]
GENRES = factories.prediction("folk").genres


@pytest.fixture
def values() -> dict[str, float]:
    """A song of which everything is known."""
    return {name: (rank + 1) / 10 for rank, name in enumerate(RADAR)} | {"tempo": 136.0}


@pytest.fixture
def make_answer(values: dict[str, float]) -> MakeAnswer:
    def make(
        genres: Mapping[str, float] | None = None,
        verdict: Verdict = Verdict.CLEAR,
        features: Mapping[str, float] | None = None,
    ) -> Answer:
        return factories.answer(
            features=AudioFeatures(values if features is None else features, "sample"),
            prediction=Prediction(genres or GENRES, verdict, ()),
        )

    return make


@pytest.fixture
def make_stats(values: dict[str, float]) -> MakeStats:
    def make(
        genres: Mapping[str, int] | None = None,
        *,
        answers: int = 12,
        votes: int = 15,
        agreed: int = 12,
        features: Mapping[str, float] | None = None,
    ) -> Stats:
        found = {"folk": 6, "jazz": 3, "rock": 1} if genres is None else genres
        means = values if features is None else features
        return Stats(answers, sum(found.values()), votes, agreed, (), found, means)

    return make
