"""The local chat: one page on this computer, for trying the bot with no account at all."""
