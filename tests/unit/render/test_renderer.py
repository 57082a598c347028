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
TIMEOUT = 10
"""Seconds until a hanging test fails."""


class BlockingDraw:
    """Fake drawing functions that block until they are released, and count calls."""

    def __init__(self) -> None:
        self.may_finish = threading.Semaphore(0)
        self.started = threading.Semaphore(0)
        self.drawn: list[Theme] = []
        self.concurrent = 0
        self.max_concurrent = 0
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
        self.concurrent += 1
        self.max_concurrent = max(self.max_concurrent, self.concurrent)
        self.started.release()
        assert self.may_finish.acquire(timeout=TIMEOUT)
        self.concurrent -= 1
        if self.fails:
            raise OSError("no font")
        return f"{name} {theme}".encode()

    async def wait_until_started(self) -> None:
        """Wait for the worker without blocking the event loop."""
        assert await asyncio.to_thread(self.started.acquire, timeout=TIMEOUT)

    def release(self, charts: int) -> None:
        self.may_finish.release(charts)


@pytest.fixture
def drawing() -> BlockingDraw:
    return BlockingDraw()


@pytest.fixture
def renderer(drawing: BlockingDraw) -> Iterator[ThreadRenderer]:
    with ThreadRenderer(drawing.draw, drawing.draw_stats) as renderer:
        yield renderer
        drawing.release(100)


async def test_renderer_draws_the_chart_of_an_answer(make_answer: MakeAnswer) -> None:
    with ThreadRenderer() as renderer:
        assert await renderer.chart(make_answer(), Theme.LIGHT) == draw(make_answer(), Theme.LIGHT)


async def test_event_loop_is_free_during_drawing(
    renderer: ThreadRenderer, drawing: BlockingDraw, make_answer: MakeAnswer
) -> None:
    chart = asyncio.create_task(renderer.chart(make_answer(), Theme.DARK))
    await drawing.wait_until_started()
    for _ in range(100):
        await asyncio.sleep(0)
    assert not chart.done()
    drawing.release(1)
    assert await chart


async def test_concurrent_requests_for_one_chart_share_a_drawing(
    renderer: ThreadRenderer, drawing: BlockingDraw, make_answer: MakeAnswer
) -> None:
    drawing.release(2)
    first, second = await asyncio.gather(
        renderer.chart(make_answer(), Theme.DARK), renderer.chart(make_answer(), Theme.DARK)
    )
    assert first == second
    assert len(drawing.drawn) == 1
    await renderer.chart(make_answer(), Theme.DARK)
    assert len(drawing.drawn) == 2, "finished charts are not cached"


async def test_other_themes_and_answers_are_drawn_separately(
    renderer: ThreadRenderer, drawing: BlockingDraw, make_answer: MakeAnswer
) -> None:
    drawing.release(3)
    await asyncio.gather(
        renderer.chart(make_answer(), Theme.DARK),
        renderer.chart(make_answer(), Theme.LIGHT),
        renderer.chart(make_answer(features={"energy": 0.1}), Theme.DARK),
    )
    assert len(drawing.drawn) == 3


async def test_renderer_draws_the_chart_of_a_workspace(make_stats: MakeStats) -> None:
    with ThreadRenderer() as renderer:
        drawn = await renderer.stats(make_stats(), TYPICAL, Theme.LIGHT)
    assert drawn == stats.draw(make_stats(), TYPICAL, Theme.LIGHT)


async def test_concurrent_requests_for_one_workspace_share_a_drawing(
    renderer: ThreadRenderer, drawing: BlockingDraw, make_stats: MakeStats
) -> None:
    drawing.release(3)
    first, second, fewer_tracks, other_typical = await asyncio.gather(
        renderer.stats(make_stats(), TYPICAL, Theme.DARK),
        renderer.stats(make_stats(), TYPICAL, Theme.DARK),
        renderer.stats(make_stats({"jazz": 2}), TYPICAL, Theme.DARK),
        renderer.stats(make_stats(), {"energy": 0.6}, Theme.DARK),
    )
    assert first == second == other_typical == b"10 tracks dark"
    assert fewer_tracks == b"2 tracks dark"
    assert len(drawing.drawn) == 3


async def test_workspace_chart_waits_for_the_current_drawing(
    renderer: ThreadRenderer, drawing: BlockingDraw, make_answer: MakeAnswer, make_stats: MakeStats
) -> None:
    chart = asyncio.create_task(renderer.chart(make_answer(), Theme.DARK))
    await drawing.wait_until_started()
    workspace = asyncio.create_task(renderer.stats(make_stats(), TYPICAL, Theme.DARK))
    drawing.release(2)
    await asyncio.gather(chart, workspace)
    assert drawing.max_concurrent == 1


async def test_charts_are_drawn_one_at_a_time(
    renderer: ThreadRenderer, drawing: BlockingDraw, make_answer: MakeAnswer
) -> None:
    charts = [
        asyncio.create_task(renderer.chart(make_answer(features={"energy": x / 10}), Theme.DARK))
        for x in range(8)
    ]
    for _ in charts:
        await drawing.wait_until_started()
        drawing.release(1)
    await asyncio.gather(*charts)
    assert drawing.max_concurrent == 1


async def test_cancelled_request_does_not_cancel_the_shared_drawing(
    renderer: ThreadRenderer, drawing: BlockingDraw, make_answer: MakeAnswer
) -> None:
    cancelled, waiting = [
        asyncio.create_task(renderer.chart(make_answer(), Theme.DARK)) for _ in range(2)
    ]
    await drawing.wait_until_started()
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    drawing.release(1)
    assert await waiting
    assert len(drawing.drawn) == 1


async def test_failed_chart_is_drawn_again_on_the_next_request(
    renderer: ThreadRenderer, drawing: BlockingDraw, make_answer: MakeAnswer
) -> None:
    drawing.release(2)
    drawing.fails = True
    with pytest.raises(OSError, match="no font"):
        await renderer.chart(make_answer(), Theme.DARK)
    drawing.fails = False
    assert await renderer.chart(make_answer(), Theme.DARK)


async def test_leaving_the_context_cancels_queued_drawings(
    drawing: BlockingDraw, make_answer: MakeAnswer
) -> None:
    with ThreadRenderer(drawing.draw, drawing.draw_stats) as renderer:
        charts = [asyncio.create_task(renderer.chart(make_answer(), theme)) for theme in Theme]
        await drawing.wait_until_started()
        drawing.release(1)
    results = await asyncio.gather(*charts, return_exceptions=True)
    assert [isinstance(result, bytes) for result in results] == [True, False]
    assert len(drawing.drawn) == 1
