from collections.abc import Callable, Mapping

import pytest

from bot.domain.cards import Answer
from bot.domain.filing import FiledUnder
from bot.domain.statistics import WorkspaceStats
from bot.domain.tracks import AudioFeatures
from model.classifier import Prediction
from model.schema import RADAR
from model.verdicts import Verdict
from tests.support import factories

MakeAnswer = Callable[..., Answer]
MakeStats = Callable[..., WorkspaceStats]
GENRES = factories.prediction("folk").genres


@pytest.fixture
def values() -> dict[str, float]:
    """Values of every feature in the charts."""
    return {name: (rank + 1) / 10 for rank, name in enumerate(RADAR)} | {"tempo": 136.0}


@pytest.fixture
def make_answer(values: dict[str, float]) -> MakeAnswer:
    def make(
        genres: Mapping[str, float] | None = None,
        verdict: Verdict = Verdict.PLAIN,
        features: Mapping[str, float] | None = None,
        filed: tuple[str, ...] = (),
    ) -> Answer:
        return factories.answer(
            features=AudioFeatures.from_source(values if features is None else features, "sample"),
            prediction=Prediction(genres or GENRES, verdict, ()),
            filed_under=FiledUnder(filed, "tables") if filed else None,
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
    ) -> WorkspaceStats:
        counts = {"folk": 6, "jazz": 3, "rock": 1} if genres is None else genres
        means = values if features is None else features
        return WorkspaceStats(answers, sum(counts.values()), votes, agreed, (), counts, means)

    return make
