from hypothesis import given
from hypothesis import strategies as st

from bot.domain.filing import FiledUnder
from bot.texts.bars import EIGHTHS, FULL, WIDTH, bar, bar_lines, share_lines
from model.classifier import Prediction
from model.verdicts import Verdict
from tests.support import factories

SHARES = st.floats(0, 1)


def eighths(drawn: str) -> int:
    """Return the length of a bar in eighths of a character."""
    return sum(8 if one == FULL else EIGHTHS.index(one) for one in drawn.rstrip())


@given(SHARES, st.integers(1, 40))
def test_bar_has_the_width_asked_for_and_is_never_empty(share: float, width: int) -> None:
    drawn = bar(share, width)
    assert len(drawn) == width
    assert eighths(drawn) == max(1, round(share * width * 8))
    assert set(drawn.rstrip()[:-1]) <= {FULL}


@given(SHARES, SHARES)
def test_larger_share_never_has_the_shorter_bar(one: float, other: float) -> None:
    assert eighths(bar(min(one, other))) <= eighths(bar(max(one, other)))


def test_close_shares_differ() -> None:
    assert bar(0.44).rstrip() == "████▍"
    assert bar(0.41).rstrip() == "████▏"
    assert bar(1.0) == FULL * WIDTH
    assert bar(0.0) == "▏".ljust(WIDTH)


def test_lines_are_the_displayed_genres_and_mark_the_filed_ones() -> None:
    genres = {"rock": 0.995, "pop": 0.4, "folk": 0.2, "jazz": 0.1, "soul": 0.05, "latin": 0.001}
    answer = factories.answer(
        prediction=Prediction(genres, Verdict.PLAIN, ()),
        filed_under=FiledUnder(("latin", "k-pop"), "tables"),
    )
    lines = bar_lines(answer, width=20)
    assert [(line.genre, line.is_filed) for line in lines] == [
        *((genre, False) for genre in ("rock", "pop", "folk", "jazz", "soul")),
        ("latin", True),
    ]
    assert [line.percent for line in lines[::5]] == ["> 99 %", "< 1 %"]
    assert lines[1] == ("pop", "40 %", "█" * 8 + " " * 12, False)


@given(st.lists(SHARES, min_size=1, max_size=6))
def test_figures_of_all_lines_are_equally_long(shares: list[float]) -> None:
    lines = share_lines({str(number): share for number, share in enumerate(shares)})
    assert {len(line.figures) for line in lines} == {17}
    assert not any(line.is_filed for line in lines)
