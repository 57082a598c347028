import pytest

from bot.domain.tempo import is_half_or_double, other_tempo


@pytest.mark.parametrize(
    ("tempo", "expected"),
    [(71.0, 142.0), (76.9, 153.8), (77.0, None), (136.0, None), (175.0, None), (180.0, 90.0)],
)
def test_an_unusual_tempo_may_be_meant_as_the_double_or_half(
    tempo: float, expected: float | None
) -> None:
    assert other_tempo(tempo) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize("others", [[140.4], [70.1], [141.0, 71.0]])
def test_another_sources_half_or_double_is_a_doubt(others: list[float]) -> None:
    halves = [other for other in others if other < 100]
    assert other_tempo(140.0, others) == (halves[0] if halves else None)


def test_another_sources_tempo_is_preferred_to_the_computed_one() -> None:
    assert other_tempo(71.0, [143.0]) == 143.0
    assert other_tempo(71.0, [90.0]) == 142.0


def test_tempo_of_zero_is_no_doubt() -> None:
    assert other_tempo(0.0, [0.0, 120.0]) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [(70, 140, "yes"), (140, 70, "yes"), (70, 143, "yes"), (70, 150, "no"), (0, 0, "no")],
)
def test_half_or_double_within_the_tolerance(one: float, other: float, expected: str) -> None:
    assert is_half_or_double(one, other) is (expected == "yes")
