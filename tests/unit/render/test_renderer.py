import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.domain.cards import Answer, Theme
from bot.domain.statistics import WorkspaceStats
from bot.render import chart, stats
from bot.render.chart_files import ChartFiles
from bot.render.processes import ProcessPool
from bot.render.raster import Painter
from bot.render.renderer import BURST, ChartRenderer
from bot.render.scene import Scene

MakeAnswer = Callable[..., Answer]
MakeStats = Callable[..., WorkspaceStats]
TYPICAL = {"energy": 0.5}
TIMEOUT = 10
"""Seconds until a hanging test fails."""


class BlockingPaint:
    """Fake painter that blocks until it is released, and counts pictures."""

    def __init__(self) -> None:
        self.may_finish = threading.Semaphore(0)
        self.started = threading.Semaphore(0)
        self.painted: list[Scene] = []
        self.concurrent = 0
        self.max_concurrent = 0
        self.fails = False

    def paint(self, scene: Scene) -> bytes:
        self.painted.append(scene)
        self.concurrent += 1
        self.max_concurrent = max(self.max_concurrent, self.concurrent)
        self.started.release()
        assert self.may_finish.acquire(timeout=TIMEOUT)
        self.concurrent -= 1
        if self.fails:
            raise OSError("no font")
        return scene.to_json()

    async def wait_until_started(self) -> None:
        """Wait for the worker without blocking the event loop."""
        assert await asyncio.to_thread(self.started.acquire, timeout=TIMEOUT)

    def release(self, charts: int) -> None:
        self.may_finish.release(charts)


class FakeProcess:
    """Counts the scenes that a process would paint."""

    def __init__(self) -> None:
        self.is_running = True
        self.scenes: list[bytes] = []
        self.fails = False

    def ask(self, message: bytes) -> bytes:
        self.scenes.append(message)
        if self.fails:
            raise BrokenPipeError("the process ended")
        return b"by a process"

    def close(self) -> None:
        self.is_running = False


@pytest.fixture
def drawing() -> BlockingPaint:
    return BlockingPaint()


@pytest.fixture
def renderer(drawing: BlockingPaint) -> Iterator[ChartRenderer]:
    with ChartRenderer(paint=drawing.paint, processes=0) as renderer:
        yield renderer
        drawing.release(100)


async def test_renderer_draws_the_chart_of_an_answer(make_answer: MakeAnswer) -> None:
    with ChartRenderer() as renderer:
        drawn = await renderer.chart(make_answer(), Theme.LIGHT)
    assert drawn == chart.draw(make_answer(), Theme.LIGHT)


async def test_event_loop_is_free_during_drawing(
    renderer: ChartRenderer, drawing: BlockingPaint, make_answer: MakeAnswer
) -> None:
    picture = asyncio.create_task(renderer.chart(make_answer(), Theme.DARK))
    await drawing.wait_until_started()
    for _ in range(100):
        await asyncio.sleep(0)
    assert not picture.done()
    drawing.release(1)
    assert await picture


async def test_equal_charts_share_a_drawing_also_later(
    renderer: ChartRenderer, drawing: BlockingPaint, make_answer: MakeAnswer
) -> None:
    drawing.release(2)
    first, second = await asyncio.gather(
        renderer.chart(make_answer(), Theme.DARK), renderer.chart(make_answer(), Theme.DARK)
    )
    assert first == second == await renderer.chart(make_answer(), Theme.DARK)
    assert len(drawing.painted) == 1


async def test_other_themes_and_answers_are_drawn_separately(
    renderer: ChartRenderer, drawing: BlockingPaint, make_answer: MakeAnswer
) -> None:
    drawing.release(3)
    await asyncio.gather(
        renderer.chart(make_answer(), Theme.DARK),
        renderer.chart(make_answer(), Theme.LIGHT),
        renderer.chart(make_answer(features={"energy": 0.1}), Theme.DARK),
    )
    assert len(drawing.painted) == 3


async def test_renderer_draws_the_chart_of_a_workspace(make_stats: MakeStats) -> None:
    with ChartRenderer() as renderer:
        drawn = await renderer.stats(make_stats(), TYPICAL, Theme.LIGHT)
    assert drawn == stats.draw(make_stats(), TYPICAL, Theme.LIGHT)


async def test_concurrent_requests_for_one_workspace_share_a_drawing(
    renderer: ChartRenderer, drawing: BlockingPaint, make_stats: MakeStats
) -> None:
    drawing.release(3)
    first, second, fewer_tracks, other_typical = await asyncio.gather(
        renderer.stats(make_stats(), TYPICAL, Theme.DARK),
        renderer.stats(make_stats(), TYPICAL, Theme.DARK),
        renderer.stats(make_stats({"jazz": 2}), TYPICAL, Theme.DARK),
        renderer.stats(make_stats(), {"energy": 0.6, "speechiness": 0.2}, Theme.DARK),
    )
    assert first == second
    assert len({first, fewer_tracks, other_typical}) == 3
    assert len(drawing.painted) == 3


