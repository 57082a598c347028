"""Corrections from chats: read, agreed on, exported."""
