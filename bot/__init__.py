"""The bot: links in, cards out, corrections kept. Knows `model`; `model` does not know it."""
