"""What the commands about a server's labels do, and how it is displayed."""

from collections.abc import Sequence
from typing import Any, Final

from discord import ui

from bot.domain.cards import Card
from bot.domain.jobs import StoredJob
from bot.domain.replies import Notice
from bot.platforms.discord import present
from bot.services.services import Services

LABELS: Final = "labels"
"""Name of the commands' jobs."""

LIST: Final = "list"
TEACH: Final = "teach"
FORGET: Final = "forget"
"""What a job asks for."""

MAX_VIEW_LENGTH: Final = 4000
"""Characters of all texts of a message, by Discord's documentation."""


async def change(services: Services, stored: StoredJob) -> ui.LayoutView:
    """Do what a command asks for; return the layout of the sentences about it."""
    place, options = stored.job.place, stored.job.payload["options"]
    match options["action"]:
        case "teach":
            latest = await _latest(services, stored, options)
            notice = await services.own_labels.teach(
                place, options["label"], options["song"], latest
            )
        case "forget":
            notice = await services.own_labels.forget(place, options["label"], options["song"])
        case _:
            notice = await services.own_labels.overview(place)
    return _layout(notice)


async def _latest(services: Services, stored: StoredJob, options: Any) -> Sequence[Card]:
    """Return the card that the command is about, else those that its person got."""
    place, card_id = stored.job.place, options.get("card")
    if card_id is None:
        return await services.cards.requested_by(place, stored.job.payload["user"])
    card = await services.cards.get(card_id, place)
    return [card] if card else []


def _layout(notice: Notice) -> ui.LayoutView:
    lines = "\n".join(map(present.plain_sentence, notice.text.splitlines()))
    return ui.LayoutView(timeout=None).add_item(ui.TextDisplay(lines[:MAX_VIEW_LENGTH]))
