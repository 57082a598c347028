"""People on the fake Discord, and what the bot answers them."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from bot.domain import emoji
from tests.faults.bots import Bot, closing
from tests.faults.lab import wait_for
from tests.faults.music import MusicService, link
from tests.faults.tallies import Ledger, Tally, count_answers, lost_votes
from tests.stubs.discord import redirect
from tests.stubs.discord.attachments import file_ids
from tests.stubs.discord.interactions import Interaction
from tests.stubs.discord.objects import Channel, Flag, Json, User
from tests.stubs.discord.server import DiscordStub
from tests.stubs.discord.spec import TEXT_DISPLAY, walk

READY_SECONDS = 60.0
NUMBER_BOUND = 10
KEPT = 400


class DiscordSide:
    """Servers with channels, and the bot.

    Attributes:
        stub: The fake Discord.
        channels: The channels.
        ledger: What people did.
        interactions: Number of the track by command, or by choice in a menu.
    """

    name = "discord"

    def __init__(self, guilds: int = 4, channels: int = 10) -> None:
        self.stub = DiscordStub(None)
        self.owner = self.stub.actions.user("owner")
        self.music: MusicService
        self.bot: Bot
        self.ledger = Ledger()
        self.channels: list[Channel] = []
        self.commands: list[Interaction] = []
        self.choices: list[tuple[Interaction, int]] = []
        for number in range(guilds):
            guild = self.stub.actions.guild(f"G{number}", self.owner)
            self.channels += [
                self.stub.actions.channel(guild, f"c{index}") for index in range(channels)
            ]

    @asynccontextmanager
    async def running(self, folder: Path, *, sampled: bool = False) -> AsyncIterator["DiscordSide"]:
        """Serve the fake Discord and the music service; the bot is not started."""
        async with MusicService().running() as self.music, self.stub.running():
            self.bot = self.new_bot(folder, sampled=sampled)
            async with closing(self.bot):
                yield self

    def new_bot(self, folder: Path, *, sampled: bool = False) -> Bot:
        """Return a further process, which may share the folder."""
        site = folder / "site"
        site.mkdir(parents=True, exist_ok=True)
        settings = {
            "DISCORD_TOKEN": self.stub.state.token,
            "RECCOBEATS_URL": self.music.url,
            "PYTHONPATH": redirect.subprocess_environment(self.stub, site)["PYTHONPATH"],
        }
        return Bot(folder, self.name, settings, sampled=sampled)

    async def ready(self) -> bool:
        """Wait until the bot has a session; return whether it has."""

        def found() -> bool:
            return bool(self.stub.gateway.ready_sessions) or not self.bot.is_running

        await wait_for(found, READY_SECONDS)
        return self.bot.is_running

    def user(self) -> User:
        """Return a new person, so that no limit for one person is reached."""
        return self.stub.actions.user("somebody")

    def paste(self, channel: Channel | None = None, number: int | None = None) -> str:
        """Let a new person post a link, by default to a track of its own; return the id."""
        number = self.ledger.new_number() if number is None else number
        channel = channel or self.channels[number % len(self.channels)]
        source = self.stub.actions.post(channel, self.user(), link(number))
        self.ledger.pastes[source] = number
        return source

    def act(self, rng: random.Random) -> None:
        """Let a new person do something: post, react, choose in a menu or use a command."""
        cards = self.recent_cards() if rng.random() < 0.5 else []
        if not cards:
            self._command(rng) if rng.random() < 0.15 else self.paste()
            return
        card = rng.choice(cards)
        number = self.ledger.pastes[card["message_reference"]["message_id"]]
        if rng.random() < 0.6:
            self.stub.actions.react(card["id"], self.user(), emoji.RIGHT)
            self.ledger.votes.append(number)
        else:
            menus = [one["custom_id"] for one in walk(card["components"]) if one.get("options")]
            if menus:
                chosen = self.stub.actions.select(card["id"], menus[0], ["jazz"], self.user())
                self.choices.append((chosen, number))

    def _command(self, rng: random.Random) -> None:
        number, channel = self.ledger.new_number(), rng.choice(self.channels)
        with suppress(AssertionError):  # the bot has not registered its commands
            command = self.stub.actions.command("genre", self.user(), channel, song=link(number))
            self.commands.append(command)

    def replies(self) -> Iterator[Json]:
        """Yield the bot's replies to messages, and not those to commands."""
        bot = self.stub.state.bot_user.id
        for message in list(self.stub.state.messages.values()):
            if message["author"]["id"] == bot and message.get("message_reference"):
                yield message

    def recent_cards(self) -> list[Json]:
        """Return the newest cards."""
        newest: list[Json] = []
        for message in reversed(list(self.stub.state.messages.values())):
            source = (message.get("message_reference") or {}).get("message_id")
            if source in self.ledger.pastes and file_ids(message):
                newest.append(message)
                if len(newest) == NUMBER_BOUND:
                    break
        return newest

    def answers(self) -> Counter[str]:
        """Return the number of replies by message."""
        return Counter(reply["message_reference"]["message_id"] for reply in self.replies())

    def open_count(self) -> int:
        """Return the number of posts that are not answered."""
        answers = self.answers()
        return sum(not answers[source] for source in self.ledger.pastes)

    def remaining(self) -> int:
        """Return the number of posts and commands without an answer, and of votes not stored."""
        tally = self.tally()
        return tally.unanswered + tally.commands_unanswered + tally.votes_lost

    def tally(self) -> Tally:
        """Compare what was accepted with what was answered.

        The gateway repeats an event to a session that has not confirmed it, so every message and
        every reaction counts as accepted; an interaction does if it was responded to.
        """
        unanswered, twice = count_answers(self.ledger.pastes, self.answers())
        commands = [one for one in self.commands if one.response_type]
        answered = [len(self._responses(one)) for one in commands]
        choices = [number for one, number in self.choices if one.response_type]
        votes = [*self.ledger.votes, *choices]
        failures = sum(not file_ids(reply) for reply in self.replies())
        return Tally(
            accepted=len(self.ledger.pastes) + len(commands),
            unanswered=unanswered,
            twice=twice + sum(count > 1 for count in answered),
            votes=len(votes),
            votes_lost=lost_votes(votes, self.bot.database),
            commands_unanswered=answered.count(0),
            failures=failures,
        )

    def _responses(self, interaction: Interaction) -> list[Json]:
        found = (self.stub.state.messages.get(message) for message in interaction.messages)
        return [message for message in found if message and not message["flags"] & Flag.LOADING]

    def react(self) -> None:
        """Let a new person say that the newest card is right."""
        card = self.recent_cards()[0]
        self.stub.actions.react(card["id"], self.user(), emoji.RIGHT)
        self.ledger.votes.append(self.ledger.pastes[card["message_reference"]["message_id"]])

    def forget_messages(self) -> None:
        """Free memory of the laboratory: older messages, files, requests and delivered events."""
        self.ledger.pastes.clear()
        self.stub.calls.clear()
        state = self.stub.state
        state.files.clear()
        for message_id in list(state.messages)[:-KEPT]:
            del state.messages[message_id]
            state.reactions.pop(message_id, None)
        for session in self.stub.gateway.sessions.values():
            for index in range(session.sent - 1, 0, -1):
                if not session.events[index]:
                    break
                session.events[index] = {}


def text_of(message: Json) -> str:
    """Return the text of a message, including its components."""
    parts = [one["content"] for one in walk(message["components"]) if one["type"] == TEXT_DISPLAY]
    return "\n".join([message["content"], *parts])
