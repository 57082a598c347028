"""What bot and training have in common about people's votes: which of them may train a model."""

from typing import Final

PAGE: Final = "web"
"""Platform of the web page."""

PUBLIC: Final = "public"
"""Workspace of a page that is served to everyone; its votes train only if the operator says so."""

SOUND_KEY: Final = "sound:"
"""Prefix of the keys of sound files, among them those that people sent in chats."""

LEAST_VOTERS: Final = 2
"""People who must agree, so that one person alone does not teach the model of everyone."""

MARGIN: Final = 0.6
"""Share of the evidence that a genre needs: three of five people who are alike."""
