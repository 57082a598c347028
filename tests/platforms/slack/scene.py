"""Runs the platform against the stub, acts as people and reads what they see."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.domain.cards import Answer, Theme
from bot.domain.channel_settings import ChannelSettings
from bot.domain.places import Place
from bot.platforms.slack import present_card
from bot.platforms.slack.credentials import Credentials
from bot.platforms.slack.events import SAVE_SHORTCUT, SHORTCUT
from bot.platforms.slack.platform import STOP_SECONDS, OpenVault, SlackPlatform
from bot.services.services import Services
from tests.stubs.slack import block_kit
from tests.stubs.slack.delivery import Delivery
from tests.stubs.slack.objects import Channel, Json, User
from tests.stubs.slack.server import SlackStub
from tests.stubs.slack.state import APP_TOKEN, CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET
from tests.support.blocked_features import blocked_features
from tests.support.factories import HEROES
from tests.support.fake_app import FakeApp

T = TypeVar("T")

OTHER_LINK = f"https://open.spotify.com/track/{HEROES}"
REACT = "reactions.add"
SEND = "chat.postMessage"
OFFERED_REACTIONS = 4
"""Reactions under a card: "right" and the three genres of its buttons."""


@dataclass
class RunningBot:
    """A running platform: its task, and the lines for the operator."""

    task: asyncio.Task[None]
    lines: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Base address of its HTTP server, from the first line."""
        return next(word for word in self.lines[0].split() if "://" in word).rpartition("/slack")[0]


