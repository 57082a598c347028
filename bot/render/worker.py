"""Process that paints scenes: receives them as JSON and replies with PNGs.

The reply to a scene that cannot be painted is empty.

    python -m bot.render.worker
"""

from bot.concurrency.worker_loop import serve
from bot.render.raster import Painter
from bot.render.scene import Scene


def main() -> None:
    """Paint scenes until the input ends."""
    painter = Painter()
    serve(lambda scene: _paint(painter, scene))


def _paint(painter: Painter, scene: bytes | bytearray) -> bytes:
    try:
        return painter.paint(Scene.from_json(scene))
    except Exception:  # noqa: BLE001 - the parent paints it then, and reports the error
        return b""


if __name__ == "__main__":
    main()
