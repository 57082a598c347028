"""The chats that the bot speaks in, one folder each; a vendor's package stays in its folder."""
