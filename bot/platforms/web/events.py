"""HTTP endpoints of the page.

GET  /                      the page
GET  /static/VERSION/NAME   scripts, styles and icon
GET  /api/history           {"shown": [{"message": id, "card": card}, ...]}, what this visitor got,
                            oldest first; with a "summary" in place of a "card" for an album, a
                            playlist or an artist
POST /api/messages          {id, text} -> {"replies": [card, summary or notice, ...]}; with
                            "search": true, a text without a link asks for the song that it names
POST /api/sounds?id=ID&name=FILE_NAME    a sound file as the body -> {"replies": [card or notice]}
GET  /api/replies/ID        the same for a message or file that was sent before; else an empty list
GET  /api/progress/ID       {"text": how far the answer to a message is, or null}
GET  /api/disputes          {"disputes": [famous song with its filed genres and ours, ...]}
GET  /api/suggestions?q=TEXT   {"suggestions": [{label, title, artists, song, text}, ...], "said"};
                            &only=song: those that have a page of their own
GET  /search?q=TEXT         the song that is meant (303), or what may be meant, as a page
POST /api/votes             {card or song, kind, genre, added} -> {"ballot": ..., "receipt": "...",
                            "tally": the votes of all visitors on the song in words,
                            "tallies": {card id: the same},
                            "notice": what was learned from an earlier vote, or null}
GET  /api/ballot?song=ID    {"ballot": ..., "tally": "..."}
GET  /charts/ID.png         a card's chart, ?theme=dark|light
GET  /charts/summaries/ID.png   a summary's, the same
GET  /cards/ID.png          a card as a square picture to save; also .svg and .pdf; ?theme=
GET  /song/ID               a song's page; its id is as in `bot.domain.song_ids`
GET  /song/ID.json          its answer as `ask --json` prints it, or {"error": {"code", "message"}}
GET  /song/ID/card.png      as a square picture; also .svg and .pdf; ?theme=
GET  /song/ID/chart.png     its chart, ?theme=
GET  /oembed?url=...        oEmbed data of a song's page, or {"error": ...}
GET  /robots.txt            what crawlers may read
GET  /compare?a=ID&b=ID     two songs side by side; a text that is no id is searched for
GET  /compare/chart.png?a=ID&b=ID   their chart, ?theme=dark|light
GET  /whatif?FEATURE=VALUE&...  features as sliders, and the genre; `bot.domain.what_if`
GET  /api/whatif?...        {"html": its result, "address": canonical, "values", "turns"}
GET  /healthz               {"ok": true}

Each card, summary and notice has the field "html", too: its element, as the server renders it.
Errors have a status of 400 or more and the body {"notice": {"type": "notice", "code", "text"}},
below /song/ and of oEmbed {"error": ...} as above; where a browser asks for a page, a page; past a
limit, pictures are answered with text. A visitor is known by a cookie; on a public page, cards and
summaries that another visitor got are answered as unknown ones, with 404.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from http import HTTPStatus

from aiohttp import web

from bot import texts
from bot.concurrency.wanted_work import NotWanted
from bot.domain.places import Message, Place
from bot.domain.replies import Notice, NoticeKind, Reply
from bot.domain.sound_ports import MAX_UPLOAD_BYTES
from bot.platforms.http import bodies, uploads
from bot.platforms.web import compression, limits, origins, parsing, present, security
from bot.platforms.web.commands import Commands
from bot.platforms.web.delivery import Delivery, IsWaiting
from bot.platforms.web.ids import MESSAGE_ID
from bot.platforms.web.limits import LIMITS, Limit, Limits, Share
from bot.platforms.web.pages import PAGES, Pages
from bot.platforms.web.pictures import Pictures
from bot.platforms.web.replies import Replies
from bot.platforms.web.site import SITE, Site
from bot.platforms.web.song_answers import SongAnswers
from bot.platforms.web.static import StaticFiles
from bot.platforms.web.uploads import Upload
from bot.platforms.web.views import missing
from bot.platforms.web.views.chat import Chat
from bot.platforms.web.views.comparison import Comparisons
from bot.platforms.web.views.search import Search
from bot.platforms.web.views.song_pictures import SongPictures
from bot.platforms.web.views.songs import Songs
from bot.platforms.web.views.welcome import Welcome
from bot.platforms.web.views.what_if import WhatIf
from bot.platforms.web.visibility import Visibility
from bot.platforms.web.votes import Votes
from bot.services.services import Services
from bot.texts import web_page

Answers = Awaitable[Sequence[Reply]]


class Endpoints:
    """Answers the page's requests."""

    def __init__(
        self,
        delivery: Delivery,
        votes: Votes,
        answers: SongAnswers,
        services: Services,
        pages: Pages,
        *,
        place: Place,
    ) -> None:
        self._delivery = delivery
        self._place = place
        self._replies = Replies(pages, services.voting, services.listen, place)
        self._votes = votes
        self._answers = answers
        self._disputes = services.disputes
        self._files = services.temporary_files
        self._learned = services.learned
        self._uploads = uploads.Uploads(files=self._files)

    async def history(self, request: web.Request) -> web.Response:
        """Return the latest cards that the visitor got, with the own votes, and summaries."""
        limits.check(request, Limit.HISTORY)
        visitor = security.visitor(request)
        shown: list[present.Json] = []
        if not security.is_new(request):
            async with limits.share(request, Share.HISTORY):
                found = await self._delivery.history(self._place, visitor)
                replies = await self._replies.present([one.reply for one in found], visitor)
            shown = [
                {"message": one.message_id, one.kind: reply}
                for one, reply in zip(found, replies, strict=True)
            ]
        return security.remember(web.json_response({"shown": shown}), visitor)

    async def message(self, request: web.Request) -> web.Response:
        """Answer a message."""
        limits.check(request, Limit.MESSAGE)
        body = await parsing.read_message(request)
        request[security.MESSAGE_ID] = body.id
        visitor = security.visitor(request)
        message = Message(self._place, body.id, visitor, body.text)

        async def reply(is_waiting: IsWaiting) -> Sequence[Reply]:
            replies = await self._delivery.reply(message, is_waiting, is_search=body.is_search)
            learned = await self._learned.notice(self._place, visitor)
            return [*replies, Notice(NoticeKind.LEARNED, learned)] if learned else replies

        async with limits.share(request, Share.QUESTION):
            return await self._rendered(request, visitor, reply)

    async def sound(self, request: web.Request) -> web.Response:
        """Answer a sound file."""
        limits.check(request, Limit.SOUND)
        asked = parsing.read_sound(request)
        request[security.MESSAGE_ID] = asked.id
        visitor = security.visitor(request)
        message = Message(self._place, asked.id, visitor, "")
        sender = limits.sender(request)
        with parsing.length_refused(web_page.FILE_TOO_BIG):
            async with self._uploads.receive(request, MAX_UPLOAD_BYTES, sender) as file:
                upload = Upload(file, asked.name, self._files)
                reply = partial(self._delivery.reply, message, upload=upload)
                return await self._rendered(request, visitor, reply)

    async def progress(self, request: web.Request) -> web.Response:
        """Return how far the answer to a message of the visitor is."""
        visitor = security.visitor(request)
        text = self._delivery.progress(visitor, request.match_info["message"])
        return web.json_response({"text": text})

    async def vote(self, request: web.Request) -> web.Response:
        """Record a vote or a withdrawal."""
        limits.check(request, Limit.VOTE)
        body = await parsing.read_vote(request)
        visitor = security.visitor(request)
        async with self._answers.asking(request, None if isinstance(body.on, int) else body.on):
            recorded = await self._votes.record(body, visitor)
        if isinstance(recorded, Notice):
            raise parsing.RequestRejected(HTTPStatus.CONFLICT, recorded.kind, recorded.text)
        tally, tallies = await self._votes.tallies(body, recorded)
        response = {
            "ballot": present.ballot(recorded.ballot),
            "receipt": texts.receipt(recorded),
            "tally": tally,
            "tallies": tallies,
            "notice": await self._learned.notice(self._place, visitor, besides=recorded.track_key),
        }
        return security.remember(web.json_response(response), visitor)

    async def ballot(self, request: web.Request) -> web.Response:
        """Return the visitor's vote on a song; the page of a song is the same for everyone."""
        ref, visitor = parsing.read_song(request), security.visitor(request)
        async with self._answers.asking(request, ref):
            votes, tally = await self._votes.on_song(ref, visitor)
        return web.json_response({"ballot": present.ballot(votes), "tally": tally})

    async def disputes(self, _: web.Request) -> web.Response:
        """Return the famous disputes of the empty page; none if they cannot be classified."""
        answers = await self._disputes.among(web_page.DISPUTES)
        return web.json_response({"disputes": [present.dispute(answer) for answer in answers]})

    async def health(self, _: web.Request) -> web.Response:
        """Return that the bot runs."""
        return web.json_response({"ok": True})

    async def earlier_reply(self, request: web.Request) -> web.Response:
        """Return the replies to a message that the visitor sent before."""
        visitor = security.visitor(request)
        message = Message(self._place, request.match_info["message"], visitor, "")
        return await self._rendered(
            request, visitor, partial(self._delivery.earlier_reply, message)
        )

    async def _rendered(
        self, request: web.Request, visitor: str, reply: Callable[[IsWaiting], Answers]
    ) -> web.Response:
        try:
            replies = await reply(lambda: request.transport is not None)
        except NotWanted:
            return web.Response()  # the page is closed
        rendered = await self._replies.present(replies, visitor)
        return security.remember(web.json_response({"replies": rendered}), visitor)


