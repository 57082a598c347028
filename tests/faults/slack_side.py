"""People in the fake Slack, and what the bot answers them."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.platforms.slack import emoji_names, present_card
from bot.platforms.slack.credentials import SCOPES
from tests.faults.bots import Bot, closing
from tests.faults.lab import wait_for
from tests.faults.music import MusicService, link, title
from tests.faults.ports import free_port, is_open
from tests.faults.tallies import Ledger, Tally, count_answers, lost_votes
from tests.stubs.slack import block_kit, subprocess_environment
from tests.stubs.slack.delivery import Delivery
from tests.stubs.slack.objects import Channel, Json, User
from tests.stubs.slack.server import SlackStub
from tests.stubs.slack.state import APP_TOKEN, SIGNING_SECRET

READY_SECONDS = 60.0
RETRY_SECONDS = (0.2, 2.0, 10.0)
"""Slack's delays are 0, 60 and 300 s; so many kills in an hour need shorter ones."""
NEWEST = 10


class SlackSide:
    """A workspace with channels, and the bot.

    Attributes:
        stub: The fake Slack.
        ledger: What people did.
        by_socket: Whether the next process uses Socket Mode instead of HTTP.
    """

    name = "slack"

    def __init__(self, channels: int = 40, *, by_socket: bool = False) -> None:
        self.stub = SlackStub(SCOPES)
        self.stub.deliveries.retry_delays = RETRY_SECONDS
        self.by_socket = by_socket
        self.team = self.stub.state.workspace()
        self.channels = [self.stub.actions.channel(self.team) for _ in range(channels)]
        self.ledger = Ledger()
        self.music: MusicService
        self.bot: Bot
        self.port = free_port()
        self._pastes: dict[str, tuple[int, list[Delivery]]] = {}
        self._votes: list[tuple[int, Delivery]] = []
        self._commands: list[tuple[int, Delivery]] = []

    @asynccontextmanager
    async def running(self, folder: Path, *, sampled: bool = False) -> AsyncIterator["SlackSide"]:
        """Serve the fake Slack and the music service; the bot is not started."""
        async with MusicService().running() as self.music, self.stub.running():
            self.bot = self.new_bot(folder, self.port, sampled=sampled)
            async with closing(self.bot):
                yield self

    def new_bot(self, folder: Path, port: int, *, sampled: bool = False, **more: str) -> Bot:
        """Return a further process, which may share the folder."""
        site = folder / "site"
        site.mkdir(parents=True, exist_ok=True)
        settings = {
            "SLACK_BOT_TOKEN": self.team.token,
            "SLACK_HOST": "127.0.0.1",
            "SLACK_PORT": str(port),
            "RECCOBEATS_URL": self.music.url,
            "PYTHONPATH": subprocess_environment.environment(self.stub, site)["PYTHONPATH"],
            **more,
        }
        if self.by_socket:
            settings["SLACK_APP_TOKEN"] = APP_TOKEN
        else:
            settings["SLACK_SIGNING_SECRET"] = SIGNING_SECRET
            self.stub.deliveries.processes.append(f"http://127.0.0.1:{port}")
        return Bot(folder, self.name, settings, sampled=sampled)

    async def ready(self) -> bool:
        """Wait until the bot receives events; return whether its process runs."""

        def found() -> bool:
            if not self.bot.is_running:
                return True
            return bool(self.stub.deliveries.sockets) if self.by_socket else is_open(self.port)

        await wait_for(found, READY_SECONDS)
        return self.bot.is_running

    def user(self) -> User:
        """Return a new person, so that no limit for one person is reached."""
        return self.stub.actions.user("somebody")

    def paste(self, channel: Channel | None = None, number: int | None = None) -> str:
        """Let a new person post a link, by default to a track of its own; return the timestamp."""
        number = self.ledger.new_number() if number is None else number
        channel = channel or self.channels[number % len(self.channels)]
        ts, deliveries = self.stub.actions.post(channel, self.user(), link(number))
        self._pastes[ts] = number, deliveries
        self.ledger.pastes[ts] = number
        return ts

    def act(self, rng: random.Random) -> None:
        """Let a new person do something: post, react, press a button or use a command."""
        cards = self._newest_cards() if rng.random() < 0.5 else []
        if not cards:
            self._command(rng) if rng.random() < 0.15 else self.paste()
            return
        channel, card = rng.choice(cards)
        number = self.ledger.pastes[card["thread_ts"]]
        if rng.random() < 0.6:
            reacted = self.stub.actions.react(channel, card["ts"], self.user(), emoji_names.RIGHT)
            self._votes += [(number, one) for one in reacted]
        else:
            self._votes.append((number, self._press(channel, card)))

    def react(self) -> None:
        """Let a new person say that the newest card is right."""
        channel, card = self._newest_cards()[-1]
        number = self.ledger.pastes[card["thread_ts"]]
        reacted = self.stub.actions.react(channel, card["ts"], self.user(), emoji_names.RIGHT)
        self._votes += [(number, one) for one in reacted]

    def _press(self, channel: Channel, card: Json) -> Delivery:
        thumbs = block_kit.elements(card["blocks"], "feedback_buttons")
        buttons = block_kit.elements(card["blocks"], "button")
        element = next(thumbs, None) or next(buttons)  # an unsure card has a button for its genre
        block = next(one for one in card["blocks"] if element in one.get("elements", ()))
        container = {"type": "message", "message_ts": card["ts"], "channel_id": channel.id}
        value = element.get("positive_button", element)["value"]
        return self.stub.actions.use_element(
            self.user(), element, block["block_id"], container, self.team, value=value
        )

    def _command(self, rng: random.Random) -> None:
        number, channel = self.ledger.new_number(), rng.choice(self.channels)
        command = self.stub.actions.command(channel, self.user(), link(number))
        self._commands.append((number, command))

    def replies(self) -> Iterator[tuple[str, Json]]:
        """Yield the bot's replies to messages with their channels, without files."""
        bot = self.team.bot_user
        for (channel, _), message in list(self.stub.state.messages.items()):
            own = message.get("user") == bot and "subtype" not in message
            if own and message.get("thread_ts") in self.ledger.pastes:
                yield channel, message

    def _newest_cards(self) -> list[tuple[Channel, Json]]:
        cards = [(channel, one) for channel, one in self.replies() if is_card(one)]
        return [(self.stub.state.channels[channel], card) for channel, card in cards[-NEWEST:]]

    def _cards_without_thread(self) -> Counter[str]:
        """Return the number of cards that answer commands, by title."""
        cards = [
            message
            for message in list(self.stub.state.messages.values())
            if is_card(message) and "thread_ts" not in message
        ]
        headers = (next(block_kit.elements(card["blocks"], "header")) for card in cards)
        return Counter(header["text"]["text"] for header in headers)

    def answers(self) -> Counter[str]:
        """Return the number of replies by message."""
        return Counter(reply["thread_ts"] for _, reply in self.replies())

    def open_count(self) -> int:
        """Return the number of posts that are not answered, without those Slack has given up."""
        answers = self.answers()
        return sum(
            not answers[ts]
            for ts, (_, deliveries) in self._pastes.items()
            if not all(one.failed for one in deliveries)
        )

    def remaining(self) -> int:
        """Return how much of what was accepted is not done, and what Slack still delivers."""
        tally = self.tally()
        waiting = sum(not (one.acknowledged or one.failed) for one in self.stub.deliveries.all)
        return tally.unanswered + tally.votes_lost + tally.commands_unanswered + waiting

    def tally(self) -> Tally:
        """Compare what was acknowledged with what was answered."""
        accepted = [
            ts
            for ts, (_, deliveries) in self._pastes.items()
            if any(one.acknowledged for one in deliveries)
        ]
        unanswered, twice = count_answers(accepted, self.answers())
        commands = [(number, one) for number, one in self._commands if one.acknowledged]
        cards = self._cards_without_thread()
        answered = [cards[title(n)] + len(self.stub.responses(one)) for n, one in commands]
        votes = [number for number, one in self._votes if one.acknowledged]
        return Tally(
            accepted=len(accepted) + len(commands),
            unanswered=unanswered,
            twice=twice + sum(count > 1 for count in answered),
            votes=len(votes),
            votes_lost=lost_votes(votes, self.bot.database),
            commands_unanswered=answered.count(0),
            failures=sum(not is_card(reply) for _, reply in self.replies()),
        )


def is_card(message: Json) -> bool:
    """Return whether a message is a card, by the block that contains its id."""
    return any(
        str(block.get("block_id", "")).startswith(present_card.CARD_BLOCK)
        for block in message.get("blocks") or []
    )
