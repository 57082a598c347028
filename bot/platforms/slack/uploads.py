"""Fetches sound files from Slack; implements the port `Upload`.

The bot's token is sent to the host of Slack's files only.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import BinaryIO, Final

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.concurrency.body_copy import BodyTooLong, copy_body
from bot.domain.errors import NotAudio, SoundslikeError, Unavailable
from bot.domain.sound_ports import MAX_UPLOAD_BYTES, Upload
from bot.domain.web_origins import AllowedOrigins
from bot.platforms.slack import shared_files
from bot.platforms.slack.failures import FAILURES, error_code, is_refusal, retry_after
from bot.platforms.slack.shared_files import Json
from bot.sources.http_client import connection_errors, demanded_pause
from bot.texts import slack as words
from model.sound.errors import Problem

NAME: Final = "Slack"

TIMEOUT: Final = aiohttp.ClientTimeout(total=60, connect=5, sock_read=15)
MAX_REDIRECTS: Final = 3
REDIRECTS: Final = range(300, 400)

MISSING_SCOPE: Final = "missing_scope"
DELETED: Final = "file_deleted"
NOT_FOUND: Final = "file_not_found"
"""Error codes of files.info. A file in a channel that the bot cannot see is not found, either."""

DENIED: Final = frozenset({"access_denied", shared_files.UNTOLD})
"""Kinds of access with which `files.info` returns no address of the file."""

LOGIN_PAGE: Final = "text/html"
"""Slack answers with this and status 200, or redirects to such a page, if it refuses a token."""

GONE_STATUSES: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
FORBIDDEN_STATUSES: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FileHost:
    """The host of Slack's files.

    Attributes:
        origin: Scheme, host and port of their addresses.
        proxy: Address of the proxy, if one is used.
    """

    origin: str
    proxy: str | None = None

    def address(self, text: object, base: URL | None = None) -> URL | None:
        """Return an address if it is on this host; `base` as for `AllowedOrigins.address`."""
        return AllowedOrigins([self.origin]).address(text, base)


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """The sound files of a message, and whether it has a voice message."""

    uploads: Sequence[Upload] = ()
    voice: bool = False


class SlackFiles:
    """Looks up the files of messages."""

    def __init__(self, host: FileHost) -> None:
        self._host = host

    async def find(self, client: AsyncWebClient, payload: Json, *, member: bool) -> FoundFiles:
        """Return the sound files of a job's message in their order; does not raise for Slack.

        Args:
            client: Web client of the workspace.
            payload: The job's payload.
            member: Whether the bot is a member of the channel for certain.
        """
        ids, unknown = payload.get("files", ()), payload.get("unknown_files", ())
        infos = await asyncio.gather(*(_look_up(client, file, member=member) for file in ids))
        uploads, voice = [], bool(payload.get("voice"))
        for file, info in zip(ids, infos, strict=True):
            if isinstance(info, SoundslikeError):
                if file not in unknown:
                    uploads.append(SlackUpload(client, self._host, info))
            elif shared_files.is_voice(info):
                voice = True
            elif file not in unknown or shared_files.is_sound(info):
                uploads.append(SlackUpload(client, self._host, info))
        return FoundFiles(uploads, voice)


class SlackUpload:
    """A file in Slack.

    Args:
        client: Web client of the workspace.
        host: The host that it may be fetched from.
        info: The file as files.info describes it, or why it is not known.
    """

    is_message_content: Final = True

    def __init__(
        self, client: AsyncWebClient, host: FileHost, info: Json | SoundslikeError
    ) -> None:
        known = {} if isinstance(info, SoundslikeError) else info
        self.name = shared_files.name_of(known)
        self.size = shared_files.size_of(known)
        self._token = client.token
        self._host = host
        self._info = info

    async def fetch(self, target: BinaryIO) -> None:
        """Write the file to `target`; raises as the port says."""
        if isinstance(self._info, SoundslikeError):
            raise self._info
        address = _address(self._info, self._host)
        with connection_errors(NAME):
            # Not decompressed, so that the size is that on the wire.
            async with aiohttp.ClientSession(timeout=TIMEOUT, auto_decompress=False) as session:
                for _ in range(MAX_REDIRECTS + 1):
                    moved_to = await self._request(session, address, target)
                    if moved_to is None:
                        return
                    address = moved_to
        raise Unavailable(NAME, "redirects a file without end")

    async def _request(
        self, session: aiohttp.ClientSession, address: URL, target: BinaryIO
    ) -> URL | None:
        """Write what is at an address to `target`; return the address that it redirects to."""
        async with session.get(
            address,
            headers={"Authorization": f"Bearer {self._token}", "Accept-Encoding": "identity"},
            allow_redirects=False,
            proxy=self._host.proxy,
        ) as response:
            location = response.headers.get("Location")
            if location and response.status in REDIRECTS:
                moved_to = self._host.address(location, address)
                if moved_to is None:
                    raise _refused("redirects elsewhere")
                return moved_to
            _check(response)
            try:
                await copy_body(response.content.iter_any(), target, MAX_UPLOAD_BYTES)
            except BodyTooLong:
                raise NotAudio(Problem.TOO_BIG) from None
        return None


async def _look_up(client: AsyncWebClient, file: str, *, member: bool) -> Json | SoundslikeError:
    """Return what Slack says of a file, or why it does not."""
    try:
        info = (await client.files_info(file=file)).get("file")
    except FAILURES as error:
        code = error_code(error)
        if code == DELETED or (code == NOT_FOUND and member):
            return NotAudio(Problem.MISSING)
        if code == MISSING_SCOPE:
            _log.warning("%s", words.FILES_SCOPE_MISSING)
            return NotAudio(Problem.NO_PERMISSION)
        if is_refusal(error):
            _log.warning("file: not looked up: %s", code)
            return NotAudio(Problem.NOT_VISIBLE)
        unavailable = Unavailable(NAME, f"files.info: {code}", retry_after(error) or None)
        unavailable.__cause__ = error
        return unavailable
    return info if isinstance(info, dict) else Unavailable(NAME, "files.info: no file")


def _address(info: Json, host: FileHost) -> URL:
    """Return the address of a file; raise NotAudio if it must not be fetched."""
    access = info.get("file_access")
    if shared_files.is_gone(info) or access == NOT_FOUND:
        raise NotAudio(Problem.MISSING)
    if access in DENIED:
        raise NotAudio(Problem.NOT_VISIBLE)
    if info.get("is_external") or info.get("mode") == "external":
        raise NotAudio(Problem.ELSEWHERE)
    size = info.get("size")
    if isinstance(size, int) and size > MAX_UPLOAD_BYTES:
        raise NotAudio(Problem.TOO_BIG)
    found = info.get("url_private_download") or info.get("url_private")
    if not found:
        raise NotAudio(Problem.MISSING)
    address = host.address(found)
    if address is None:
        raise NotAudio(Problem.ELSEWHERE)
    return address


def _check(response: aiohttp.ClientResponse) -> None:
    """Raise the error for a response that is not the file."""
    status = response.status
    if status in GONE_STATUSES:
        raise NotAudio(Problem.MISSING)
    if status in FORBIDDEN_STATUSES:
        raise _refused(f"answered with status {status}")
    if status != HTTPStatus.OK:
        pause = demanded_pause(status, response.headers)
        seconds = pause.seconds if pause else None
        raise Unavailable(NAME, f"files: answered with status {status}", seconds)
    if response.content_type == LOGIN_PAGE:
        raise _refused("sent a page instead of the file")
    if (response.content_length or 0) > MAX_UPLOAD_BYTES:
        raise NotAudio(Problem.TOO_BIG)


def _refused(reason: str) -> NotAudio:
    _log.warning("%s", words.file_refused(reason))
    return NotAudio(Problem.NOT_VISIBLE)
