"""What `run` prints when a platform is ready."""

import sys

import pytest

from bot.cli import run

READY = "Web: http://127.0.0.1:8765"


@pytest.mark.parametrize(
    ("line", "is_terminal", "lines"),
    [(READY, True, 2), (READY, False, 1), ("Discord: ready", True, 1)],
    ids=["terminal", "program", "other platform"],
)
async def test_a_person_at_a_terminal_reads_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    line: str,
    *,
    is_terminal: bool,
    lines: int,
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)
    await run._print_line(line)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == line
    assert len(printed) == lines