async def test_charts_are_drawn_one_at_a_time(
    renderer: ChartRenderer, drawing: BlockingPaint, make_answer: MakeAnswer, make_stats: MakeStats
) -> None:
    charts = [
        asyncio.create_task(renderer.chart(make_answer(features={"energy": x / 10}), Theme.DARK))
        for x in range(8)
    ]
    charts.append(asyncio.create_task(renderer.stats(make_stats(), TYPICAL, Theme.DARK)))
    for _ in charts:
        await drawing.wait_until_started()
        drawing.release(1)
    await asyncio.gather(*charts)
    assert drawing.max_concurrent == 1


async def test_cancelled_request_does_not_cancel_the_shared_drawing(
    renderer: ChartRenderer, drawing: BlockingPaint, make_answer: MakeAnswer
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
    assert len(drawing.painted) == 1


async def test_failed_chart_is_drawn_again_on_the_next_request(
    renderer: ChartRenderer, drawing: BlockingPaint, make_answer: MakeAnswer
) -> None:
    drawing.release(2)
    drawing.fails = True
    with pytest.raises(OSError, match="no font"):
        await renderer.chart(make_answer(), Theme.DARK)
    drawing.fails = False
    assert await renderer.chart(make_answer(), Theme.DARK)


async def test_leaving_the_context_cancels_queued_drawings(
    drawing: BlockingPaint, make_answer: MakeAnswer
) -> None:
    with ChartRenderer(paint=drawing.paint, processes=0) as renderer:
        charts = [asyncio.create_task(renderer.chart(make_answer(), theme)) for theme in Theme]
        await drawing.wait_until_started()
        drawing.release(1)
    results = await asyncio.gather(*charts, return_exceptions=True)
    assert [isinstance(result, bytes) for result in results] == [True, False]
    assert len(drawing.painted) == 1


async def test_chart_in_the_folder_is_not_drawn_again(
    tmp_path: Path, drawing: BlockingPaint, make_answer: MakeAnswer
) -> None:
    with ChartRenderer(ChartFiles(tmp_path)) as renderer:
        drawn = await renderer.chart(make_answer(), Theme.DARK)
    with ChartRenderer(ChartFiles(tmp_path), paint=drawing.paint) as renderer:
        assert await renderer.chart(make_answer(), Theme.DARK) == drawn
        drawing.release(1)
        assert await renderer.chart(make_answer(), Theme.LIGHT) != drawn
    assert len(drawing.painted) == 1


async def test_chart_of_another_version_of_the_renderer_is_drawn_again(
    tmp_path: Path, make_answer: MakeAnswer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ChartRenderer(ChartFiles(tmp_path)) as renderer:
        await renderer.chart(make_answer(), Theme.DARK)
    monkeypatch.setattr("bot.render.renderer.pillow_version", "1.2.3")
    painted: list[Scene] = []

    def paint(scene: Scene) -> bytes:
        painted.append(scene)
        return Painter().paint(scene)

    with ChartRenderer(ChartFiles(tmp_path), paint=paint) as renderer:
        await renderer.chart(make_answer(), Theme.DARK)
    assert len(painted) == 1


async def test_burst_is_drawn_by_a_process_and_single_charts_are_not(
    drawing: BlockingPaint, make_answer: MakeAnswer
) -> None:
    process = FakeProcess()
    pool = ProcessPool(lambda: process)
    with ChartRenderer(paint=drawing.paint, processes=1, pool=pool) as renderer:
        drawing.release(BURST - 1)
        pictures = await asyncio.gather(
            *(
                renderer.chart(make_answer(features={"energy": x / 10}), Theme.DARK)
                for x in range(BURST + 2)
            )
        )
    assert len(drawing.painted) == BURST - 1
    assert pictures[BURST - 1 :] == [b"by a process"] * 3
    assert not process.is_running


async def test_charts_one_after_another_are_no_burst(
    drawing: BlockingPaint, make_answer: MakeAnswer
) -> None:
    process = FakeProcess()
    pool = ProcessPool(lambda: process)
    with ChartRenderer(paint=drawing.paint, processes=1, pool=pool) as renderer:
        drawing.release(2 * BURST)
        for x in range(2 * BURST):
            await renderer.chart(make_answer(features={"energy": x / 10}), Theme.DARK)
    assert not process.scenes


async def test_charts_are_drawn_here_one_at_a_time_beside_several_processes(
    drawing: BlockingPaint, make_answer: MakeAnswer
) -> None:
    with ChartRenderer(paint=drawing.paint, processes=2, pool=ProcessPool(FakeProcess)) as renderer:
        charts = [asyncio.create_task(renderer.chart(make_answer(), theme)) for theme in Theme]
        for _ in charts:
            await drawing.wait_until_started()
            drawing.release(1)
        await asyncio.gather(*charts)
    assert drawing.max_concurrent == 1


async def test_chart_that_a_process_failed_to_draw_is_drawn_here(
    drawing: BlockingPaint, make_answer: MakeAnswer
) -> None:
    process = FakeProcess()
    process.fails = True
    pool = ProcessPool(lambda: process)
    with ChartRenderer(paint=drawing.paint, processes=1, pool=pool) as renderer:
        drawing.release(BURST)
        pictures = await asyncio.gather(
            *(
                renderer.chart(make_answer(features={"energy": x / 10}), Theme.DARK)
                for x in range(BURST)
            )
        )
    assert len(process.scenes) == 1
    assert all(pictures)
    assert len(drawing.painted) == BURST
