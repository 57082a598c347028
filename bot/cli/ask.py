"""One question, answered in the terminal."""

import json
import logging
import sys
import uuid
from pathlib import Path
from typing import Any

from bot import texts
from bot.domain.cards import Answer, Card, Notice, Theme
from bot.domain.errors import SoundslikeError, StartupError, StorageFailed
from bot.domain.places import Message, Place
from bot.runtime import log_setup, settings
from bot.runtime.composition import open_core

TERMINAL = Place("terminal", "local", "terminal")


async def answer(
    text: str, *, as_json: bool, chart: Path | None, theme: str, model: str | None
) -> int:
    """Answer `text` on standard output, and draw the chart to a file; returns the exit code."""
    log_setup.configure(level=logging.ERROR)
    try:
        known = settings.load()
        log_setup.configure(known, level=logging.ERROR)
        async with open_core(known, model) as core:
            message = Message(TERMINAL, uuid.uuid4().hex, "terminal", text)
            reply = (await core.on_question(message))[0]
            if isinstance(reply, Card) and chart:
                png = await core.chart(reply, Theme(theme))
                reply = _save(chart, png) or reply
    except (StartupError, StorageFailed) as error:  # the person who asks runs the bot, too
        reply = Notice(error.code, texts.refusal(error))
    except SoundslikeError as error:
        reply = Notice(error.code, texts.failure(error))
    return _print_json(reply) if as_json else _print_text(reply)


def as_dict(answer: Answer) -> dict[str, Any]:
    """Return the JSON shape of an answer, which scripts build on."""
    track, prediction = answer.track, answer.prediction
    return {
        "track": {
            "id": track.id,
            "title": track.title,
            "artists": list(track.artists),
            "url": track.url,
            "image": track.image,
            "isrc": track.isrc,
            "duration_ms": track.duration_ms,
        },
        "genres": [{"genre": g, "probability": p} for g, p in prediction.genres.items()],
        "verdict": prediction.verdict.value,
        "why": [texts.reason(reason) for reason in answer.reasons],
        "features": dict(answer.features.values),
        "missing": list(prediction.missing),
        "source": answer.features.source,
        "model": {"name": answer.model.name, "version": answer.model.version},
    }


def _save(path: Path, png: bytes | None) -> Notice | None:
    if png is None:
        return Notice("unavailable", texts.CHART_MISSING)
    try:
        path.write_bytes(png)
    except OSError as error:
        return Notice("unavailable", texts.not_written(error))
    return None


def _print_json(reply: Card | Notice) -> int:
    if isinstance(reply, Notice):
        print(json.dumps({"error": {"code": reply.code, "message": reply.text}}))
        return 1
    print(json.dumps(as_dict(reply.answer)))
    return 0


def _print_text(reply: Card | Notice) -> int:
    if isinstance(reply, Notice):
        print(reply.text, file=sys.stderr)
        return 1
    print(texts.plain(reply.answer))
    return 0
