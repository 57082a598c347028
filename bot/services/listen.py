"""Use case: listen to a file that a person sent, and answer it with a card.

Of a file that is part of a message in a chat, or that a stranger sent to a page for everyone,
nothing is stored but the answer: no name, tags or embedding. What its card says besides is kept in
memory for a while, so that an update of the card after a vote can say it again.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePath
from typing import BinaryIO, Final
from uuid import uuid4

from bot import texts
from bot.concurrency.body_copy import DiskFailed
from bot.concurrency.temporary_files import NoRoom, TemporaryFiles
from bot.domain.cards import Answer, Card, ModelRef
from bot.domain.collections import Progress
from bot.domain.errors import NotMusic, SoundUnavailable, Unavailable
from bot.domain.places import Message
from bot.domain.ports import PredictionStore
from bot.domain.replies import Notice, NoticeKind, Reply
from bot.domain.sound_ports import MAX_UPLOAD_BYTES, MAX_UPLOADS, HeardSound, Listener, Upload
from bot.domain.text import shorten, storable
from bot.domain.tracks import MAX_TITLE_LENGTH, AudioFeatures, Track
from bot.services.failures import reply_or_notice
from model.classifier import Prediction
from model.sound.heard import Heard

REMEMBERED: Final = 500
"""Cards about files of others whose tags are kept in memory."""

DIGEST_LENGTH: Final = 32
"""Hexadecimal digits of a file's digest in its track's key."""

BLOCK_BYTES: Final = 1 << 20


class ListenService:
    """Answers files.

    Args:
        listener: Listens to sounds.
        predictions: Stores the answers.
        files: Where files are fetched to.
    """

    def __init__(
        self,
        listener: Listener,
        predictions: PredictionStore,
        files: TemporaryFiles | None = None,
    ) -> None:
        self._listener = listener
        self._predictions = predictions
        self._files = files or TemporaryFiles()
        self._heard: OrderedDict[int, Heard] = OrderedDict()

    async def answer(
        self,
        uploads: Sequence[Upload],
        message: Message,
        progress: Progress | None = None,
    ) -> list[Reply]:
        """Answer the files of a message in their order, at most MAX_UPLOADS of them.

        Of more, a notice behind the answers says how many are left out. `progress` is awaited while
        a file waits for its turn. Raises StorageFailed.
        """
        several = len(uploads) > 1
        replies: list[Reply] = []
        for number, upload in enumerate(uploads[:MAX_UPLOADS], 1):
            title = texts.sound_title(number if several else None)
            work = self._answer(upload, message, title, progress)
            name = upload.name or title
            replies.append(await reply_or_notice(work, f"message {message.id}", name))
        if len(uploads) > MAX_UPLOADS:
            replies.append(Notice(NoticeKind.FILES_LEFT, texts.files_left(len(uploads))))
        return replies

    async def answer_file(
        self,
        sound: BinaryIO,
        name: str,
        message: Message,
        progress: Progress | None = None,
        *,
        of_stranger: bool = False,
    ) -> Card:
        """Answer a file that is open for reading; of one's own, what is heard is stored.

        Args:
            sound: A file with a descriptor.
            name: Its name.
            message: Asks for it.
            progress: Awaited while the file waits for its turn.
            of_stranger: Whether anyone may have sent it: nothing of it is stored but the answer,
                and the files of all strangers together have the turns of one person's.

        Raises:
            NotAudio: It cannot be listened to.
            NotMusic: It is sound, but no music.
            ModelUnusable: The tagger cannot be used.
            SoundUnavailable: Too many sounds wait, or the process that listens failed.
            StorageFailed: The answer cannot be stored.
        """
        title = texts.sound_title(None)
        if of_stranger:
            asker = replace(message, user="")  # who asks is a cookie, of which one can have many
            return await self._answer_content(sound, name, asker, title, progress)
        found = await self._listen(sound, message, name or title, progress)
        track = _named(found, name, await asyncio.to_thread(_digest, sound))
        return await self._predictions.add(answer_by_sound(track, found.heard), message.place)

    def complete(self, card: Card) -> Card:
        """Return a stored card with what was heard, as long as that is remembered."""
        heard = self._heard.get(card.id)
        return replace(card, answer=replace(card.answer, heard=heard)) if heard else card

    async def _answer(
        self, upload: Upload, message: Message, title: str, progress: Progress | None
    ) -> Card | Notice:
        with self._opened(upload) as sound:
            await _fetch(upload, sound)
            self._files.complete(sound)
            if not upload.is_message_content:
                return await self.answer_file(sound, upload.name, message, progress)
            return await self._answer_content(sound, upload.name, message, title, progress)

    async def _answer_content(
        self,
        sound: BinaryIO,
        name: str,
        message: Message,
        title: str,
        progress: Progress | None,
    ) -> Card:
        """Answer a file that is not one's own, of which only the answer is stored."""
        found = await self._listen(sound, message, name or title, progress)
        track = Track(title=title, sound_id=uuid4().hex)
        stored = answer_by_sound(track, found.heard.without_content())
        card = await self._predictions.add(stored, message.place)
        self._remember(card.id, replace(found.heard, embedding=b""))
        return self.complete(card)

    async def _listen(
        self, sound: BinaryIO, message: Message, name: str, progress: Progress | None
    ) -> HeardSound:
        async def waiting(before: int) -> None:
            if progress:
                await progress(texts.waiting_to_listen(name, before))

        place = message.place
        found = await self._listener.listen(
            sound, f"{place.platform}/{place.workspace}/{message.user}", waiting
        )
        if found.heard.no_music:
            raise NotMusic(found.heard.no_music)
        return found

    @contextmanager
    def _opened(self, upload: Upload) -> Iterator[BinaryIO]:
        """Yield a file for what is fetched; raise SoundUnavailable if there is no room for it."""
        length = MAX_UPLOAD_BYTES if upload.size is None else min(upload.size, MAX_UPLOAD_BYTES)
        try:
            with self._files.open(length) as file:
                yield file
        except NoRoom as error:
            raise SoundUnavailable("listening", f"too many sounds wait: {error}") from error
        except DiskFailed as error:  # neither where the file comes from nor its sender is to blame
            raise SoundUnavailable("listening", f"the disk cannot be used: {error}") from error

    def _remember(self, card_id: int, heard: Heard) -> None:
        self._heard[card_id] = heard
        if len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)