class Scene:
    """A fake Slack with one workspace, a channel and two people.

    Attributes:
        stub: The fake Slack.
        app: The bot's services, on fakes.
        actions: Acts as people.
        team: The workspace.
        music: Its channel.
        ada: A member.
        bob: Another member.
        link_delay: Seconds that link_shared waits for the message event.
        stop_seconds: Time for requests and jobs in progress when the bot stops.
    """

    def __init__(self, stub: SlackStub, app: FakeApp) -> None:
        self.stub = stub
        self.app = app
        self.actions = stub.actions
        self.team = stub.state.workspace()
        self.music = self.actions.channel(self.team)
        self.ada = self.actions.user("ada")
        self.bob = self.actions.user("bob")
        self.link_delay = 0.0
        self.stop_seconds = STOP_SECONDS

    @property
    def mention(self) -> str:
        """Text that mentions the bot."""
        return f"<@{self.team.bot_user}>"

    def credentials(self, **replaced: str | None) -> Credentials:
        """Return credentials for one workspace by Socket Mode, with some replaced."""
        defaults: dict[str, Any] = {
            "bot_token": self.team.token,
            "app_token": APP_TOKEN,
            "url": self.stub.api,
        }
        return Credentials(**defaults | replaced)

    def http_credentials(self, **replaced: str | None) -> Credentials:
        """Return credentials for one workspace by HTTP, with some replaced."""
        own = {"app_token": None, "signing_secret": SIGNING_SECRET}
        return self.credentials(**own | replaced)

    def oauth_credentials(self, **replaced: str | None) -> Credentials:
        """Return credentials for many workspaces by HTTP, with some replaced."""
        own = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        return self.http_credentials(bot_token=None, **own | replaced)

    @asynccontextmanager
    async def bot(
        self,
        credentials: Credentials | None = None,
        services: Services | None = None,
        vault: OpenVault | None = None,
    ) -> AsyncIterator[RunningBot]:
        """Run the bot until the end of the block; wait until it is ready."""
        running = self.start(credentials, services, vault)
        try:
            await self.stub.until(lambda: running.task.done() or running.lines)
            if running.task.done():
                running.task.result()
            if running.lines and (credentials is None or credentials.by_socket):
                await self.stub.wait_for_socket()
            else:
                self.stub.deliveries.processes.append(running.address)
            yield running
        finally:
            await stop(running)

    def start(
        self,
        credentials: Credentials | None = None,
        services: Services | None = None,
        vault: OpenVault | None = None,
    ) -> RunningBot:
        """Start the bot without waiting until it is ready."""
        platform = SlackPlatform(
            credentials or self.credentials(),
            host="127.0.0.1",
            port=0,
            vault=vault,
            first_delay=0.01,
            refresh_delay=0,
            link_delay=self.link_delay,
            ping_interval=0.2,
            stop_seconds=self.stop_seconds,
        )
        lines: list[str] = []

        async def notify_ready(line: str) -> None:
            lines.append(line)
            self.stub.changes.notify()

        run = platform.run(services or self.app.services, notify_ready)
        task = asyncio.create_task(run)
        task.add_done_callback(lambda _: self.stub.changes.notify())
        return RunningBot(task, lines)

    async def paste(self, text: str, channel: Channel | None = None) -> Json:
        """Paste `text` as ada; return its one reply once that has reactions."""
        channel = channel or self.music
        before = len(self.stub.messages(channel))
        offered = len(self.stub.calls_to(REACT))
        self.actions.post(channel, self.ada, text)
        (card,) = (await self.stub.wait_for_messages(channel, before + 1))[before:]
        await self.stub.wait_for_calls(REACT, offered + OFFERED_REACTIONS)
        return card

    async def barrier(self, channel: Channel | None = None) -> None:
        """Wait until the bot has handled earlier messages; adds one hint to the channel.

        A mention without a link is answered with a hint, after everything that was sent before it.
        """
        channel = channel or self.music
        before = len(self.stub.messages(channel))
        self.actions.post(channel, self.actions.user("passer-by"), f"{self.mention} hello")
        await self.stub.wait_for_messages(channel, before + 1)

    async def within_timeout(self, awaitable: Awaitable[T]) -> T:
        """Await with the stub's timeout."""
        return await asyncio.wait_for(awaitable, self.stub.timeout)

    def current(self, message: Json, channel: Channel | None = None) -> Json | None:
        """Return the current version of a message; None if it is deleted."""
        return self.stub.state.messages.get(((channel or self.music).id, message["ts"]))

    async def wait_for_text(self, message: Json, text: str) -> None:
        """Wait until a message contains `text`."""
        await self.stub.until(lambda: text in text_of(self.current(message) or {}))

    async def response_text(self, delivery: Delivery) -> str:
        """Wait for the one reply to the `response_url` of a delivery; return its sentences."""
        (reply,) = await self.stub.wait_for_responses(delivery)
        sentences = [block for block in reply["blocks"] if block["type"] != "actions"]
        return text_of({**reply, "blocks": sentences})

    def shortcut(self, channel: Channel, message: Json) -> Delivery:
        """Use the shortcut on a message as ada."""
        return self.actions.shortcut(channel, self.ada, message, SHORTCUT)

    def save(self, channel: Channel, message: Json) -> Delivery:
        """Use the shortcut "Save card" on a message as ada."""
        return self.actions.shortcut(channel, self.ada, message, SAVE_SHORTCUT)

    def choose(self, card: Json, user: User, value: str, *, private: bool = False) -> Delivery:
        """Choose a value in the menu under a card, or press the button that stands for it."""
        for button in block_kit.elements(card["blocks"], "button"):
            if button.get("value") == value:
                return self._use(card, user, button, private=private, value=value)
        menu = next(block_kit.elements(card["blocks"], "static_select"))
        (option,) = (option for option in menu["options"] if option["value"] == value)
        return self._use(card, user, menu, private=private, selected_option=option)

    def agree(self, card: Json, user: User) -> Delivery:
        """Press the thumb up under a card, or in its place the button "That's right"."""
        if thumbs := next(block_kit.elements(card["blocks"], "feedback_buttons"), None):
            return self._use(card, user, thumbs, value=thumbs["positive_button"]["value"])
        return self.press(card, user, present_card.AGREE)

    def disagree(self, card: Json, user: User) -> Delivery:
        """Press the thumb down under a card."""
        thumbs = next(block_kit.elements(card["blocks"], "feedback_buttons"))
        return self._use(card, user, thumbs, value=thumbs["negative_button"]["value"])

    def press(self, message: Json, user: User, action: str, *, private: bool = False) -> Delivery:
        """Press a button of a message by its action id; `private` if only one sees it."""
        buttons = block_kit.elements(message["blocks"], "button")
        button = next(one for one in buttons if one["action_id"] == action)
        return self._use(message, user, button, private=private, value=button["value"])

    def pick(self, message: Json, user: User, label: str, *, private: bool = False) -> Delivery:
        """Choose a song by a button or in the menu of a message; `private` if only one sees it."""
        for button in block_kit.elements(message["blocks"], "button"):
            if button["text"]["text"].startswith(label):
                return self._use(message, user, button, private=private, value=button["value"])
        menu = next(block_kit.elements(message["blocks"], "static_select"))
        (option,) = (one for one in menu["options"] if label in one["text"]["text"])
        return self._use(message, user, menu, private=private, selected_option=option)

    def place(self, channel: Channel | None = None) -> Place:
        """Return the place of a channel."""
        channel = channel or self.music
        return Place("slack", channel.workspace.id, channel.id)

    def set_settings(self, settings: ChannelSettings) -> None:
        """Set the settings of `music`."""
        self.app.settings.set[self.place()] = settings

    @contextmanager
    def blocked_chart(self) -> Iterator[tuple[asyncio.Event, asyncio.Event]]:
        """Block drawing.

        Yield an event that is set when a chart is requested, and one that lets it proceed.
        """
        started, proceed = asyncio.Event(), asyncio.Event()
        draw = self.app.renderer.chart

        async def chart(answer: Answer, theme: Theme) -> bytes:
            started.set()
            await proceed.wait()
            return await draw(answer, theme)

        self.app.renderer.chart = chart  # type: ignore[method-assign] # until the block ends
        try:
            yield started, proceed
        finally:
            self.app.renderer.chart = draw  # type: ignore[method-assign] # as it was

    @contextmanager
    def blocked_features(self) -> Iterator[tuple[asyncio.Event, asyncio.Event]]:
        """Block the feature source.

        Yield an event that is set when it is requested, and one that lets it proceed.
        """
        started = asyncio.Event()
        with blocked_features(self.app, started) as (proceed, _):
            yield started, proceed

    def _use(
        self, card: Json, user: User, element: Json, *, private: bool = False, **chosen: object
    ) -> Delivery:
        actions = next(block for block in card["blocks"] if element in block.get("elements", ()))
        container = {
            "type": "message",
            "message_ts": self.stub.state.new_ts() if private else card["ts"],
            "channel_id": self.music.id,
            "is_ephemeral": private,
        }
        if "thread_ts" in card:
            container["thread_ts"] = card["thread_ts"]
        block_id = actions.get("block_id", "as Slack named it")
        return self.actions.use_element(user, element, block_id, container, self.team, **chosen)


async def stop(running: RunningBot) -> None:
    """Cancel a bot, as a signal does, unless it has ended."""
    if running.task.done():
        return
    running.task.cancel()
    with suppress(asyncio.CancelledError):
        await running.task


def text_of(message: Json) -> str:
    """Return the text of a message's blocks, or its plain text without blocks.

    All spaces in it are plain ones.
    """
    layout = message.get("blocks") or []
    found = [*block_kit.texts(layout, "plain_text"), *block_kit.texts(layout, "mrkdwn")]
    text = "\n".join(found) or str(message.get("text", ""))
    return text.replace("\N{NO-BREAK SPACE}", " ")


def reactions_of(message: Json | None, user: str) -> list[str]:
    """Return the names of a user's reactions to a message, in order."""
    return [name for owner, name in (message or {"reactions": []})["reactions"] if owner == user]
