"""Use cases: what the bot does, on the ports of `bot.domain.ports`."""
