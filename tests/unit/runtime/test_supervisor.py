"""One platform does not end the others."""

import asyncio
from collections.abc import Callable

import pytest

from bot.domain.errors import ConfigurationError, PortInUse, StorageFailed
from bot.runtime.supervisor import Supervisor
from bot.services.services import NotifyReady, Services
from tests.support.fake_app import FakeApp
from tests.support.virtual_time import in_virtual_time


class FakePlatform:
    """Raises each of `errors` at a start of its own, then runs until it is cancelled."""

    def __init__(self, name: str, *errors: Exception) -> None:
        self.name = name
        self.starts = 0
        self._errors = errors

    async def run(self, services: Services, notify_ready: NotifyReady) -> None:
        del services
        self.starts += 1
        if self.starts <= len(self._errors):
            raise self._errors[self.starts - 1]
        await notify_ready(f"{self.name} runs")
        await asyncio.Event().wait()


async def run_for(seconds: float, *platforms: FakePlatform) -> list[str]:
    """Run platforms for a time; return the lines for the operator."""
    lines: list[str] = []

    async def notify_ready(line: str) -> None:
        lines.append(line)

    supervisor = Supervisor(platforms, FakeApp().services, notify_ready)
    running = asyncio.create_task(supervisor.run())
    await asyncio.wait([running], timeout=seconds)
    if not running.done():
        running.cancel()
        await asyncio.wait([running])
    if not running.cancelled() and (error := running.exception()):
        raise error
    return lines


@in_virtual_time
async def test_platform_with_a_wrong_configuration_stays_stopped_and_is_reported() -> None:
    broken, other = FakePlatform("slack", ConfigurationError("no token")), FakePlatform("discord")
    lines = await run_for(1000, broken, other)
    assert (broken.starts, other.starts) == (1, 1)
    assert sorted(lines) == ["Slack: not running. no token", "discord runs"]


@pytest.mark.parametrize("error", [ConfigurationError, PortInUse, StorageFailed])
def test_last_platform_that_cannot_run_ends_the_bot(error: Callable[[str], Exception]) -> None:
    @in_virtual_time
    async def run() -> None:
        with pytest.raises(Exception, match="why") as caught:
            await run_for(1000, FakePlatform("web", error("why")))
        assert type(caught.value) is error

    run()


@pytest.mark.parametrize("error", [PortInUse("taken"), StorageFailed("locked"), KeyError("bug")])
def test_failure_that_may_pass_is_followed_by_another_start(error: Exception) -> None:
    @in_virtual_time
    async def run() -> None:
        failing, other = FakePlatform("slack", error, error), FakePlatform("discord")
        await run_for(1000, failing, other)
        assert (failing.starts, other.starts) == (3, 1)

    run()


@in_virtual_time
async def test_unexpected_failure_is_logged_without_its_message(
    caplog: pytest.LogCaptureFixture,
) -> None:
    await run_for(1000, FakePlatform("web", ValueError("text of a person")))
    assert "ValueError" in caplog.text
    assert "text of a person" not in caplog.text
