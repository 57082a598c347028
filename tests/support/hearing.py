"""Stands for listening to a file, in processes of `model.sound.folder`: its content decides."""

import os
import signal
import threading
from pathlib import Path

from model.errors import BundleInvalid
from model.sound.sound_table import Row

DIES = "dies"
DIES_ONCE = "dies once"
HAS_NO_MODEL = "has no model"
WAITS = "waits"
INTERRUPTED = "interrupted"

WAIT_SECONDS = 20.0


def hear(path: Path) -> Row:
    """Return the cells of a file; or end the process, or fail, if the file says so."""
    match path.read_text(encoding="utf-8"):
        case "dies":
            os._exit(9)
        case "dies once":
            path.write_text("", encoding="utf-8")
            os._exit(9)
        case "waits":
            threading.Event().wait(WAIT_SECONDS)
            path.write_text("waited", encoding="utf-8")
        case "interrupted":
            signal.raise_signal(signal.SIGINT)
        case "has no model":
            raise BundleInvalid("the bundle is damaged")
    return {"genre": "rock", "heard": str(os.getpid())}
