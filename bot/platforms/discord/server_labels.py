"""What the commands about a server's labels do, and how it is displayed."""

from typing import Any, Final

from discord import ui

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
            notice = await _teach(services, stored, options)
        case "forget":
            notice = await services.own_labels.forget(place, options["label"], options["song"])
        case _:
            notice = await services.own_labels.overview(place)
    return _layout(notice)


async def _teach(services: Services, stored: StoredJob, options: Any) -> Notice:
    """Teach a label by the card that the command is about, else by a song or the person's last."""
    place, label, card_id = stored.job.place, options["label"], options.get("card")
    if card_id is not None:
        card = await services.cards.get(card_id, place)
        return await services.own_labels.teach_by_card(place, label, card)
    user = stored.job.payload["user"]
    return await services.own_labels.teach(
        place, label, options["song"], lambda: services.cards.requested_by(place, user)
    )


def _layout(notice: Notice) -> ui.LayoutView:
    lines = "\n".join(map(present.plain_sentence, notice.text.splitlines()))
    return ui.LayoutView(timeout=None).add_item(ui.TextDisplay(lines[:MAX_VIEW_LENGTH]))
