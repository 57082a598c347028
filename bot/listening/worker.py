"""Process that listens: receives decoded sounds, and replies with what is heard as JSON.

The reply is `{"heard": ..., "title": ..., "artist": ...}`, or `{"error": type and reason}`.

    python -m bot.listening.worker [FOLDER_OF_TAGGERS]
"""

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.concurrency.worker_loop import serve
from model.errors import BundleError
from model.sound.decoded import Decoded
from model.sound.listener import SoundModel
from model.sound.tagger_bundle import TaggerStore

NICENESS: Final = 5
"""Added to the process's niceness, so that the bot itself is not slowed down."""


def main(taggers: str | None = None) -> None:
    """Listen to sounds until the input ends, with the tagger in a folder or the shipped one."""
    with suppress(OSError):
        os.nice(NICENESS)
    try:
        model = SoundModel.load(TaggerStore(Path(taggers)).load() if taggers else None)
    except BundleError as error:
        reason = failed(error)
        serve(lambda _: reason)
    else:
        serve(lambda sound: answer(model, sound))


def answer(model: SoundModel, sound: bytes | bytearray) -> bytes:
    """Return the reply to a decoded sound."""
    try:
        decoded = Decoded.from_bytes(sound)
        heard = model.listen(decoded)
    except Exception as error:  # noqa: BLE001 - the parent reports it
        return failed(error)
    found = {"heard": heard.to_dict(), "title": decoded.title, "artist": decoded.artist}
    return json.dumps(found).encode()


def failed(error: Exception) -> bytes:
    """Return the reply that nothing could be heard."""
    return json.dumps({"error": f"{type(error).__name__}: {error}"}).encode()


if __name__ == "__main__":
    main(*sys.argv[1:])
