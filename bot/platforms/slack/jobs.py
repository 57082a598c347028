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
from bot.platforms.slack import (
    edit_jobs,
    emoji_names,
    ids,
    message_text,
    shared_files,
)
from bot.services.find import MAX_SEARCH_LENGTH

MALFORMED: Final = (
    AttributeError,
    IndexError,
    KeyError,
    RecursionError,
    TypeError,
    ValueError,
)
"""Exceptions for deliveries that are not as Slack documents them."""

LABELS: Final = "labels"
"""First word of the commands about labels."""

MAX_LABELS_LENGTH: Final = 2 * MAX_SEARCH_LENGTH
"""Characters of such a command that are read: a label's name and a song's, or a link."""

Json = Mapping[str, Any]


def event_job(body: Json, team: str, bot_user: str | None) -> Job | None:
    """Return the job for an event; None if it asks for nothing."""
    event = body["event"]
    match event["type"]:
        case "message":
            job = _message_event(body, event, team, bot_user)
        case "app_mention" if "edited" in event:
            job = edit_jobs.mention_job(event, team, bot_user)
        case "app_mention":
            job = _question(event, team, bot_user, mention=True)
        case "link_shared":
            job = _shared_link(event, team, bot_user)
        case "member_joined_channel":
            job = _welcome(event, team, bot_user)
        case "reaction_added" | "reaction_removed":
            job = _reaction(body, event, team, bot_user)
        case _:
            job = None
    return job


def passed_over(event: Json, bot_user: str | None) -> str | None:
    """Return the message with a link that is not answered, if an event without a job is about one.

    Another app wrote it, or a person who asks for no answer.
    """
    if event["type"] != "message" or event.get("user") == bot_user:
        return None
    if message_text.is_by_app(event):
        known = any(name in str(event).lower() for name in links.LINK_MARKERS)
    elif event.get("subtype") == "message_changed":
        return edit_jobs.passed_over(event, bot_user)
    else:
        by_person = message_text.is_by_person(event, bot_user)
        known = by_person and message_text.has_link_marker(event)
    return str(event["ts"]) if known else None


def command_job(body: Json) -> Job:
    """Return the job for the command /genre."""
    text = html.unescape(body.get("text", "")).strip()
    payload = {
        "user": str(body["user_id"]),
        "text": text[:MAX_LABELS_LENGTH] if asks_about_labels(text) else question(text),
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


def asks_about_labels(text: str) -> bool:
    """Return whether a command is about the workspace's labels."""
    return text.casefold().split(maxsplit=1)[:1] == [LABELS]


def question(text: str) -> str:
    """Return the links of a question, else its words as far as they may be a song's name."""
    found = links.find(text)
    return links.as_text(found) if found.links else text[: MAX_SEARCH_LENGTH + 1]


def message_of(stored: StoredJob, text: str) -> Message:
    """Return the message or command of a job, with its links or words as text.

    Jobs about an edit are about the message that was edited.
    """
    job = stored.job
    message_id = job.payload["message"] if job.kind is JobKind.EDIT else job.id
    is_direct = bool(job.payload.get("direct"))
    return Message(job.place, message_id, job.payload["user"], text, is_direct=is_direct)


def _message_event(body: Json, event: Json, team: str, bot_user: str | None) -> Job | None:
    if deleted := _deleted(event):
        place = ids.place(team, str(event["channel"]))
        event_id = f"deletion/{body['event_id']}"
        return Job(place, event_id, JobKind.DELETION, {"message": deleted})
    if event.get("subtype") == "message_changed":
        return edit_jobs.change_job(event, team, bot_user)
    direct = event.get("channel_type") == "im"
    return _question(event, team, bot_user, direct=direct)


def _question(
    event: Json, team: str, bot_user: str | None, *, direct: bool = False, mention: bool = False
) -> Job | None:
    if not message_text.is_by_person(event, bot_user):
        return None
    asked = message_text.read(event, bot_user, addressed=direct or mention)
    files = shared_files.payload_of(event)
    if not (asked.links.links or asked.addressed or shared_files.has_files(files)):
        return None
    if asked.silenced:
        return None
    job = _message_job(event, team, asked.as_text, addressed=asked.addressed, shared=False)
    return replace(job, payload={**job.payload, **files, "direct": direct})


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
    order = edit_jobs.order(message.id)
    return Job(message.place, message.id, JobKind.MESSAGE, payload, order)


def _welcome(event: Json, team: str, bot_user: str | None) -> Job | None:
    """Return the job for an event that somebody joined a channel; None unless it is the bot.

    A channel has one such job, so that a bot that is removed and added again greets it once.
    """
    if event["user"] != bot_user:
        return None
    payload = {"user": str(event.get("inviter") or bot_user), "joined": str(event["event_ts"])}
    return Job(ids.place(team, str(event["channel"])), "welcome", JobKind.WELCOME, payload)


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
