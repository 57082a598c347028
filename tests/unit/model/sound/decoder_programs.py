"""Programs that stand for the process that decodes."""

import sys
from pathlib import Path

import pytest

from model.sound.decoding import Command, decode
from model.sound.errors import NotAudio, Problem
from model.sound.limits import Limits


def program(code: str, *arguments: str) -> Command:
    return lambda _found, _limits: [sys.executable, "-I", "-S", "-c", code, *arguments]


def writes(output: bytes, folder: Path, code: int = 0) -> Command:
    file = folder / "output"
    file.write_bytes(output)
    return program(
        f"import os, sys; os.write(1, open({str(file)!r}, 'rb').read()); sys.exit({code})"
    )


def refusal(sound: Path, command: Command, limits: Limits | None = None) -> Problem:
    with sound.open("rb") as file, pytest.raises(NotAudio) as caught:
        decode(file, limits or Limits(), command=command)
    assert caught.value.format == "wav"
    return caught.value.problem
