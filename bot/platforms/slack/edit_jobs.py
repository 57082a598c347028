"""Converts edits of messages to jobs.

Slack also reports a change of a message when it adds a preview or finds out its language. Only a
change of what the message asks for is a job. An edited message that mentions the bot arrives as
`message_changed` and as `app_mention`; both are one job.
"""

from collections.abc import Mapping
from typing import Any

from bot.domain.jobs import Job, JobKind
from bot.platforms.slack import ids, message_text, shared_files
from bot.platforms.slack.message_text import Reading

Json = Mapping[str, Any]


def change_job(event: Json, team: str, bot_user: str | None) -> Job | None:
    """Return the job for an event `message_changed`; None unless other links are to be answered."""
    after, before = event["message"], event.get("previous_message")
    if before is None and "edited" not in after:
        return None  # nothing says that a person changed the text
    if not message_text.is_by_person(after, bot_user):
        return None
    direct = event.get("channel_type") == "im"
    now = message_text.read(after, bot_user, addressed=direct)
    earlier = message_text.read(before, bot_user, addressed=direct) if before else None
    if earlier and _asks(earlier) == _asks(now):
        return None
    message = {**after, "channel": event["channel"]}
    edit = str(_edited_at(after) or event["ts"])
    return _job(message, team, edit, now, earlier, direct=direct)


def mention_job(event: Json, team: str, bot_user: str | None) -> Job | None:
    """Return the job for an edited message that mentions the bot; None without a link."""
    now = message_text.read(event, bot_user, addressed=True)
    if not (now.links.links and message_text.is_by_person(event, bot_user)):
        return None
    edit = str(_edited_at(event) or event["event_ts"])
    return _job(event, team, edit, now, None, direct=False)


def passed_over(event: Json, bot_user: str | None) -> str | None:
    """Return the edited message if the edit adds its first link, one that is not answered."""
    after, before = event["message"], event.get("previous_message") or {}
    is_new = message_text.has_link_marker(after) and not message_text.has_link_marker(before)
    return str(after["ts"]) if is_new and message_text.is_by_person(after, bot_user) else None


def is_first_to_ask(job: Job) -> bool:
    """Return whether a message that was edited may have asked for nothing before.

    Slack then reports its link by `link_shared` too, as if it were a new message.
    """
    return job.kind is JobKind.EDIT and not job.payload["before"]


def order(message_id: str) -> str:
    """Return the order of the jobs about a message: an edit waits until the message is answered."""
    return f"message/{message_id}"


def _job(
    message: Json, team: str, edit: str, now: Reading, earlier: Reading | None, *, direct: bool
) -> Job:
    """Return the job; `edit` is when the message was edited, `earlier` None if it is unknown."""
    edited = ids.message(team, message, now.as_text)
    # Unknown also if the bot is mentioned now, as this makes a new question of the same links.
    is_same = earlier is not None and earlier.addressed == now.addressed
    payload = {
        "user": edited.user,
        "message": edited.id,
        "links": edited.text,
        "before": earlier.as_text if earlier and is_same else None,
        "has_files": shared_files.has_files(shared_files.payload_of(message)),
        "addressed": now.addressed,
        "direct": direct,
        "thread": ids.thread(message),
    }
    return Job(edited.place, f"edit/{edited.id}/{edit}", JobKind.EDIT, payload, order(edited.id))


def _asks(reading: Reading) -> tuple[object, bool]:
    """Return what a message asks for; it is the same for all messages without links."""
    found = frozenset(reading.links.links)
    return found, bool(found) and reading.addressed


def _edited_at(message: Json) -> str | None:
    edited = message.get("edited")
    return edited["ts"] if isinstance(edited, Mapping) and "ts" in edited else None
