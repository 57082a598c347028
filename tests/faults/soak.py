"""Soak: memory of the bot after many cards."""

from collections.abc import AsyncIterator

from bot.domain import emoji
from tests.faults import usage
from tests.faults.discord_side import DiscordSide
from tests.faults.lab import Lab, settled
from tests.faults.table import Row, counted, exactly

TRACKS = 400
GUILDS = 20
CHANNELS = 200
"""With this many, no channel gets more in a minute than the bot answers without waiting."""

BATCH = 40
VOTE_EVERY = 10
GROWTH_LIMIT = 0.10
QUIET_SECONDS = 60.0
LIMIT_SECONDS = 120.0


async def run(lab: Lab) -> AsyncIterator[Row]:
    """Ask for cards in batches; compare the memory after the first tenth and at the end."""
    count = lab.size(20_000, 800)
    side = DiscordSide(guilds=GUILDS, channels=CHANNELS // GUILDS)
    unanswered = asked = 0
    first = 0.0
    async with side.running(lab.subfolder("soak")):
        await side.bot.start()
        while asked < count:
            for number in range(asked, asked + BATCH):
                # Each time that a channel is used, with another track.
                track = (number // CHANNELS + number % CHANNELS) % TRACKS
                side.paste(side.channels[number % CHANNELS], track)
            asked += BATCH
            unanswered += await settled(side.open_count, quiet=QUIET_SECONDS, limit=LIMIT_SECONDS)
            for reply in list(side.replies())[::VOTE_EVERY]:
                side.stub.actions.react(reply["id"], side.user(), emoji.RIGHT)
            if not first and asked >= count // 10:
                first = usage.memory_mb(side.bot.pid)
            if asked % 2000 == 0:
                lab.report(f"soak: {asked} cards, {usage.memory_mb(side.bot.pid):.0f} MB")
            side.forget_messages()
        last = usage.memory_mb(side.bot.pid)
        yield exactly(f"{asked:,} cards: without an answer", 0, unanswered)
        yield counted(f"{asked:,} cards: memory after {count // 10:,} cards", f"{first:.0f} MB")
        name = f"{asked:,} cards: growth of memory after that"
        growth = last / first - 1
        limit = f"at most {GROWTH_LIMIT:.0%}"
        # The short form is too short for a figure: caches are still filling.
        yield Row(name, limit, f"{growth:.1%}", None if lab.short else growth <= GROWTH_LIMIT)
