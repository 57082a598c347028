"""What may not stand in the log does not, wherever it came from."""

import logging

import pytest

from bot.runtime.log_setup import RedactingFormatter


def line(message: str, error: BaseException | None = None) -> str:
    raised = (type(error), error, None) if error else None
    record = logging.LogRecord("a", logging.ERROR, "a.py", 1, message, None, raised)
    return RedactingFormatter(["hush-hush", "abc"]).format(record)


def test_a_secret_is_blotted_out_of_a_message_and_of_a_traceback() -> None:
    written = line("token hush-hush", ValueError("bad hush-hush"))
    assert "hush-hush" not in written
    assert written.count("[secret]") == 2


def test_what_is_too_short_for_a_secret_stays() -> None:
    assert line("abc is a word").endswith("abc is a word")


@pytest.mark.parametrize(
    "message",
    [
        "cannot connect to wss://wss.slack.com/link/?ticket=hush-1&app_id=hush_2",
        "url=URL('wss://wss.slack.com/link/?app_id=1&ticket=hush-1')",
    ],
)
def test_the_ticket_of_a_socket_is_blotted_out(message: str) -> None:
    written = line(message)
    assert "hush-1" not in written
    assert "ticket=[secret]" in written
    assert "app_id=" in written
