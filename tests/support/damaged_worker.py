"""Stands for `bot.listening.worker` with a tagger that cannot be loaded."""

from typing import NoReturn

from bot.concurrency.worker_loop import serve
from bot.listening import worker
from model.errors import BundleInvalid


def main() -> None:
    """Answer sounds until the input ends."""
    serve(worker.load(_damaged))


def _damaged() -> NoReturn:
    raise BundleInvalid("msd.onnx is damaged")
