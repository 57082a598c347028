"""Command `ask`: answer one question in the terminal."""

import json
import logging
import sys
import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

from bot import texts
from bot.cli import collection_json, sound_file
from bot.cli.picture_files import PictureFiles
from bot.cli.sound_file import TERMINAL, USER
from bot.cli.terminal import ProgressLine, print_card, print_summary
from bot.domain import links
from bot.domain.cards import Answer, Card
from bot.domain.errors import SoundslikeError, StartupError, StorageFailed
from bot.domain.places import Message
from bot.domain.replies import Notice, NoticeKind, Reply, Summary
from bot.runtime import log_setup, redaction, settings
from bot.runtime.composition import open_services
from bot.runtime.settings import Settings
from bot.services.services import Services
from bot.texts import commands


async def answer(
    words: list[str], *, as_json: bool, pictures: PictureFiles, model: str | None
) -> int:
    """Print the answer to a text and write pictures of it to files; return the exit code.

    The text is a link, words of a song, or the name of a sound file (see `sound_file`); a shell may
    have split it into words.
    """
    log_setup.configure(level=logging.ERROR)
    show = _print_json if as_json else _print_text
    if pictures.problem:
        return show(pictures.problem)
    if sound_file.names_several(words):
        return show(Notice(NoticeKind.NOT_AUDIO, commands.ONE_FILE))
    text = " ".join(words)
    reply: Reply
    reason: Mapping[str, str] | None = None
    redact = redaction.redactor()
    try:
        loaded = settings.load()
        redact = redaction.redactor(loaded)
        log_setup.configure(loaded, level=logging.ERROR)
        if file := sound_file.named_by(text):
            reply = await sound_file.answer(file, loaded, pictures)
        else:
            reply = await _answer(text, loaded, model, pictures)
    except (StartupError, StorageFailed) as error:  # the person who asks is the operator, too
        reply = Notice(error.kind, redact(texts.startup_failure(error)))
    except SoundslikeError as error:
        reply = Notice(error.kind, sound_file.failure(error))
        reason = sound_file.reason_as_dict(error)
    return show(reply, reason)


def as_dict(answer: Answer) -> dict[str, Any]:
    """Return an answer in the JSON shape of `ask --json`, which scripts rely on."""
    track, prediction = answer.subject, answer.prediction
    return {
        "track": {
            "id": track.spotify_id,
            "title": track.title,
            "artists": list(track.artists),
            "url": track.url,
            "image": track.image,
            "isrc": track.isrc,
            "musicbrainz_id": track.musicbrainz_id,
            "deezer_id": track.deezer_id,
            "duration_ms": track.duration_ms,
            "year": track.year,
        },
        "genres": [{"genre": g, "probability": p} for g, p in prediction.genres.items()],
        "verdict": prediction.verdict.value,
        "subgenre": _subgenre(answer),
        "filed_under": _filed_under(answer),
        "why": list(texts.reasons(answer)),
        "features": dict(answer.features.values),
        "missing": list(prediction.missing),
        "year_counted": prediction.year_counted,
        "prior": prediction.prior,
        "source": answer.features.source or (sound_file.SOURCE if answer.heard else ""),
        "sources": dict(answer.features.sources),
        "model": {"name": answer.model.name, "version": answer.model.version},
        "heard": sound_file.heard_as_dict(answer),
    }


def error_as_dict(notice: Notice, reason: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return a notice in the JSON shape of `ask --json`, with the songs that it offers.

    `reason` says more of a file that is not answered.
    """
    offered = [
        {"label": choice.label, "url": links.subject_address(choice.ref)}
        for choice in notice.choices
    ]
    found: dict[str, Any] = {
        "error": {"code": notice.kind, "message": notice.text, **(reason or {})}
    }
    return found | {"choices": offered} if offered else found


def text_with_commands(notice: Notice) -> str:
    """Return a notice, and for each song that it offers the command that asks for it."""
    lines = [notice.text]
    for number, choice in enumerate(notice.choices, 1):
        lines.append(f"  {number}. {choice.label}")
        lines.append(f"     {commands.ask(links.subject_address(choice.ref))}")
    return "\n".join(lines)


def _filed_under(answer: Answer) -> dict[str, Any]:
    filed = answer.filed_under
    return {
        "genres": list(filed.genres) if filed else [],
        "agreement": answer.agreement.value,
        "source": filed.source if filed else None,
    }


def _subgenre(answer: Answer) -> dict[str, Any] | None:
    found = answer.subgenre
    return {"name": found.name, "probability": found.probability} if found else None


async def _answer(
    text: str, settings: Settings, model: str | None, pictures: PictureFiles
) -> Reply:
    """Return the reply to a text, and write its pictures; a notice if one cannot be written."""
    async with open_services(settings, model) as opened:
        services = opened.services
        reply = await _reply(services, Message(TERMINAL, uuid.uuid4().hex, USER, text))
        match reply:
            case Card():
                draw_card = partial(services.share.picture, reply)
                draw_chart = partial(services.cards.chart, reply)
                return await pictures.write(draw_chart, draw_card) or reply
            case Summary():
                draw_chart = partial(services.collections.chart, reply)
                return await pictures.write(draw_chart) or reply
            case Notice():
                return reply


async def _reply(services: Services, message: Message) -> Reply:
    """Return the first reply; display the progress of an album or a playlist meanwhile."""
    line = ProgressLine()
    try:
        return (await services.ask.answer_question(message, progress=line.show))[0]
    finally:
        await line.clear()


def _print_json(reply: Reply, reason: Mapping[str, str] | None = None) -> int:
    match reply:
        case Notice():
            print(json.dumps(error_as_dict(reply, reason)))
            return 1
        case Summary(answer=summary):
            print(json.dumps(collection_json.as_dict(summary)))
        case Card(answer=answer):
            print(json.dumps(as_dict(answer)))
    return 0


def _print_text(reply: Reply, _: Mapping[str, str] | None = None) -> int:
    match reply:
        case Notice():
            print(text_with_commands(reply), file=sys.stderr)
            return 1
        case Summary(answer=summary):
            print_summary(summary)
        case Card(answer=answer):
            print_card(answer)
    return 0