async def _fetch(upload: Upload, target: BinaryIO) -> None:
    try:
        await upload.fetch(target)
    except SoundUnavailable:
        raise
    except Unavailable as error:  # no music service is to blame
        raise SoundUnavailable(error.service, error.reason, error.retry_after) from error


def answer_by_sound(track: Track, heard: Heard) -> Answer:
    """Return the answer of the sound alone, which has no features."""
    return Answer(
        subject=track,
        features=AudioFeatures({}, {}),
        prediction=Prediction(heard.genres, heard.verdict, missing=()),
        reasons=(),
        typical={},
        model=ModelRef(heard.model, heard.model_version),
        heard=heard,
    )


def _digest(sound: BinaryIO) -> str:
    """Return the first digits of a file's SHA-256; raise SoundUnavailable."""
    digest = hashlib.sha256()
    try:
        sound.seek(0)
        while block := sound.read(BLOCK_BYTES):
            digest.update(block)
        return digest.hexdigest()[:DIGEST_LENGTH]
    except OSError as error:
        raise SoundUnavailable("listening", f"the file cannot be read: {error}") from error


def _named(found: HeardSound, file_name: str, sound_id: str) -> Track:
    """Return the track of a file of one's own: named by its tags, else by its name."""
    title = _name(found.title or PurePath(file_name).stem)
    return Track(
        title=title,
        artists=(_name(found.artist),) if found.artist else (),
        duration_ms=round(found.heard.duration * 1000),
        sound_id=sound_id,
    )


def _name(text: str) -> str:
    return shorten(storable(text), MAX_TITLE_LENGTH)
