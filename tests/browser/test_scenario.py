"""The scenario of every platform, played in a real browser on a desktop and on a phone."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from tests.browser.conftest import NewContext
from tests.browser.scenario_driver import with_bot
from tests.scenario.story import play

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WINDOWS: Final[Mapping[str, Mapping[str, Any]]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}


@pytest.mark.parametrize("window", sorted(WINDOWS))
async def test_paste_vote_change_take_back_restart_statistics(
    new_context: NewContext, tmp_path: Path, window: str
) -> None:
    context = await new_context(**WINDOWS[window])
    await play(partial(with_bot, tmp_path, context, [0]))
