"""Converts presses of buttons, choices in menus and the shortcut on a card to jobs."""

from collections.abc import Mapping
from typing import Any, Final

from bot.domain.jobs import Job, JobKind
from bot.domain.tracks import SubjectRef
from bot.platforms.slack import ids, present, present_card, present_help

ABOUT_CARDS: Final = frozenset({present_card.DETAILS, present_card.SAVE})
VOTES: Final = frozenset({present_card.CHOOSE, present_card.AGREE, present_card.WITHDRAW})
"""Action ids of questions about a card, and of votes besides those for one genre each."""

Json = Mapping[str, Any]


def action_job(body: Json, team: str) -> Job | None:
    """Return the job for a choice or a press of a button; None if it only opens a link."""
    action, user, trigger = body["actions"][0], str(body["user"]["id"]), str(body["trigger_id"])
    if action["action_id"] == present.MODE:
        value = str(action["selected_option"]["value"])
        return Job(ids.place(team, ""), trigger, JobKind.SETTING, {"user": user, "value": value})
    if action["action_id"] == present.ANSWER_WAITING:
        place = ids.place(str(body["team"]["id"]), str(body["channel"]["id"]))
        return Job(place, trigger, JobKind.RELEASE, {"user": user})
    if action["action_id"].startswith(present.PICK):
        return _pick(body, action, user)
    if action["action_id"] in ABOUT_CARDS:
        return _about_card(body, action, user, JobKind.CARD)
    if action["action_id"] in VOTES or action["action_id"].startswith(present_card.GENRE):
        return _about_card(body, action, user, JobKind.CHOICE)
    return None


def save_job(body: Json) -> Job:
    """Return the job for the shortcut that asks for the picture of a card."""
    source = body["message"]
    payload = {
        "user": str(body["user"]["id"]),
        "card": None,
        "value": present_card.SAVE,
        "message": str(source["ts"]),
        "thread": str(source.get("thread_ts") or source["ts"]),
        "response_url": str(body["response_url"]),
    }
    place = ids.place(str(body["team"]["id"]), str(body["channel"]["id"]))
    return Job(place, str(body["trigger_id"]), JobKind.CARD, payload)


def _about_card(body: Json, action: Json, user: str, kind: JobKind) -> Job:
    """Return the job for a choice or a press of a button below a card, or about one."""
    container = body["container"]
    _, card, *message = str(action["block_id"]).split(":")  # with its message if it is about one
    # A card that only the person sees is in no message that can be updated.
    own = "" if container.get("is_ephemeral") else str(container["message_ts"])
    timestamp = message[0] if message else own
    payload = {
        "user": user,
        "card": int(card),
        "value": _value(action),
        "message": timestamp,
        "thread": container.get("thread_ts") or timestamp or None,
        "private": bool(message),
        "response_url": str(body["response_url"]),
    }
    place = ids.place(str(body["team"]["id"]), str(body["channel"]["id"]))
    order = f"{card}/{user}" if kind is JobKind.CHOICE else None
    return Job(place, str(body["trigger_id"]), kind, payload, order)


def _value(action: Json) -> str | None:
    """Return a genre, or one of the values in `present_card`; None for agreement."""
    if "selected_option" in action:
        return str(action["selected_option"]["value"])
    value = str(action["value"])
    return None if value == present_card.AGREE else value


def _pick(body: Json, action: Json, user: str) -> Job:
    """Return the job for a song that was chosen below a sentence or a summary.

    It is answered in the thread of that message, and with it its answer is deleted; a message that
    only the person sees has no thread. The songs of the help are answered for the person only.
    """
    container = body["container"]
    value = str(
        action["selected_option"]["value"] if "selected_option" in action else action["value"]
    )
    public = None if container.get("is_ephemeral") else str(container["message_ts"])
    thread = container.get("thread_ts") or body.get("message", {}).get("thread_ts") or public
    payload = {
        "user": user,
        "ref": str(SubjectRef.parse(value)),
        "source": public,
        "thread": thread,
        "private": action["action_id"].startswith(present_help.EXAMPLE),
        "response_url": str(body["response_url"]),
    }
    place = ids.place(str(body["team"]["id"]), str(body["channel"]["id"]))
    return Job(place, str(body["trigger_id"]), JobKind.PICK, payload)
