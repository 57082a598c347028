"""Converts Slack's deliveries to jobs, and the jobs' payloads back.

A payload holds ids, also those of files, links, a search's words, and the address at which a
command or a press of a button is answered; never the text of a message, or a file's name or
address. Malformed deliveries raise KeyError, TypeError, ValueError or AttributeError.
"""

import html
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from bot.domain import links
from bot.domain.jobs import Job, JobKind, StoredJob
from bot.domain.places import Message
from bot.domain.tracks import SubjectRef
from bot.platforms.slack import emoji_names, ids, present, present_card, shared_files
from bot.services.ask import MAX_SEARCH_LENGTH

USER_SUBTYPES: Final = frozenset({None, "thread_broadcast", "file_share", "me_message"})
"""Subtypes of messages that people write."""

MALFORMED: Final = (
    AttributeError,
    IndexError,
    KeyError,
    RecursionError,
    TypeError,
    ValueError,
)
"""Exceptions for deliveries that are not as Slack documents them."""

ABOUT_CARDS: Final = frozenset({present_card.DETAILS, present_card.SAVE})
VOTES: Final = frozenset({present_card.CHOOSE, present_card.AGREE, present_card.WITHDRAW})
"""Action ids of questions about a card, and of votes besides those for one genre each."""

Json = Mapping[str, Any]


def event_job(body: Json, team: str, bot_user: str | None) -> Job | None:
    """Return the job for an event; None if it asks for nothing."""
    event = body["event"]
    match event["type"]:
        case "message":
            return _message_event(body, event, team, bot_user)
        case "app_mention":
            return _question(event, team, bot_user, addressed=True)
        case "link_shared":
            return _shared_link(event, team, bot_user)
        case "reaction_added" | "reaction_removed":
            return _reaction(body, event, team, bot_user)
    return None


def is_from_other_app(event: Json, bot_user: str | None) -> bool:
    """Return whether another app wrote a message with a link, which is not answered."""
    if event["type"] != "message" or not _is_from_app(event) or event.get("user") == bot_user:
        return False
    return any(name in str(event).lower() for name in links.LINK_MARKERS)


def command_job(body: Json) -> Job:
    """Return the job for the command /genre."""
    text = html.unescape(body.get("text", "")).strip()
    payload = {
        "user": str(body["user_id"]),
        "text": question(text),
        "response_url": str(body["response_url"]),
    }
    place = ids.place(str(body["team_id"]), str(body["channel_id"]))
    return Job(place, str(body["trigger_id"]), JobKind.COMMAND, payload)


def shortcut_job(body: Json) -> Job:
    """Return the job for the shortcut on a message.

    Without a link and without a file it is answered by a hint.
    """
    source = body["message"]
    previews = (preview.get("from_url", "") for preview in source.get("attachments", ()))
    text = html.unescape("\n".join([source.get("text", ""), *previews]))
    payload = {
        "user": str(body["user"]["id"]),
        # Without a link, the text of a message is not a search.
        "text": links.as_text(links.find(text)),
        "source": str(source["ts"]),
        "thread": str(source.get("thread_ts") or source["ts"]),
        "response_url": str(body["response_url"]),
        **shared_files.payload_of(source, asked=True),
    }
    place = ids.place(str(body["team"]["id"]), str(body["channel"]["id"]))
    return Job(place, str(body["trigger_id"]), JobKind.COMMAND, payload)


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
    _, card, *message = str(action["block_id"]).split(":")  # with its message if it is private
    timestamp = message[0] if message else str(container["message_ts"])
    payload = {
        "user": user,
        "card": int(card),
        "value": _value(action),
        "message": timestamp,
        "thread": str(container.get("thread_ts") or timestamp),
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
    only the person sees has no thread.
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
        "response_url": str(body["response_url"]),
    }
    place = ids.place(str(body["team"]["id"]), str(body["channel"]["id"]))
    return Job(place, str(body["trigger_id"]), JobKind.PICK, payload)


def question(text: str) -> str:
    """Return the links of a question, else its words as far as they may be a song's name."""
    found = links.find(text)
    return links.as_text(found) if found.links else text[: MAX_SEARCH_LENGTH + 1]


def message_of(stored: StoredJob, text: str) -> Message:
    """Return the message or command of a job, with its links or words as text."""
    return Message(stored.job.place, stored.job.id, stored.job.payload["user"], text)


def _message_event(body: Json, event: Json, team: str, bot_user: str | None) -> Job | None:
    if deleted := _deleted(event):
        place = ids.place(team, str(event["channel"]))
        event_id = f"deletion/{body['event_id']}"
        return Job(place, event_id, JobKind.DELETION, {"message": deleted})
    if _is_from_app(event) or event.get("subtype") not in USER_SUBTYPES:
        return None
    mentioned = f"<@{bot_user}>" in event.get("text", "")
    addressed = mentioned or event.get("channel_type") == "im"
    return _question(event, team, bot_user, addressed=addressed)


def _question(event: Json, team: str, bot_user: str | None, *, addressed: bool) -> Job | None:
    if _is_from_app(event) or event.get("user") in {None, bot_user}:
        return None
    found = links.find(html.unescape(event.get("text", "")))
    files = shared_files.payload_of(event)
    if not (found.links or addressed or shared_files.has_files(files)):
        return None
    job = _message_job(event, team, links.as_text(found), addressed=addressed, shared=False)
    return replace(job, payload={**job.payload, **files})


def _shared_link(event: Json, team: str, bot_user: str | None) -> Job | None:
    """Return the job for shared links; None for links in unsent drafts."""
    if event.get("source") == "composer" or not event.get("is_bot_user_member", True):
        return None
    found = links.find("\n".join(str(link["url"]) for link in event["links"]))
    if not found.links or event.get("user") in {None, bot_user}:
        return None
    return _message_job(event, team, links.as_text(found), addressed=False, shared=True)


def _message_job(event: Json, team: str, text: str, *, addressed: bool, shared: bool) -> Job:
    message = ids.message(team, event, text)
    payload = {
        "user": message.user,
        "links": text,
        "addressed": addressed,
        "shared": shared,
        "thread": ids.thread(event),
    }
    return Job(message.place, message.id, JobKind.MESSAGE, payload)


def _reaction(body: Json, event: Json, team: str, bot_user: str | None) -> Job | None:
    item, user, name = event["item"], str(event["user"]), str(event["reaction"])
    on_other = event.get("item_user") not in {None, bot_user}
    if item["type"] != "message" or on_other or user == bot_user:
        return None
    added = event["type"] == "reaction_added"
    payload: dict[str, Any] = {"user": user, "message": str(item["ts"])}
    if added and name == emoji_names.DELETE:
        payload["delete"] = True
    elif parsed := emoji_names.parse_reaction(name):
        kind, genre = parsed
        payload |= {"vote": kind.value, "genre": genre, "added": added}
    else:
        return None
    place = ids.place(team, str(item["channel"]))
    order = f"{item['ts']}/{user}"
    return Job(place, f"reaction/{body['event_id']}", JobKind.REACTION, payload, order)


def _deleted(event: Json) -> str | None:
    """Return the timestamp of the deleted message, if the event reports a deletion."""
    if event.get("subtype") == "message_deleted":
        return str(event["deleted_ts"])
    # Slack keeps a tombstone message in place of one with replies in its thread.
    changed = event.get("message", {})
    return str(changed["ts"]) if changed.get("subtype") == "tombstone" else None


def _is_from_app(event: Json) -> bool:
    """Return whether an app wrote the message, this one or another."""
    return bool(event.get("bot_id")) or event.get("subtype") == "bot_message"
