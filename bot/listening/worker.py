"""Process that listens: receives decoded sounds, and replies as `bot.listening.replies` says.

python -m bot.listening.worker
"""

import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final

from bot.concurrency.worker_loop import serve
from bot.listening import replies
from model.sound.decoded import Decoded
from model.sound.listener import SoundModel

NICENESS: Final = 5
"""Added to the process's niceness, so that the bot itself is not slowed down."""

Answer = Callable[[bytes | bytearray], bytes]


def main() -> None:
    """Listen to sounds until the input ends."""
    with suppress(OSError):
        os.nice(NICENESS)
    serve(load())


def load(load_model: Callable[[], SoundModel] = SoundModel.load) -> Answer:
    """Return what answers decoded sounds; if the model cannot be loaded, it replies so to each."""
    try:
        model = load_model()
    except Exception as error:  # noqa: BLE001 - the parent reports it
        reply = replies.of_error(error)
        return lambda _: reply
    return partial(answer, model)


def answer(model: SoundModel, sound: bytes | bytearray) -> bytes:
    """Return the reply to a decoded sound."""
    try:
        decoded = Decoded.from_bytes(sound)
        return replies.of_sound(model.listen(decoded), decoded)
    except Exception as error:  # noqa: BLE001 - the parent reports it
        return replies.of_error(error)


if __name__ == "__main__":
    main()
