"""Pages that the server renders with the templates in `templates/`.

Jinja escapes every value, so that titles and addresses of others are never markup.
"""

import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web
from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from bot.platforms.web import site
from bot.platforms.web.static import StaticFiles
from bot.texts import site as site_words
from bot.texts import web_card, web_page

HUES: Final = 12
"""Hues of what stands for a cover; card.css has a class for each."""

MAX_TYPED: Final = 800
"""Characters that a field takes, and that suggestions are asked for: links may be long.

In an address a character has up to 9, and one of more than 8190 is refused by the HTTP library.
"""


class Pages:
    """Renders the templates.

    Each knows the sentences of the frame as `say`, those of cards as `on_card`, the genres that a
    vote may name as `genres`, the scripts and styles as `static`, the length of fields as
    `max_typed`, and the function `famous`. All are compiled on creation, so that no visitor waits
    for it: 65 ms for the first one in a process.

    Args:
        static: Scripts and styles.
        famous: Returns the famous disputes that are ready, as `examples.html` displays them.
    """

    def __init__(
        self,
        static: StaticFiles | None = None,
        famous: Callable[[], Sequence[Mapping[str, Any]]] = tuple,
    ) -> None:
        self._templates = Environment(
            loader=PackageLoader("bot.platforms.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_compiled(),
        )
        self._templates.globals["say"] = site_words.FRAME
        self._templates.globals["static"] = static or StaticFiles()
        self._templates.globals["on_card"] = web_card.CARD
        self._templates.globals["genres"] = web_page.genre_options()
        self._templates.globals["max_typed"] = MAX_TYPED
        self._templates.globals["famous"] = famous
        self._templates.filters["hue"] = _hue
        for name in self._templates.list_templates():
            self._templates.get_template(name)

    def render(self, template: str, **values: object) -> Markup:
        """Return a template with its values."""
        return Markup(self._templates.get_template(template).render(**values))  # noqa: S704 - escaped by Jinja

    def page(self, request: web.Request, template: str, **values: object) -> Markup:
        """Return a template of a whole page with its values.

        It gets the origin and the query, too, for addresses, and what a page for everyone keeps.
        """
        return self.render(
            template,
            **{
                "origin": site.origin(request),
                "path": request.path_qs,
                "kept": web_page.KEPT if request.app[site.SITE].is_public else "",
                **values,
            },
        )

    def response(
        self,
        request: web.Request,
        template: str,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> web.Response:
        """Return a page."""
        text = self.page(request, template, **values)
        return web.Response(
            text=text, status=status, content_type="text/html", charset="utf-8", headers=headers
        )


PAGES: Final = web.AppKey("pages", Pages)
"""Where an application has its pages."""


class _Compiled(BytecodeCache):
    """Keeps the code of templates in memory; they do not change while a process runs."""

    def __init__(self) -> None:
        self._code: dict[str, Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, if it was compiled before."""
        bucket.code = self._code.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        self._code[bucket.key] = bucket.code


@lru_cache(1)
def _compiled() -> _Compiled:
    """Return what all of a process share."""
    return _Compiled()


def _hue(key: str) -> int:
    """Return the hue of a track's cover, 0 to HUES - 1; equal for equal keys."""
    return zlib.crc32(key.encode(errors="replace")) % HUES
