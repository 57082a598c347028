"""A person in local-slack's workspace: what they do, and what they see."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, TypeVar

import aiohttp

from tests.stubs.discord.changes import Changes
from tests.stubs.local_slack.stand_in import ANN, BEN, BOT_TOKEN, BOT_USER, MUSIC, StandIn

PATIENCE: Final = 20.0

Json = dict[str, Any]
T = TypeVar("T")


class Workspace:
    """What a browser at local-slack shows: it is told of every change, so nothing is polled."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._changes = Changes()
        self._state: Json = {}

    async def post(
        self, text: str, *, user: str = ANN, channel: str = MUSIC, thread: str | None = None
    ) -> Json:
        """Write a message; for a direct one, `channel` is whose. Returns it once it is out."""
        body = {"channel": channel, "user": user, "text": text, "thread_ts": thread}
        message: Json = (await self._do("message", body))["message"]
        return message

    async def react(self, message: Json, name: str, *, user: str = ANN, added: bool = True) -> None:
        """Put a reaction under a message, or take it away."""
        where = {"channel": message["channel"], "ts": message["ts"]}
        await self._do("reaction", {**where, "user": user, "name": name, "present": added})

    async def command(self, text: str, *, user: str = ANN, channel: str = MUSIC) -> Json:
        """Say /genre; returns the bot's answer in the channel."""
        before = self.said(channel)
        body = {"channel": channel, "user": user, "command": "/genre", "text": text}
        await self._do("command", body)
        return (await self.answers(len(before) + 1, channel))[len(before)]

    async def press(self, message: Json, action: str, *, user: str = ANN) -> None:
        """Press a button under a message."""
        await self._interact(message, {"type": "button", "value": action}, action, user)

    async def choose(self, message: Json, action: str, value: str, *, user: str = ANN) -> None:
        """Choose from a menu under a message."""
        menu = next(part for part in parts(message) if part.get("action_id") == action)
        option = next(option for option in menu["options"] if option["value"] == value)
        chosen = {"type": menu["type"], "selected_option": option}
        await self._interact(message, chosen, action, user)

    async def delete(self, message: Json) -> None:
        """Delete a message of a person's own."""
        where = {"channel": message["channel"], "ts": message["ts"], "user": message["user"]}
        await self._do("delete-message", where)

    async def open_home(self, user: str = ANN) -> None:
        """Open the bot's App Home."""
        await self._do("open-home", {"user": user})

    async def until(self, happened: Callable[[], T | None]) -> T:
        """Return the first true value of `happened`."""
        return await self._changes.until(happened, self._seen, within=PATIENCE)

    async def answers(self, count: int, channel: str = MUSIC) -> Sequence[Json]:
        """Return the bot's messages in a channel, once there are `count`."""
        return await self.until(
            lambda: found if len(found := self.said(channel)) >= count else None
        )

    async def card(self, text: str, *, user: str = ANN, channel: str = MUSIC) -> Json:
        """Let someone paste `text`; return the card that answers, when it is complete."""
        known = {message["ts"] for message in self.cards(channel)}
        await self.post(text, user=user, channel=channel)
        found = await self.until(
            lambda: [m for m in self.cards(channel) if m["ts"] not in known and len(signs(m)) > 3]
        )
        return found[0]

    async def fence(self, channel: str = MUSIC) -> None:
        """Wait until the bot has answered what was said before; its hint stays in the channel."""
        before = len(self.said(channel))
        asked = await self.post(f"<@{BOT_USER}> hello", user=BEN, channel=channel)
        await self.until(
            lambda: any(m.get("thread_ts") == asked["ts"] for m in self.said(channel)[before:])
        )

    def messages(self, channel: str = MUSIC) -> Sequence[Json]:
        """Return the messages of a channel, oldest first."""
        found: list[Json] = self._state["messages"].get(channel, [])
        return list(found)

    def said(self, channel: str = MUSIC) -> Sequence[Json]:
        """Return the bot's messages in words, without charts."""
        return [
            message
            for message in self.messages(channel)
            if message["user"] == BOT_USER and "files" not in message
        ]

    def cards(self, channel: str = MUSIC) -> Sequence[Json]:
        """Return the cards in a channel."""
        return [
            m for m in self.said(channel) if any(part["type"] == "actions" for part in parts(m))
        ]

    def charts(self, channel: str = MUSIC) -> Sequence[Json]:
        """Return the files in a channel, each with the message that brought it."""
        return [
            {**file, "message": message}
            for message in self.messages(channel)
            for file in message.get("files", ())
        ]

    def direct(self, user: str = ANN) -> str:
        """Return a person's channel with the bot."""
        channels: list[Json] = self._state["channels"]
        return next(str(c["id"]) for c in channels if c["is_im"] and user in c["members"])

    def now(self, message: Json) -> Json:
        """Return a message as it stands."""
        return next(m for m in self.messages(message["channel"]) if m["ts"] == message["ts"])

    def home(self, user: str = ANN) -> Json | None:
        """Return the App Home that a person was shown last."""
        views: Json = self._state["homeViews"].get(user, {})
        return next(iter(views.values()), None)

    def asked(self, method: str) -> Sequence[Json]:
        """Return the arguments of the requests to a method of the Web API, in their order."""
        log = self._state["log"]
        return [e["detail"] for e in log if e["kind"] == "web_api" and e["summary"] == method]

    def heard(self, part: str) -> Sequence[str]:
        """Return the lines of local-slack's log that contain `part`."""
        return [e["summary"] for e in self._state["log"] if part in e["summary"]]

    async def download(self, file: Json) -> bytes:
        """Return a file's bytes."""
        path = "/" + file["url_private"].split("/", 3)[3]
        headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
        async with self._session.get(path, headers=headers) as response:
            assert response.status == 200
            return await response.read()

    def _seen(self) -> object:
        return {
            channel: [(message["user"], words(message), signs(message)) for message in messages]
            for channel, messages in self._state["messages"].items()
        }

    async def _interact(self, message: Json, action: Json, action_id: str, user: str) -> None:
        part = next(block for block in message["blocks"] if block["type"] == "actions")
        chosen = {**action, "action_id": action_id, "block_id": part["block_id"]}
        where = {"channel": message["channel"], "messageTs": message["ts"], "user": user}
        await self._do("interact", {**where, "action": chosen})

    async def _do(self, what: str, body: Json) -> Json:
        async with self._session.post(f"/_control/{what}", json=body) as response:
            answer: Json = await response.json()
        assert answer["ok"], answer
        return answer

    async def look(self, line: aiohttp.ClientWebSocketResponse) -> None:
        """Follow what is shown until the line ends."""
        async for frame in line:
            self._change(json.loads(frame.data))
            self._changes.tell()

    def _change(self, told: Json) -> None:
        match told["t"]:
            case "init":
                self._state = told["state"]
            case "message":
                message = told["message"]
                self._state["messages"].setdefault(message["channel"], []).append(message)
            case "message_update":
                changed = told["message"]
                shown = self._state["messages"][changed["channel"]]
                shown[:] = [changed if m["ts"] == changed["ts"] else m for m in shown]
            case "message_delete":
                shown = self._state["messages"][told["channel"]]
                shown[:] = [m for m in shown if m["ts"] != told["ts"]]
            case "channel":
                self._state["channels"].append(told["channel"])
            case "home":
                self._state["homeViews"].setdefault(told["user"], {})[told["appId"]] = told["view"]
            case "log":
                self._state["log"].append(told["entry"])


@asynccontextmanager
async def workspace(slack: StandIn) -> AsyncIterator[Workspace]:
    """Look at a stand-in, and act in it."""
    async with slack.session() as session, session.ws_connect("/ui") as line:
        seen = Workspace(session)
        looking = asyncio.create_task(seen.look(line))
        try:
            await seen.until(lambda: bool(seen._state))
            yield seen
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking


def parts(message: Json) -> Iterator[Json]:
    """Return a message's blocks and what stands in them, in their order."""
    return _walk(message.get("blocks") or ())


def words(message: Json) -> str:
    """Return all that a message says: its blocks, or its text where it has none."""
    said = [part["text"] for part in parts(message) if isinstance(part.get("text"), str)]
    return "\n".join(said or [message["text"]])


def signs(message: Json) -> list[str]:
    """Return the reactions under a message, in their order."""
    return [reaction["name"] for reaction in message.get("reactions", ())]


def _walk(blocks: Iterable[Any]) -> Iterator[Json]:
    for block in blocks:
        if isinstance(block, dict):
            yield block
            yield from _walk(block.values())
        elif isinstance(block, list):
            yield from _walk(block)
