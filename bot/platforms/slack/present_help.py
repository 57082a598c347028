"""Layout of the help, as a card with songs to press."""

from typing import Final

from bot.platforms.slack import present
from bot.texts import slack as words

EXAMPLE: Final = f"{present.PICK}_example"
"""First letters of the action ids of the help's songs, which are answered for the person only."""


def help_card() -> list[present.Block]:
    """Return the help with buttons that ask for the card of a song."""
    buttons = [
        {
            "type": "button",
            "action_id": f"{EXAMPLE}:{number}",
            "text": present.label(choice.label),
            "value": str(choice.ref),
        }
        for number, choice in enumerate(words.EXAMPLES)
    ]
    examples = {"type": "section", "text": present.mrkdwn(words.TRY_ONE)}
    return [*present.help_text(), examples, {"type": "actions", "elements": buttons}]
