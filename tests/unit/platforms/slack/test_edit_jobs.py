"""Which changes of a message are jobs, and what these hold."""

from typing import Any

import pytest

from bot.domain.jobs import Job, JobKind
from bot.platforms.slack import edit_jobs, jobs
from tests.support.factories import HEROES, OLD_TOWN_ROAD

BOT = "U0BOT"
LINK = f"<https://open.spotify.com/track/{OLD_TOWN_ROAD}>"
OTHER = f"<https://open.spotify.com/track/{HEROES}>"
SONG = {"id": "F1", "mimetype": "audio/mpeg", "name": "song.mp3"}


def change(before: str | None, after: str, *, kind: str = "channel", **fields: Any) -> Job | None:
    """Return the job for a change of a message's text; None for `before` leaves it out."""
    message = {"user": "U1", "ts": "1.1", "text": after, "edited": {"ts": "9.9"}, **fields}
    event = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": "C1",
        "channel_type": kind,
        "ts": "9.9",
        "message": message,
    }
    if before is not None:
        event["previous_message"] = {"user": "U1", "ts": "1.1", "text": before}
    return jobs.event_job({"event": event, "event_id": "Ev1"}, "T1", BOT)


def test_edit_is_a_job_about_the_message_in_its_thread() -> None:
    job = change("soon", LINK, thread_ts="0.5")
    assert job is not None
    assert (job.kind, job.id, job.order) == (JobKind.EDIT, "edit/1.1/9.9", edit_jobs.order("1.1"))
    assert job.payload == {
        "user": "U1",
        "message": "1.1",
        "links": f"https://open.spotify.com/track/{OLD_TOWN_ROAD}",
        "before": "",
        "has_files": False,
        "addressed": False,
        "direct": False,
        "thread": "0.5",
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (LINK, LINK),
        (LINK, f"listen: {LINK}"),
        ("hello", "hello there"),
        (f"{LINK} {OTHER}", f"{OTHER} {LINK}"),
        (f"`{LINK}`", "nothing"),
        (f"! {LINK}", f"! {OTHER}"),
        (f"hello <@{BOT}>", "hello"),
    ],
)
def test_change_that_asks_for_nothing_else_is_no_job(before: str, after: str) -> None:
    assert change(before, after) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (LINK, "gone"),
        (LINK, f"{LINK} {OTHER}"),
        (f"! {LINK}", LINK),
        (LINK, f"`{LINK}`"),
        (LINK, f"<@{BOT}> {LINK}"),
    ],
)
def test_change_of_what_is_asked_is_a_job(before: str, after: str) -> None:
    assert change(before, after)


@pytest.mark.parametrize(
    "fields",
    [{"bot_id": "B1"}, {"subtype": "bot_message"}, {"user": BOT}, {"user": None}, {"subtype": "x"}],
)
def test_change_by_no_person_is_no_job(fields: dict[str, Any]) -> None:
    assert change("soon", LINK, **fields) is None


def test_change_without_the_text_before_is_a_job_if_a_person_edited() -> None:
    job = change(None, LINK)
    assert job
    assert job.payload["before"] is None
    unknown: dict[str, Any] = {"message": {"user": "U1", "ts": "1.1", "text": LINK}}
    event = {"type": "message", "subtype": "message_changed", "channel": "C1", "ts": "2", **unknown}
    assert jobs.event_job({"event": event, "event_id": "Ev1"}, "T1", BOT) is None


def test_edited_mention_and_its_change_are_one_job() -> None:
    edited = {"user": "U1", "ts": "1.1", "text": f"<@{BOT}> {LINK}", "edited": {"ts": "9.9"}}
    event = {**edited, "type": "app_mention", "channel": "C1", "event_ts": "1.1"}
    mention = jobs.event_job({"event": event, "event_id": "Ev2"}, "T1", BOT)
    changed = change(LINK, f"<@{BOT}> {LINK}")
    assert mention
    assert changed
    assert mention.key == changed.key
    assert mention.payload == changed.payload


def test_edited_mention_without_a_link_is_no_job() -> None:
    event = {"type": "app_mention", "user": "U1", "ts": "1.1", "text": f"<@{BOT}> hello"}
    body = {"event": {**event, "channel": "C1", "edited": {"ts": "9.9"}}, "event_id": "Ev2"}
    assert jobs.event_job(body, "T1", BOT) is None


def test_sound_files_beside_an_edited_link_are_noted() -> None:
    job = change(LINK, "only the file", files=[SONG])
    assert job
    assert job.payload["has_files"]


@pytest.mark.parametrize(("before", "first"), [("soon", True), (LINK, False), (f"! {LINK}", True)])
def test_first_link_of_a_message_settles_its_shared_link(before: str, *, first: bool) -> None:
    job = change(before, OTHER)
    assert job
    assert edit_jobs.is_first_to_ask(job) is first


def test_direct_message_is_addressed_before_and_after() -> None:
    job = change(LINK, OTHER, kind="im")
    assert job
    assert (job.payload["addressed"], job.payload["direct"]) == (True, True)
    assert job.payload["before"]
