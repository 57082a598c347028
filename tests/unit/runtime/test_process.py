"""Signals on systems whose event loop cannot wait for them, such as Windows."""

import asyncio
import signal

import pytest

from bot.runtime import process


async def test_signal_stops_the_bot_without_support_of_the_event_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unsupported(*_: object) -> None:
        raise NotImplementedError

    before = {name: signal.getsignal(name) for name in process.STOP_SIGNALS}
    monkeypatch.setattr(asyncio.get_running_loop(), "add_signal_handler", unsupported)

    async def bot() -> None:
        process.cancel_on_signals()
        signal.raise_signal(signal.SIGTERM)
        await asyncio.Event().wait()

    try:
        with pytest.raises(asyncio.CancelledError):
            async with asyncio.timeout(10):
                await asyncio.create_task(bot())
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
