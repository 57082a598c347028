"""Process that listens: receives decoded sounds, and replies with what is heard as JSON.

The reply is `{"heard": ..., "title": ..., "artist": ...}`, or `{"error": type and reason}`.

    python -m bot.listening.worker
"""

import json
import os
from contextlib import suppress
from typing import Final

from bot.concurrency.worker_loop import serve
from model.sound.decoded import Decoded
from model.sound.listener import SoundModel

NICENESS: Final = 5
"""Added to the process's niceness, so that the bot itself is not slowed down."""


def main() -> None:
    """Listen to sounds until the input ends."""
    with suppress(OSError):
        os.nice(NICENESS)
    model = SoundModel.load()
    serve(lambda sound: answer(model, sound))


def answer(model: SoundModel, sound: bytes | bytearray) -> bytes:
    """Return the reply to a decoded sound."""
    try:
        decoded = Decoded.from_bytes(sound)
        heard = model.listen(decoded)
    except Exception as error:  # noqa: BLE001 - the parent reports it
        return json.dumps({"error": f"{type(error).__name__}: {error}"}).encode()
    found = {"heard": heard.to_dict(), "title": decoded.title, "artist": decoded.artist}
    return json.dumps(found).encode()


if __name__ == "__main__":
    main()
