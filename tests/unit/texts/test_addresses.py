"""Addresses of the bot's own servers."""

import pytest

from bot.texts.addresses import browser_address, http_address


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),  # noqa: S104 - not bound
        ("::", "http://[::1]:80"),
        ("fe80::1", "http://[fe80::1]:80"),
        ("localhost", "http://localhost:80"),
    ],
)
def test_address_can_be_opened_in_a_browser(host: str, address: str) -> None:
    assert browser_address(host, 80) == address


def test_path_follows_a_bracketed_host() -> None:
    assert http_address("::1", 3000, "/slack/events") == "http://[::1]:3000/slack/events"
