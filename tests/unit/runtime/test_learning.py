"""What watches the model store is built by the settings."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.runtime import learning
from bot.texts import shadow
from tests.support.bot_process import offline_settings


@pytest.mark.parametrize(
    ("given", "warned"),
    [
        ({"shadow_hours": 24, "model_check_seconds": 0}, [shadow.NOT_WATCHED]),
        ({"shadow_hours": 24}, []),
        ({"model_check_seconds": 0}, []),
    ],
)
def test_shadow_that_is_never_looked_at_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, given: dict[str, float], warned: list[str]
) -> None:
    stores: Any = SimpleNamespace(shadow_answers=None, leases=None, served_models=None)
    unused: Any = None
    learning.watch(offline_settings(tmp_path, **given), unused, unused, stores, unused)
    assert caplog.messages == warned
