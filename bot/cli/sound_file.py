"""Command `ask` with a sound file, which is listened to on this computer.

A text names a file, and is no search for a song, if it has no link and one of these holds:

- It ends as the names of sound files do (`song.mp3`), or begins as a path does (`./`, `../`, `~/`,
  `/`), whether there is such a file or not.
- There is such a file or folder, and the text has a separator of folders.
- There is such a file, and its name has a suffix, or it is sound by its content. A file `heroes` of
  another kind is not meant by `soundslike ask heroes`.
"""

import logging
import os
import stat
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, ParamSpec

from bot import texts
from bot.cli.picture_files import PictureFiles
from bot.domain import links
from bot.domain.cards import Card
from bot.domain.errors import NotAudio, NotMusic, SoundslikeError, stack_of
from bot.domain.places import Message, Place
from bot.domain.replies import Notice, NoticeKind
from bot.runtime.listening import open_listening
from bot.runtime.settings import Settings
from bot.texts import commands
from model.sound import formats
from model.sound.errors import NotAudio as NotRead
from model.sound.errors import Problem
from model.sound.format_table import SUFFIXES, UNREAD_SUFFIXES, VIDEO_SUFFIXES
from model.sound.sound_files import open_sound

P = ParamSpec("P")

TERMINAL: Final = Place("terminal", "local", "terminal")
USER: Final = "terminal"

SOUND_NAMES: Final = SUFFIXES | VIDEO_SUFFIXES | UNREAD_SUFFIXES
"""Suffixes by which a text is taken for a file's name, not for a song's title."""

STARTS: Final = ("./", "../", "~/", "/", ".\\", "..\\")
"""How paths begin, and songs do not."""

_log = logging.getLogger(__name__)


def named_by(text: str) -> Path | None:
    """Return the file or folder that a text names, which may be missing; None if it names none."""
    if "://" in text or "\n" in text or links.find(text).links:
        return None
    path = _path(text)
    is_sound_name = path.suffix.casefold() in SOUND_NAMES
    is_path = text.startswith(STARTS) or text in {".", "..", "~"}
    if is_sound_name or is_path:
        return path
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):  # ValueError: with a NUL
        return None
    has_separator = any(one in text for one in (os.sep, os.altsep) if one)
    is_file = stat.S_ISREG(mode) and bool(path.suffix or _is_sound(path))
    return path if has_separator or is_file else None


def names_several(words: Sequence[str]) -> bool:
    """Return whether the words of a command are the names of several files, not parts of one."""
    named = [path for word in words if (path := named_by(word)) is not None]
    files = [path for path in named if path.suffix.casefold() in SOUND_NAMES or path.is_file()]
    return len(files) > 1 and not _path(" ".join(words)).exists()


async def answer(
    path: Path, settings: Settings, pictures: PictureFiles
) -> tuple[Card | Notice, Notice | None]:
    """Return the card of a file, and write its pictures; say why some are missing.

    Raises:
        NotAudio: It cannot be listened to.
        NotMusic: It is sound, but no music.
        ModelUnusable: The tagger cannot be used.
        SoundUnavailable: The process that listens failed.
        StorageFailed: The database cannot be used.
    """
    if path.is_dir():  # noqa: ASYNC240 - nothing else runs in this process
        return Notice(NoticeKind.NOT_AUDIO, commands.listen_to_folder(path)), None
    message = Message(TERMINAL, uuid.uuid4().hex, USER, "")
    try:
        with _opened(path) as sound:
            async with open_listening(settings) as opened:
                card = await opened.listen.answer_file(sound, path.name, message)
                draw_chart = partial(opened.renderer.chart, card.answer)
                draw_card = partial(opened.painter.share, card.answer, {}, None)
                return card, await pictures.write(_or_none(draw_chart), _or_none(draw_card))
    except SoundslikeError as error:
        error.song = path.name
        raise


def failure(error: SoundslikeError) -> str:
    """Return why a file is not answered, with the command that installs a missing package."""
    if isinstance(error, NotAudio) and error.problem is Problem.NOT_INSTALLED:
        return commands.not_installed(error.format)
    return texts.failure(error, error.song)


def reason_as_dict(error: SoundslikeError) -> dict[str, str]:
    """Return why a file is not answered, as an error has it in the JSON shape of `ask --json`."""
    if isinstance(error, NotAudio):
        return {"reason": error.problem.value}
    return {"reason": error.instead.value} if isinstance(error, NotMusic) else {}


def _or_none(draw: Callable[P, Awaitable[bytes]]) -> Callable[P, Awaitable[bytes | None]]:
    """Return a function that draws, and returns None if that fails."""

    async def drawn(*arguments: P.args, **options: P.kwargs) -> bytes | None:
        try:
            return await draw(*arguments, **options)
        except Exception as error:  # noqa: BLE001 - the person gets a sentence, and the log the stack
            _log.error("a picture of a sound failed: %s", stack_of(error))
            return None

    return drawn


def _path(text: str) -> Path:
    with suppress(RuntimeError, ValueError):  # there is no such user, or a NUL in its name
        return Path(text).expanduser()
    return Path(text)


def _opened(path: Path) -> BinaryIO:
    """Open a file; raise NotAudio."""
    try:
        return open_sound(path)
    except NotRead as error:
        raise NotAudio(error.problem, error.format, error.limit) from error


def _is_sound(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            formats.recognise(file, path.stat().st_size)
    except (OSError, NotRead):
        return False
    return True
