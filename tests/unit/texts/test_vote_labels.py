"""Buttons under a card: which genres they name, and what they say of them."""

import pytest

from bot import texts
from bot.domain.cards import offered_genres
from bot.domain.filing import FiledUnder
from model.classifier import Prediction
from model.verdicts import Verdict
from tests.support import factories

SPREAD = {"r&b": 0.44, "pop": 0.2, "rock": 0.15, "folk": 0.11, "jazz": 0.1}


@pytest.mark.parametrize(
    ("filed", "offered"),
    [
        (None, ("r&b", "pop", "rock")),
        (("rock",), ("r&b", "pop", "rock")),
        (("folk",), ("r&b", "pop", "folk")),
        (("metal",), ("r&b", "pop", "metal")),  # the model need not know it
        (("metal", "jazz"), ("r&b", "jazz", "metal")),
        (("jazz", "r&b", "folk", "rock"), ("r&b", "folk", "jazz")),
    ],
)
def test_the_genre_of_the_filing_is_among_those_offered(
    filed: tuple[str, ...] | None, offered: tuple[str, ...]
) -> None:
    answer = factories.answer(
        prediction=Prediction(SPREAD, Verdict.EITHER, ()),
        filed_under=FiledUnder(filed, "lastfm") if filed else None,
    )

    assert offered_genres(answer) == offered
    assert tuple(texts.vote_labels(answer)) == offered


@pytest.mark.parametrize(
    ("genres", "verdict", "first"),
    [
        (SPREAD, Verdict.PLAIN, texts.right_label("r&b")),
        (SPREAD, Verdict.EITHER, texts.right_label("r&b")),
        ({"rock": 0.4, "pop": 0.35, "folk": 0.25}, Verdict.EITHER, "rock"),
        (SPREAD, Verdict.UNSURE, "r&b"),
        ({"rock": 1.0}, Verdict.EITHER, texts.right_label("rock")),
    ],
)
def test_nothing_is_right_where_the_verdict_puts_no_genre_first(
    genres: dict[str, float], verdict: Verdict, first: str
) -> None:
    answer = factories.answer(prediction=Prediction(genres, verdict, ()))

    labels = list(texts.vote_labels(answer).values())

    assert labels == [first, *list(genres)[1:3]]
