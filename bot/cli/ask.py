"""Command `ask`: answer one question in the terminal."""

import json
import logging
import sys
import uuid
from collections.abc import Mapping
from functools import partial

from bot import texts
from bot.cli import collection_json, sound_file
from bot.cli.picture_files import PictureFiles
from bot.cli.sound_file import TERMINAL, USER
from bot.cli.terminal import ProgressLine, print_card, print_summary
from bot.domain import links
from bot.domain.cards import Card
from bot.domain.errors import SoundslikeError, StartupError, StorageFailed
from bot.domain.places import Message
from bot.domain.replies import Notice, NoticeKind, Reply, Summary
from bot.runtime import log_setup, redaction, settings
from bot.runtime.composition import open_services
from bot.runtime.settings import Settings
from bot.services.services import Services
from bot.texts import answer_json, commands


async def answer(
    words: list[str], *, as_json: bool, pictures: PictureFiles, model: str | None
) -> int:
    """Print the answer to a text and write pictures of it to files; return the exit code.

    An answer whose pictures cannot be written is printed, too, with the reason.

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
    missing: Notice | None = None
    reason: Mapping[str, str] | None = None
    redact = redaction.redactor()
    try:
        loaded = settings.load()
        redact = redaction.redactor(loaded)
        log_setup.configure(loaded, level=logging.ERROR)
        if file := sound_file.named_by(text):
            reply, missing = await sound_file.answer(file, loaded, pictures)
        else:
            reply, missing = await _answer(text, loaded, model, pictures)
    except (StartupError, StorageFailed) as error:  # the person who asks is the operator, too
        reply = Notice(error.kind, redact(texts.startup_failure(error)))
    except SoundslikeError as error:
        reply = Notice(error.kind, sound_file.failure(error))
        reason = sound_file.reason_as_dict(error)
    return show(reply, reason, missing)


def text_with_commands(notice: Notice) -> str:
    """Return a notice, and for each song that it offers the command that asks for it."""
    lines = [notice.text]
    for number, choice in enumerate(notice.choices, 1):
        lines.append(f"  {number}. {choice.label}")
        lines.append(f"     {commands.ask(links.subject_address(choice.ref))}")
    return "\n".join(lines)


async def _answer(
    text: str, settings: Settings, model: str | None, pictures: PictureFiles
) -> tuple[Reply, Notice | None]:
    """Return the reply to a text, and write its pictures; say why some are missing."""
    async with open_services(settings, model) as opened:
        services = opened.services
        reply = await _reply(services, Message(TERMINAL, uuid.uuid4().hex, USER, text))
        match reply:
            case Card():
                draw_card = partial(services.share.picture, reply)
                draw_chart = partial(services.cards.chart, reply)
                return reply, await pictures.write(draw_chart, draw_card)
            case Summary():
                draw_chart = partial(services.collections.chart, reply)
                return reply, await pictures.write(draw_chart)
            case Notice():
                return reply, None


async def _reply(services: Services, message: Message) -> Reply:
    """Return the first reply; display the progress of an album or a playlist meanwhile."""
    line = ProgressLine()
    try:
        return (await services.ask.answer_question(message, progress=line.show))[0]
    finally:
        await line.clear()


def _print_json(
    reply: Reply, reason: Mapping[str, str] | None = None, missing: Notice | None = None
) -> int:
    """Print a reply as one JSON object; `missing` becomes its `error`."""
    match reply:
        case Notice():
            found = answer_json.error_as_dict(reply, reason)
        case Summary(answer=summary):
            found = collection_json.as_dict(summary)
        case Card(answer=answer):
            found = answer_json.as_dict(answer)
    print(json.dumps(found | answer_json.error_as_dict(missing) if missing else found))
    return 1 if missing or isinstance(reply, Notice) else 0


def _print_text(
    reply: Reply, _: Mapping[str, str] | None = None, missing: Notice | None = None
) -> int:
    """Print a reply; notices and why pictures are missing go to the error stream."""
    problem = reply if isinstance(reply, Notice) else missing
    match reply:
        case Summary(answer=summary):
            print_summary(summary)
        case Card(answer=answer):
            print_card(answer)
        case Notice():
            pass
    if problem:
        print(text_with_commands(problem), file=sys.stderr)
    return 1 if problem else 0
