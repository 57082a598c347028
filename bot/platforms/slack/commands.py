"""/genre with its subcommands, the shortcut on a message, and the choice of a song."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot import texts
from bot.domain import links
from bot.domain.channel_settings import Mode, SettingsChange
from bot.domain.collections import Progress
from bot.domain.jobs import StoredJob
from bot.domain.label_words import Action, read_action
from bot.domain.places import Message, Place
from bot.domain.replies import AlreadyShown, Notice, NoticeKind, Reply
from bot.domain.statistics import WorkspaceStats
from bot.domain.tracks import SubjectRef
from bot.platforms.slack import emoji_names, jobs, present, present_help
from bot.platforms.slack.delivery import Delivery
from bot.platforms.slack.jobs import message_of
from bot.platforms.slack.permissions import may_manage
from bot.platforms.slack.posting import ReplyTarget
from bot.platforms.slack.private_replies import PrivateReplies
from bot.platforms.slack.response_url import Respond, respond_to, send_ephemeral, send_once
from bot.platforms.slack.uploads import FoundFiles, SlackFiles
from bot.services.services import Services
from bot.texts import own_labels as label_words
from bot.texts import slack as words

Ask = Callable[[Progress | None], Coroutine[Any, Any, Sequence[Reply | AlreadyShown]]]
"""Returns the replies to a command, and says meanwhile how far they are."""

RESET: Final = "reset"
EVERYWHERE: Final = "everywhere"


class Commands:
    """Runs commands."""

    def __init__(self, services: Services, delivery: Delivery, files: SlackFiles) -> None:
        self._services = services
        self._settings = services.settings
        self._delivery = delivery
        self._files = files
        self._private = PrivateReplies(services.listen, delivery)

    async def run(self, stored: StoredJob, client: AsyncWebClient) -> None:
        """Run the subcommand after /genre; other text is a link or a song's name.

        The shortcut on a message is run like a link, in the message's thread, with its files.
        """
        payload = stored.job.payload
        message = message_of(stored, payload["text"])
        respond = respond_to(payload["response_url"], client.proxy)
        target = _target(stored, client)
        shortcut = "source" in payload
        words_said = [] if shortcut else message.text.split(maxsplit=1)
        name, rest, *_ = *words_said, "", ""
        match name.casefold():
            case "" | "help" if not (rest or shortcut):
                await send_once(stored, respond, words.HELP_TEXT, present_help.help_card())
            case "stats" if not rest:
                await self._show_statistics(stored, message, target)
            case "forget-me" if not rest:
                notice = await self._services.voting.forget(message.place, message.user)
                await send_once(stored, respond, notice.text)
            case jobs.LABELS:
                notice = await self._change_labels(message, rest, client)
                await send_once(stored, respond, notice.text)
            case "settings":
                notice = await self._change_settings(message, rest.split(), client)
                await send_once(stored, respond, notice.text)
            case _:
                private = await self._settings.is_quiet(message.settings_place)

                async def ask(progress: Progress | None) -> Sequence[Reply | AlreadyShown]:
                    return await self._ask(stored, client, message, progress, private=private)

                await self._answer(stored, message, target, ask, private=private)
                await self._say_what_was_learned(message, respond)

    async def pick(self, stored: StoredJob, client: AsyncWebClient) -> None:
        """Answer the choice of a song that a sentence or a summary offered, like a command."""
        ref = SubjectRef.parse(stored.job.payload["ref"])
        message = message_of(stored, "")
        private = bool(stored.job.payload.get("private")) or await self._settings.is_quiet(
            message.settings_place
        )

        async def ask(_: Progress | None) -> Sequence[Reply | AlreadyShown]:
            if private:
                question = replace(message, text=links.subject_address(ref))
                return await self._services.group_chat.on_command(question, is_private=True)
            return await self._services.group_chat.on_pick(message, ref)

        target = _target(stored, client)
        await self._answer(stored, message, target, ask, private=private)
        if target.respond:
            await self._say_what_was_learned(message, target.respond)

    async def _say_what_was_learned(self, message: Message, respond: Respond) -> None:
        """Tell the person alone what the model learned from one of their votes, if it did."""
        if notice := await self._services.learned.notice(message.place, message.user):
            await send_ephemeral(respond, notice)

    async def _ask(
        self,
        stored: StoredJob,
        client: AsyncWebClient,
        message: Message,
        progress: Progress | None,
        *,
        private: bool,
    ) -> Sequence[Reply | AlreadyShown]:
        """Return the replies to a question, and to the files of a message that it is about."""
        services, found = self._services, FoundFiles()
        about = stored.job.payload.get("source")
        if private or await services.group_chat.may_answer(message, addressed=True):
            if about and (card := await services.cards.displayed_by(message.place, about)):
                return [AlreadyShown(card, about)]  # the shortcut was used on the card itself
            found = await self._files.find(client, stored.job.payload, member=False)
        files = bool(found.uploads)
        if services.voice_messages.are_alone(message, voice=found.voice, files=files):
            seen_by_one = replace(message, is_direct=private)
            return await services.voice_messages.decline(seen_by_one, addressed=True)
        return await services.group_chat.on_command(
            message, progress, found.uploads, about=about, is_private=private
        )

    async def _answer(
        self, stored: StoredJob, asked: Message, target: ReplyTarget, ask: Ask, *, private: bool
    ) -> None:
        """Answer a command; the replies are deleted with the message or command it refers to.

        Sentences, and pointers to a card that is displayed, are for the person who asked only; if
        `private`, so is everything.
        """
        message = replace(asked, id=stored.job.payload.get("source") or asked.id)
        plans = self._services.plans
        try:
            if private:
                replies = await plans.replies(stored, message, lambda: ask(None))
                await self._private.send(replies, target, asked, all_=True)
                return
            async with self._delivery.progress(stored, target, asked) as progress:
                replies = await plans.replies(
                    stored, message, lambda: progress.following(ask(progress.tell))
                )
                others = await self._private.send(replies, target, asked, all_=False)
                await self._delivery.deliver(target, message, others, progress)
        finally:
            for one in (asked, message):
                self._services.group_chat.release(one)

    async def _show_statistics(
        self, stored: StoredJob, message: Message, target: ReplyTarget
    ) -> None:
        result = await self._services.group_chat.on_statistics_command(message)
        if isinstance(result, WorkspaceStats) and not await self._settings.is_quiet(
            message.settings_place
        ):
            uncertain = stored.attempts > 1
            await self._delivery.send_statistics(target, message, result, uncertain=uncertain)
        elif target.respond:
            text = result.text if isinstance(result, Notice) else texts.stats(result)
            layout = present.sentence(text) if isinstance(result, Notice) else present.stats(result)
            await send_once(stored, target.respond, text, layout)

    async def _change_labels(self, message: Message, said: str, client: AsyncWebClient) -> Notice:
        """Run a command about the labels, which all may read; the whole workspace has them."""
        place, (action, _) = message.place, read_action(said)
        changes = action in {Action.TEACH, Action.FORGET}
        if changes and not await may_manage(client, message.user):
            return Notice(NoticeKind.NOT_ALLOWED, label_words.not_allowed(place.platform))
        return await self._services.own_labels.run(
            place,
            emoji_names.with_characters(said),
            lambda: self._services.cards.requested_by(place, message.user),
        )

    async def _change_settings(
        self, message: Message, arguments: list[str], client: AsyncWebClient
    ) -> Notice:
        place: Place = message.place
        if EVERYWHERE in arguments:
            place = replace(place, channel="")
            arguments.remove(EVERYWHERE)
        if not arguments:
            current = await self._settings.describe(place)
            return Notice(current.kind, f"{current.text} {words.SETTINGS_USAGE}")
        if not await may_manage(client, message.user, place.channel):
            return Notice(NoticeKind.NOT_ALLOWED, words.NOT_ALLOWED)
        if arguments == [RESET]:
            return await self._settings.reset(place)
        change = parse_change(arguments)
        if change is None:
            return Notice(NoticeKind.USAGE, words.SETTINGS_USAGE)
        return await self._settings.change(place, change)


def _target(stored: StoredJob, client: AsyncWebClient) -> ReplyTarget:
    """Return where a command, a shortcut or a choice is answered."""
    payload = stored.job.payload
    respond = respond_to(payload["response_url"], client.proxy)
    thread = payload.get("thread")
    return ReplyTarget(client, stored.job.id, stored.accepted_at, thread, respond)


def parse_change(arguments: list[str]) -> SettingsChange | None:
    """Parse arguments such as `auto reactions off`; return None if they are not valid."""
    change = SettingsChange()
    rest = iter(arguments)
    for word in rest:
        if word in list(Mode):
            change = replace(change, mode=Mode(word))
        elif word == "reactions" and (switch := next(rest, "")) in {"on", "off"}:
            change = replace(change, reactions=switch == "on")
        elif word == "model" and (name := next(rest, "")):
            change = replace(change, model=name)
        else:
            return None
    return change
