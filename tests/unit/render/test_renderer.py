import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping

import pytest

from bot.domain.cards import Answer, Theme
from bot.domain.statistics import WorkspaceStats
from bot.render import stats
from bot.render.chart import draw
from bot.render.renderer import ThreadRenderer

MakeAnswer = Callable[..., Answer]
MakeStats = Callable[..., WorkspaceStats]
TYPICAL = {"energy": 0.5}
PATIENCE = 10
"""Seconds until a test that hangs is called failed."""


class Easel:
    """Stands in for drawing: keeps each picture until it is let go, and counts."""

    def __init__(self) -> None:
        self.may_finish = threading.Semaphore(0)
        self.begun = threading.Semaphore(0)
        self.drawn: list[Theme] = []
        self.at_once = 0
        self.most_at_once = 0
        self.fails = False

    def draw(self, answer: Answer, theme: Theme) -> bytes:
        return self._draw(answer.subject.spotify_id or "", theme)

    def draw_stats(
        self, stats: WorkspaceStats, typical: Mapping[str, float], theme: Theme
    ) -> bytes:
        del typical
        return self._draw(f"{stats.tracks} tracks", theme)

    def _draw(self, name: str, theme: Theme) -> bytes:
        self.drawn.append(theme)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.begun.release()
        assert self.may_finish.acquire(timeout=PATIENCE)
        self.at_once -= 1
        if self.fails:
            raise OSError("no font")
        return f"{name} {theme}".encode()

    async def has_begun(self) -> None:
        """Wait for the worker without holding the loop."""
        assert await asyncio.to_thread(self.begun.acquire, timeout=PATIENCE)

    def let_go(self, charts: int) -> None:
        self.may_finish.release(charts)


@pytest.fixture
def easel() -> Easel:
    return Easel()


@pytest.fixture
def renderer(easel: Easel) -> Iterator[ThreadRenderer]:
    with ThreadRenderer(easel.draw, easel.draw_stats) as renderer:
        yield renderer
        easel.let_go(100)


async def test_it_draws_the_chart(make_answer: MakeAnswer) -> None:
    with ThreadRenderer() as renderer:
        assert await renderer.chart(make_answer(), Theme.LIGHT) == draw(make_answer(), Theme.LIGHT)


async def test_the_loop_goes_on_while_a_chart_is_drawn(
    renderer: ThreadRenderer, easel: Easel, make_answer: MakeAnswer
) -> None:
    chart = asyncio.create_task(renderer.chart(make_answer(), Theme.DARK))
    await easel.has_begun()
    for _ in range(100):
        await asyncio.sleep(0)
    assert not chart.done()
    easel.let_go(1)
    assert await chart


async def test_the_same_chart_is_not_drawn_twice_at_the_same_time(
    renderer: ThreadRenderer, easel: Easel, make_answer: MakeAnswer
) -> None:
    easel.let_go(2)
    first, second = await asyncio.gather(
        renderer.chart(make_answer(), Theme.DARK), renderer.chart(make_answer(), Theme.DARK)
    )
    assert first == second
    assert len(easel.drawn) == 1
    await renderer.chart(make_answer(), Theme.DARK)
    assert len(easel.drawn) == 2, "a finished chart is not kept"


async def test_other_themes_and_other_answers_are_other_charts(
    renderer: ThreadRenderer, easel: Easel, make_answer: MakeAnswer
) -> None:
    easel.let_go(3)
    await asyncio.gather(
        renderer.chart(make_answer(), Theme.DARK),
        renderer.chart(make_answer(), Theme.LIGHT),
        renderer.chart(make_answer(features={"energy": 0.1}), Theme.DARK),
    )
    assert len(easel.drawn) == 3


async def test_it_draws_a_workspace(make_stats: MakeStats) -> None:
    with ThreadRenderer() as renderer:
        drawn = await renderer.stats(make_stats(), TYPICAL, Theme.LIGHT)
    assert drawn == stats.draw(make_stats(), TYPICAL, Theme.LIGHT)


async def test_the_same_workspace_is_not_drawn_twice_at_the_same_time(
    renderer: ThreadRenderer, easel: Easel, make_stats: MakeStats
) -> None:
    easel.let_go(3)
    same, again, other, before = await asyncio.gather(
        renderer.stats(make_stats(), TYPICAL, Theme.DARK),
        renderer.stats(make_stats(), TYPICAL, Theme.DARK),
        renderer.stats(make_stats({"jazz": 2}), TYPICAL, Theme.DARK),
        renderer.stats(make_stats(), {"energy": 0.6}, Theme.DARK),
    )
    assert same == again == before == b"10 tracks dark"
    assert other == b"2 tracks dark"
    assert len(easel.drawn) == 3


async def test_a_workspace_waits_for_the_chart_that_is_drawn(
    renderer: ThreadRenderer, easel: Easel, make_answer: MakeAnswer, make_stats: MakeStats
) -> None:
    chart = asyncio.create_task(renderer.chart(make_answer(), Theme.DARK))
    await easel.has_begun()
    workspace = asyncio.create_task(renderer.stats(make_stats(), TYPICAL, Theme.DARK))
    easel.let_go(2)
    await asyncio.gather(chart, workspace)
    assert easel.most_at_once == 1


async def test_one_chart_is_drawn_at_a_time(
    renderer: ThreadRenderer, easel: Easel, make_answer: MakeAnswer
) -> None:
    charts = [
        asyncio.create_task(renderer.chart(make_answer(features={"energy": x / 10}), Theme.DARK))
        for x in range(8)
    ]
    for _ in charts:
        await easel.has_begun()
        easel.let_go(1)
    await asyncio.gather(*charts)
    assert easel.most_at_once == 1


async def test_one_who_gives_up_waiting_does_not_take_the_chart_from_the_others(
    renderer: ThreadRenderer, easel: Easel, make_answer: MakeAnswer
) -> None:
    impatient, patient = [
        asyncio.create_task(renderer.chart(make_answer(), Theme.DARK)) for _ in range(2)
    ]
    await easel.has_begun()
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    easel.let_go(1)
    assert await patient
    assert len(easel.drawn) == 1


async def test_a_chart_that_failed_is_tried_anew_the_next_time(
    renderer: ThreadRenderer, easel: Easel, make_answer: MakeAnswer
) -> None:
    easel.let_go(2)
    easel.fails = True
    with pytest.raises(OSError, match="no font"):
        await renderer.chart(make_answer(), Theme.DARK)
    easel.fails = False
    assert await renderer.chart(make_answer(), Theme.DARK)


async def test_leaving_drops_the_charts_that_still_wait(
    easel: Easel, make_answer: MakeAnswer
) -> None:
    with ThreadRenderer(easel.draw, easel.draw_stats) as renderer:
        charts = [asyncio.create_task(renderer.chart(make_answer(), theme)) for theme in Theme]
        await easel.has_begun()
        easel.let_go(1)
    results = await asyncio.gather(*charts, return_exceptions=True)
    assert [isinstance(result, bytes) for result in results] == [True, False]
    assert len(easel.drawn) == 1
