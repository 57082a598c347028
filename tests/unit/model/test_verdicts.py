"""Verdicts and how many genres they are about."""

import pytest

from model.verdicts import Verdict, verdict_naming


@pytest.mark.parametrize("verdict", Verdict)
def test_verdict_is_known_by_the_number_of_its_genres(verdict: Verdict) -> None:
    assert verdict_naming(verdict.genres_named) is verdict


@pytest.mark.parametrize("genres", [0, 4, -1])
def test_no_verdict_is_about_other_numbers(genres: int) -> None:
    with pytest.raises(ValueError, match="no verdict"):
        verdict_naming(genres)
