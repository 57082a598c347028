"""Client of local-slack's control API: acts as people and reads what they see."""

import asyncio
import json
import mimetypes
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, TypeVar

import aiohttp

from tests.stubs.local_slack.server import ANN, BEN, BOT_TOKEN, BOT_USER, MUSIC, LocalSlack
from tests.support.changes import Changes

TIMEOUT: Final = 20.0

REACTIONS: Final = 4
"""Reactions that the bot offers under a card."""

Json = dict[str, Any]
T = TypeVar("T")


class Workspace:
    """A workspace of local-slack, as its web page displays it. Changes are pushed, not polled."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._changes = Changes()
        self._state: Json = {}

    async def post(
        self, text: str, *, user: str = ANN, channel: str = MUSIC, thread: str | None = None
    ) -> Json:
        """Write a message and return it; for a direct message, `channel` is the user."""
        body = {"channel": channel, "user": user, "text": text, "thread_ts": thread}
        message: Json = (await self._control("message", body))["message"]
        return message

    async def drop(
        self,
        name: str,
        content: bytes,
        text: str = "",
        *,
        user: str = ANN,
        channel: str = MUSIC,
        thread: str | None = None,
    ) -> None:
        """Post a file, with a text; the media type follows from its name."""
        form = aiohttp.FormData({"channel": channel, "user": user})
        for field, value in (("text", text), ("thread_ts", thread)):
            if value:
                form.add_field(field, value)
        media_type = mimetypes.guess_type(name)[0]
        form.add_field("file", content, filename=name, content_type=media_type)
        async with self._session.post("/_control/upload", data=form) as response:
            reply: Json = await response.json()
        assert reply["ok"], reply

    async def react(self, message: Json, name: str, *, user: str = ANN, added: bool = True) -> None:
        """Add a reaction to a message, or remove it."""
        where = {"channel": message["channel"], "ts": message["ts"]}
        await self._control("reaction", {**where, "user": user, "name": name, "present": added})

    async def command(self, text: str, *, user: str = ANN, channel: str = MUSIC) -> Json:
        """Run /genre; return the bot's reply in the channel."""
        before = self.replies(channel)
        body = {"channel": channel, "user": user, "command": "/genre", "text": text}
        await self._control("command", body)
        return (await self.wait_for_replies(len(before) + 1, channel))[len(before)]

    async def press(
        self, message: Json, action: str, *, user: str = ANN, value: str | None = None
    ) -> None:
        """Press a button under a message; its value is `action` unless given."""
        pressed = {"type": "button", "value": value or action}
        await self._interact(message, pressed, action, user)

    async def choose(self, message: Json, action: str, value: str, *, user: str = ANN) -> None:
        """Choose from a menu under a message."""
        menu = next(part for part in elements_of(message) if part.get("action_id") == action)
        option = next(option for option in menu["options"] if option["value"] == value)
        chosen = {"type": menu["type"], "selected_option": option}
        await self._interact(message, chosen, action, user)

    async def use(self, message: Json, value: str, *, user: str = ANN) -> None:
        """Press the button or the thumb that has a value, or choose it from a menu."""
        part = next(one for one in elements_of(message) if value in values_of(one))
        chosen: Json = {"type": part["type"], "value": value}
        if part["type"] == "static_select":
            option = next(one for one in part["options"] if one["value"] == value)
            chosen = {"type": part["type"], "selected_option": option}
        await self._interact(message, chosen, part["action_id"], user)

    async def edit(self, message: Json, text: str) -> None:
        """Change a message's text as its author."""
        where = {"channel": message["channel"], "ts": message["ts"], "user": message["user"]}
        await self._control("edit-message", {**where, "text": text})

    async def delete(self, message: Json) -> None:
        """Delete a message as its author."""
        where = {"channel": message["channel"], "ts": message["ts"], "user": message["user"]}
        await self._control("delete-message", where)

    async def open_home(self, user: str = ANN) -> None:
        """Open the bot's App Home."""
        await self._control("open-home", {"user": user})

    async def until(self, happened: Callable[[], T | None]) -> T:
        """Return the first true value of `happened`."""
        return await self._changes.until(happened, self._snapshot, max_wait=TIMEOUT)

    async def wait_for_replies(self, count: int, channel: str = MUSIC) -> Sequence[Json]:
        """Return the bot's messages in a channel once there are `count`."""
        return await self.until(
            lambda: found if len(found := self.replies(channel)) >= count else None
        )

    async def paste(self, text: str, *, user: str = ANN, channel: str = MUSIC) -> Json:
        """Paste `text`; return the new card once it has its reactions."""
        known = {message["ts"] for message in self.cards(channel)}
        await self.post(text, user=user, channel=channel)
        found = await self.until(
            lambda: [
                m
                for m in self.cards(channel)
                if m["ts"] not in known and len(reactions_of(m)) == REACTIONS
            ]
        )
        return found[0]

    async def barrier(self, channel: str = MUSIC) -> None:
        """Wait until the bot has handled earlier messages; adds one hint to the channel.

        A mention without a link is answered with a hint, after everything that was sent before it.
        """
        before = len(self.replies(channel))
        asked = await self.post(f"<@{BOT_USER}> hello", user=BEN, channel=channel)
        await self.until(
            lambda: any(m.get("thread_ts") == asked["ts"] for m in self.replies(channel)[before:])
        )

    def messages(self, channel: str = MUSIC) -> Sequence[Json]:
        """Return the messages of a channel, oldest first."""
        found: list[Json] = self._state["messages"].get(channel, [])
        return list(found)

    def replies(self, channel: str = MUSIC) -> Sequence[Json]:
        """Return the bot's messages in a channel, without charts."""
        return [
            message
            for message in self.messages(channel)
            if message["user"] == BOT_USER and "files" not in message
        ]

    def cards(self, channel: str = MUSIC) -> Sequence[Json]:
        """Return the cards in a channel."""
        return [
            m
            for m in self.replies(channel)
            if any(part.get("type") == "actions" for part in elements_of(m))
        ]

    def charts(self, channel: str = MUSIC) -> Sequence[Json]:
        """Return the files in a channel, each with its message."""
        return [
            {**file, "message": message}
            for message in self.messages(channel)
            for file in message.get("files", ())
        ]

    def direct_files(self, user: str = ANN) -> Sequence[Json]:
        """Return the files in a person's direct channel with the bot, if there is one already."""
        channels: list[Json] = self._state["channels"]
        direct = [c["id"] for c in channels if c["is_im"] and user in c["members"]]
        return [file for channel in direct for file in self.charts(channel)]

    def direct_channel(self, user: str = ANN) -> str:
        """Return the id of a person's direct channel with the bot."""
        channels: list[Json] = self._state["channels"]
        return next(str(c["id"]) for c in channels if c["is_im"] and user in c["members"])

    def current(self, message: Json) -> Json:
        """Return the current version of a message."""
        return next(m for m in self.messages(message["channel"]) if m["ts"] == message["ts"])

    def home(self, user: str = ANN) -> Json | None:
        """Return the App Home of a person, if one is published."""
        views: Json = self._state["homeViews"].get(user, {})
        return next(iter(views.values()), None)

    def calls_to(self, method: str) -> Sequence[Json]:
        """Return the arguments of the requests to a method of the Web API, in order."""
        log = self._state["log"]
        return [e["detail"] for e in log if e["kind"] == "web_api" and e["summary"] == method]

    def log_lines(self, part: str) -> Sequence[str]:
        """Return the lines of local-slack's log that contain `part`."""
        return [e["summary"] for e in self._state["log"] if part in e["summary"]]

    async def download(self, file: Json) -> bytes:
        """Return the content of a file."""
        path = "/" + file["url_private"].split("/", 3)[3]
        headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
        async with self._session.get(path, headers=headers) as response:
            assert response.status == 200
            return await response.read()

    def _snapshot(self) -> object:
        return {
            channel: [
                (message["user"], text_of(message), reactions_of(message)) for message in messages
            ]
            for channel, messages in self._state["messages"].items()
        }

    async def _interact(self, message: Json, action: Json, action_id: str, user: str) -> None:
        part = next(
            block
            for block in message["blocks"]
            if any(one.get("action_id") == action_id for one in block.get("elements", ()))
        )
        chosen = {**action, "action_id": action_id, "block_id": part.get("block_id", "unnamed")}
        where = {"channel": message["channel"], "messageTs": message["ts"], "user": user}
        await self._control("interact", {**where, "action": chosen})

    async def _control(self, action: str, body: Json) -> Json:
        async with self._session.post(f"/_control/{action}", json=body) as response:
            reply: Json = await response.json()
        assert reply["ok"], reply
        return reply

    async def follow(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Apply changes until the websocket closes."""
        async for frame in socket:
            self._apply(json.loads(frame.data))
            self._changes.notify()

    def _apply(self, change: Json) -> None:
        match change["t"]:
            case "init":
                self._state = change["state"]
            case "message":
                message = change["message"]
                self._state["messages"].setdefault(message["channel"], []).append(message)
            case "message_update":
                changed = change["message"]
                messages = self._state["messages"][changed["channel"]]
                messages[:] = [changed if m["ts"] == changed["ts"] else m for m in messages]
            case "message_delete":
                messages = self._state["messages"][change["channel"]]
                messages[:] = [m for m in messages if m["ts"] != change["ts"]]
            case "channel":
                self._state["channels"].append(change["channel"])
            case "home":
                self._state["homeViews"].setdefault(change["user"], {})[change["appId"]] = change[
                    "view"
                ]
            case "log":
                self._state["log"].append(change["entry"])


@asynccontextmanager
async def workspace(slack: LocalSlack) -> AsyncIterator[Workspace]:
    """Connect to the workspace of a running local-slack."""
    async with slack.session() as session, session.ws_connect("/ui") as socket:
        connected = Workspace(session)
        following = asyncio.create_task(connected.follow(socket))
        try:
            await connected.until(lambda: bool(connected._state))
            yield connected
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following


def elements_of(message: Json) -> Iterator[Json]:
    """Yield a message's blocks and their elements, in order."""
    return _walk(message.get("blocks") or ())


def values_of(element: Json) -> list[str]:
    """Return the values that a button, a pair of thumbs or a menu may send."""
    thumbs = [element[name] for name in ("positive_button", "negative_button") if name in element]
    parts = element.get("options") or thumbs or [element]
    return [part["value"] for part in parts if "action_id" in element and "value" in part]


def text_of(message: Json) -> str:
    """Return the text of a message's blocks, or its plain text without blocks."""
    found = [part["text"] for part in elements_of(message) if isinstance(part.get("text"), str)]
    return "\n".join(found or [message["text"]])


def reactions_of(message: Json) -> list[str]:
    """Return the names of the reactions to a message, in order."""
    return [reaction["name"] for reaction in message.get("reactions", ())]


def _walk(blocks: Iterable[Any]) -> Iterator[Json]:
    for block in blocks:
        if isinstance(block, dict):
            yield block
            yield from _walk(block.values())
        elif isinstance(block, list):
            yield from _walk(block)