def build(services: Services, site: Site | None = None) -> web.Application:
    """Return the application that serves the page; by default to this computer alone."""
    site = site or Site()
    commands = Commands(services)
    delivery = Delivery(commands, services.cards, services.collections)
    visible = Visibility(services.cards, services.collections, site)
    static = StaticFiles()
    welcome = Welcome(services.disputes)
    pages = Pages(static, welcome.ready)
    answers = SongAnswers(services)
    songs, song_pictures = Songs(answers, pages), SongPictures(answers, services)
    pictures, comparisons = Pictures(services, visible), Comparisons(services, pages)
    votes = Votes(services.voting, services.songs, site.place, visible)
    endpoints = Endpoints(delivery, votes, answers, services, pages, place=site.place)
    app = web.Application(
        middlewares=[
            compression.compress,
            security.errors_to_notices,
            missing.missing_pages(pages),
            limits.count_all,
            origins.reject_others(site),
            security.encrypt_cookies,
        ],
    )
    app[SITE] = site
    app[PAGES] = pages
    if site.is_public:
        app[LIMITS] = Limits()
    app[bodies.BUDGET] = bodies.Budget()
    app.on_response_prepare.append(security.add_headers)

    async def close(_: web.Application) -> None:
        await delivery.close()
        await songs.close()
        await song_pictures.close()
        await pictures.close()
        await comparisons.close()

    app.on_cleanup.append(close)  # runs after open requests had time to finish
    app.add_routes(
        [
            web.get("/api/history", endpoints.history),
            web.post("/api/messages", endpoints.message),
            web.post("/api/sounds", endpoints.sound),
            web.get(f"/api/replies/{{message:{MESSAGE_ID}}}", endpoints.earlier_reply),
            web.get(f"/api/progress/{{message:{MESSAGE_ID}}}", endpoints.progress),
            web.post("/api/votes", endpoints.vote),
            web.get("/api/ballot", endpoints.ballot),
            web.get("/api/disputes", endpoints.disputes),
            web.get("/healthz", endpoints.health),
        ]
    )
    app.add_routes(static.routes())
    app.on_startup.append(welcome.start)
    app.on_cleanup.append(welcome.stop)
    app.add_routes(Chat(pages, welcome).routes())
    app.add_routes(pictures.routes())
    app.add_routes([*song_pictures.routes(), *songs.routes(), *missing.routes()])
    app.add_routes(Search(services, pages).routes())
    app.add_routes(comparisons.routes())
    app.add_routes(WhatIf(answers, services, pages).routes())
    return app
