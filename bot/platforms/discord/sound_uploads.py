"""The sound files of jobs: where they are fetched from, also after a restart.

A job has the ids of its files only, as names and addresses of files in a chat are not stored. They
are kept in memory; another process reads the message again. A file that came with a command cannot
be read again: the person is asked to send it again.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import BinaryIO, Final

import discord
import yarl

from bot.domain.errors import NotAudio, Unavailable
from bot.domain.jobs import Job, JobKind, StoredJob
from bot.domain.ports import Now
from bot.domain.sound_ports import MAX_UPLOAD_BYTES, Upload
from bot.platforms.discord import jobs, reading
from bot.platforms.discord.attachments import SoundFile, attached_to
from bot.platforms.discord.cdn import SERVICE, Cdn, Gone
from bot.platforms.discord.failures import FAILURES
from bot.services.job_outcomes import HandBack
from model.sound.errors import Problem

MAX_JOBS: Final = 500
"""Jobs whose files are remembered, about 2 KB each."""

RETRY_SECONDS: Final = 30.0
"""Time after which a message is read again if Discord was unreachable."""

Renew = Callable[[], Awaitable[SoundFile | None]]
"""Returns a file with a valid address, None if there is none; raises FAILURES."""


class QuestionDeleted(Exception):
    """The message with the files was deleted."""


class DiscordUpload:
    """An attachment; implements the port `Upload`.

    Args:
        file: The attachment; None if it cannot be found any more.
        cdn: Fetches it.
        renew: Reads its message again.
        now: Clock.
    """

    is_message_content = True

    def __init__(self, file: SoundFile | None, cdn: Cdn, renew: Renew, now: Now) -> None:
        self._file = file
        self._cdn = cdn
        self._renew = renew
        self._now = now
        self.name = file.name if file else ""
        self.size = file.size if file else None

    async def fetch(self, target: BinaryIO) -> None:
        """Write the file to `target`; an address that has expired is renewed once.

        Raises:
            NotAudio: It is longer than MAX_UPLOAD_BYTES, or gone.
            Unavailable: Discord cannot be reached.
        """
        file = self._file
        if file is None:
            raise NotAudio(Problem.MISSING)
        if file.size > MAX_UPLOAD_BYTES:
            raise NotAudio(Problem.TOO_BIG)
        if not is_expired(file.url, self._now().timestamp()):
            with suppress(Gone):
                await self._cdn.download(file.url, target)
                return
        try:
            await self._cdn.download((await self._renewed(file)).url, target)
        except Gone:
            raise NotAudio(Problem.MISSING) from None

    async def _renewed(self, file: SoundFile) -> SoundFile:
        try:
            renewed = await self._renew()
        except (discord.Forbidden, discord.NotFound):
            raise NotAudio(Problem.MISSING) from None
        except FAILURES as error:
            raise Unavailable(SERVICE, "the message cannot be read again") from error
        if renewed is None or renewed.url == file.url:
            raise NotAudio(Problem.MISSING)
        return renewed


class SoundUploads:
    """Finds the sound files of jobs."""

    def __init__(self, client: discord.Client, now: Now) -> None:
        self._client = client
        self._now = now
        self._cdn = Cdn(client)
        self._files: OrderedDict[str, Sequence[SoundFile]] = OrderedDict()

    def remember(self, job: Job, files: Sequence[SoundFile]) -> None:
        """Keep the files of a job in memory until it is done."""
        if files:
            self._files[job.key] = files
        if len(self._files) > MAX_JOBS:
            self._files.popitem(last=False)

    def forget(self, stored: StoredJob) -> None:
        """Forget the files of a job that is done."""
        self._files.pop(stored.job.key, None)

    async def of(self, stored: StoredJob) -> Sequence[Upload]:
        """Return the sound files of a job; one that is missing stands for all that are.

        Raises:
            QuestionDeleted: Their message was deleted.
            HandBack: Discord is unreachable.
        """
        ids = jobs.sounds_of(stored)
        known = self._files.get(stored.job.key)
        files: Mapping[str, SoundFile] = {file.id: file for file in known or ()}
        if ids and known is None:
            files = await self._files_again(stored)
        if not any(one in files for one in ids):
            ids = ids[:1]
        return [self._upload(stored, one, files.get(one)) for one in ids]

    def _upload(self, stored: StoredJob, file_id: str, file: SoundFile | None) -> DiscordUpload:
        async def renew() -> SoundFile | None:
            return (await self._read(stored)).get(file_id)

        return DiscordUpload(file, self._cdn, renew, self._now)

    async def _files_again(self, stored: StoredJob) -> Mapping[str, SoundFile]:
        try:
            return await self._read(stored)
        except discord.NotFound:
            if stored.job.kind is JobKind.MESSAGE:
                raise QuestionDeleted from None
            return {}  # where the bot is no member, it finds no message
        except discord.Forbidden:
            return {}
        except discord.RateLimited as error:
            raise HandBack(error.retry_after) from error
        except FAILURES as error:
            raise HandBack(RETRY_SECONDS) from error

    async def _read(self, stored: StoredJob) -> Mapping[str, SoundFile]:
        """Return the sound files of a job's message by id; raise FAILURES."""
        message_id = jobs.source_of(stored)
        if message_id is None:
            return {}
        channel = self._client.get_partial_messageable(int(stored.job.place.channel))
        message = await channel.fetch_message(int(message_id))
        found = attached_to(reading.parts_of(message, with_reference=True)).sounds
        return {file.id: file for file in found}


def is_expired(url: str, now: float) -> bool:
    """Return whether an address has expired: its parameter `ex` is a Unix time in hexadecimal."""
    try:
        return int(yarl.URL(url).query["ex"], 16) <= now
    except (KeyError, ValueError):
        return False
