"""The User-Agent by which the bot is known to other services."""

from importlib.metadata import PackageNotFoundError

import pytest

from bot.runtime import environment
from soundslike import __version__


def test_user_agent_names_version_and_contact() -> None:
    expected = f"Soundslike/{__version__} ( me@example.org )"
    assert environment.user_agent("me@example.org") == expected


def test_user_agent_without_contact() -> None:
    assert environment.user_agent(None) == f"Soundslike/{__version__}"


def test_user_agent_of_a_copy_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_found(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(environment, "version", not_found)
    assert environment.user_agent("me@example.org") == "Soundslike ( me@example.org )"
