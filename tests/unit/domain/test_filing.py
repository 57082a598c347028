"""Where the world files a track, and how the sound agrees."""

import pytest

from bot.domain.cards import MAX_BARS, displayed_genres
from bot.domain.filing import Agreement, FiledUnder, GenreTags, Tag, agreement, file
from model.classifier import Prediction
from model.genres import WIDE
from model.tag_taxonomy import load_taxonomy
from model.verdicts import Verdict
from tests.support.factories import answer

FALLING = {genre: 0.5 / 2**rank for rank, genre in enumerate(WIDE)}


@pytest.mark.parametrize(
    ("filed", "named", "expected"),
    [
        (("rock",), ("rock",), Agreement.AGREES),
        (("rock",), ("rock", "metal"), Agreement.AGREES),
        (("metal", "rock"), ("rock", "metal"), Agreement.AGREES),
        (("metal",), ("rock", "metal"), Agreement.PARTLY),
        (("country", "hip-hop"), ("hip-hop",), Agreement.PARTLY),
        (("country",), ("hip-hop",), Agreement.DISAGREES),
        (("country",), ("hip-hop", "pop", "r&b"), Agreement.DISAGREES),
        (None, ("rock",), Agreement.UNKNOWN),
    ],
)
def test_agreement(
    filed: tuple[str, ...] | None, named: tuple[str, ...], expected: Agreement
) -> None:
    under = FiledUnder(filed, "tables") if filed else None
    assert agreement(under, named) is expected


def test_tags_are_filed_with_their_source() -> None:
    tags = GenreTags((Tag("country rap", 0.6), Tag("seen live", 0.4)), "lastfm")
    filed = file(tags, load_taxonomy())
    assert filed
    assert (set(filed.genres), filed.source) == ({"country", "hip-hop"}, "lastfm")


def test_tags_without_a_genre_are_not_filed() -> None:
    assert file(GenreTags((Tag("romanian duo", 1),), "musicbrainz"), load_taxonomy()) is None


def test_the_most_probable_genres_have_a_bar_in_descending_order() -> None:
    assert displayed_genres(answer(prediction=Prediction(FALLING, Verdict.PLAIN, ()))) == {
        genre: FALLING[genre] for genre in WIDE[:MAX_BARS]
    }


@pytest.mark.parametrize("limit", [1, 3, 5])
def test_a_filed_genre_has_a_bar_however_improbable(limit: int) -> None:
    least, best = WIDE[-1], WIDE[0]
    found = answer(
        prediction=Prediction(FALLING, Verdict.PLAIN, ()),
        filed_under=FiledUnder((least, best), "tables"),
    )
    assert list(displayed_genres(found, limit)) == [*WIDE[:limit], least]


def test_a_filed_genre_that_the_model_lacks_has_no_bar() -> None:
    genres = {"rock": 0.6, "hip-hop": 0.4}
    found = answer(
        prediction=Prediction(genres, Verdict.PLAIN, ()),
        filed_under=FiledUnder(("jazz",), "tables"),
    )
    assert displayed_genres(found) == genres
