"""Links to services other than Spotify reach the jobs of Discord and Slack."""

from typing import Any

import pytest

from bot.domain import links
from bot.domain.places import Message, Place
from bot.platforms.discord import jobs as discord_jobs
from bot.platforms.discord.questions import Question
from bot.platforms.slack import jobs as slack_jobs
from tests.unit.domain.links.test_service_forms import FORMS, SHORT_LINKS

WRITTEN = [text for text in (*FORMS, *SHORT_LINKS) if text.startswith("http")]
BOT = "U0BOT"


def slack_event(**fields: Any) -> dict[str, Any]:
    event = {"channel": "C1", "user": "U1", "ts": "1.2", "event_ts": "1.2", **fields}
    return {"team_id": "T1", "event_id": "Ev1", "event": event}


@pytest.mark.parametrize("text", WRITTEN)
def test_message_in_discord_becomes_a_job_with_its_link(text: str) -> None:
    message = Message(Place("discord", "1", "2"), "3", "4", f"listen: {text}")
    job = discord_jobs.message_job(Question(message, addressed=False))
    assert job is not None
    assert links.find(job.payload["links"]) == links.find(text)


@pytest.mark.parametrize("text", WRITTEN)
def test_message_in_slack_becomes_a_job_with_its_link(text: str) -> None:
    written = text.replace("&", "&amp;")
    body = slack_event(type="message", text=f"listen: <{written}>")
    job = slack_jobs.event_job(body, "T1", BOT)
    assert job is not None
    assert links.find(job.payload["links"]) == links.find(text)


@pytest.mark.parametrize("text", WRITTEN)
def test_link_shared_in_slack_becomes_a_job_with_its_link(text: str) -> None:
    body = slack_event(type="link_shared", message_ts="1.2", links=[{"domain": "x", "url": text}])
    job = slack_jobs.event_job(body, "T1", BOT)
    assert job is not None
    assert links.find(job.payload["links"]) == links.find(text)


@pytest.mark.parametrize("text", WRITTEN)
def test_link_that_an_app_shared_in_slack_is_recognised(text: str) -> None:
    event = slack_event(type="message", bot_id="B1", text=f"<{text}>")["event"]
    assert slack_jobs.passed_over(event, BOT) == event["ts"]


@pytest.mark.parametrize("text", WRITTEN)
def test_words_of_a_question_are_its_link_alone(text: str) -> None:
    for question in (discord_jobs.question, slack_jobs.question):
        assert links.find(question(f"what is {text}?")).links
        assert "what" not in question(f"what is {text}?")
