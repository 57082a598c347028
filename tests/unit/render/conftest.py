from collections.abc import Callable, Mapping

import pytest

from bot.values import Answer, AudioFeatures
from model.classifier import Prediction, Verdict
from model.schema import RADAR
from tests import factories

MakeAnswer = Callable[..., Answer]
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
