from collections.abc import Mapping

import pytest

from model.schema import CORE
from training.study.findings import Finding, findings

GENRES = ("rock", "hip-hop", "electronic")
OVERLAPS = {
    ("rock", "hip-hop"): 0.2,
    ("rock", "electronic"): 0.5,
    ("hip-hop", "electronic"): 0.3,
}


def findings_by_claim(
    means: Mapping[tuple[str, str], float] | None = None,
    overlaps: Mapping[tuple[str, str], float] = OVERLAPS,
    genres: tuple[str, ...] = GENRES,
) -> dict[str, Finding]:
    """Return findings by claim; means are 0 except those given, standard deviations are 1."""
    plain = {(feature, genre): 0.0 for feature in CORE for genre in genres}
    deviations = dict.fromkeys(plain, 1.0)
    return {
        finding.claim: finding
        for finding in findings(genres, plain | dict(means or {}), deviations, overlaps)
    }


def test_six_findings_are_tested() -> None:
    assert len(findings_by_claim()) == 6


@pytest.mark.parametrize(
    ("gap", "verdict"),
    [
        pytest.param(0.49, "confirmed", id="all three vary less than half a deviation"),
        pytest.param(0.5, "partly confirmed", id="tempo varies by half a deviation"),
    ],
)
def test_variation_is_little_below_half_a_standard_deviation(gap: float, verdict: str) -> None:
    found = findings_by_claim({("tempo", "rock"): gap})

    assert found["Tempo, liveness and energy vary little from genre to genre."].verdict == verdict


@pytest.mark.parametrize(
    ("means", "verdict"),
    [
        pytest.param({("acousticness", "rock"): 0.2}, "confirmed", id="leads by enough"),
        pytest.param({("acousticness", "rock"): 0.19}, "contradicted", id="leads by too little"),
        pytest.param(
            {("acousticness", "rock"): 0.9, ("acousticness", "hip-hop"): 1.0},
            "contradicted",
            id="is second",
        ),
    ],
)
def test_genre_stands_out_with_a_lead_of_a_fifth_of_a_standard_deviation(
    means: Mapping[tuple[str, str], float], verdict: str
) -> None:
    assert findings_by_claim(means)["Rock stands out by acousticness."].verdict == verdict


def test_finding_with_some_contradicted_features_is_partly_confirmed() -> None:
    found = findings_by_claim({("speechiness", "hip-hop"): 1.0, ("valence", "rock"): 1.0})[
        "Hip-hop stands out by speechiness, danceability and valence."
    ]

    assert found.verdict == "partly confirmed"
    assert [one.holds for one in found.evidence] == [True, False, False]


def test_evidence_states_its_figures() -> None:
    (evidence,) = findings_by_claim(
        {("acousticness", "rock"): 0.36, ("acousticness", "electronic"): 0.13}
    )["Rock stands out by acousticness."].evidence

    assert evidence.words == "acousticness: 0.36, 0.23 standard deviations above electronic (0.13)"
    assert evidence.figure == 0.23


def test_overlap_is_compared_with_the_other_genres() -> None:
    found = findings_by_claim()

    assert found["Hip-hop overlaps least with the others."].verdict == "confirmed"
    assert found["Electronic and rock overlap a lot."].verdict == "confirmed"

    found = findings_by_claim(
        overlaps={
            ("rock", "hip-hop"): 0.5,
            ("rock", "electronic"): 0.2,
            ("hip-hop", "electronic"): 0.3,
        }
    )

    assert found["Hip-hop overlaps least with the others."].verdict == "contradicted"
    assert found["Electronic and rock overlap a lot."].verdict == "contradicted"


def test_findings_about_missing_genres_are_not_tested() -> None:
    found = findings_by_claim(genres=("rock", "hip-hop"), overlaps={("rock", "hip-hop"): 0.2})

    assert "Electronic stands out by instrumentalness." not in found
    assert "Electronic and rock overlap a lot." not in found
    assert len(found) == 4
