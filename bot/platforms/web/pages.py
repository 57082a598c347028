"""Pages that the server renders with the templates in `templates/`.

Jinja escapes every value, so that titles and addresses of others are never markup.
"""

import zlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.platforms.web import site
from bot.platforms.web.static import StaticFiles
from bot.texts import site as site_words
from bot.texts import web_card, web_page

HUES: Final = 12
"""Hues of what stands for a cover; card.css has a class for each."""


class Pages:
    """Renders the templates.

    Each knows the sentences of the frame as `say`, those of cards as `on_card`, the genres that a
    vote may name as `genres`, and the scripts and styles as `static`.
    """

    def __init__(self, static: StaticFiles | None = None) -> None:
        self._templates = Environment(
            loader=PackageLoader("bot.platforms.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,  # else each use of a template reads the time of its file
        )
        self._templates.globals["say"] = site_words.FRAME
        self._templates.globals["static"] = static or StaticFiles()
        self._templates.globals["on_card"] = web_card.CARD
        self._templates.globals["genres"] = web_page.genre_options()
        self._templates.filters["hue"] = _hue

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


def _hue(key: str) -> int:
    """Return the hue of a track's cover, 0 to HUES - 1; equal for equal keys."""
    return zlib.crc32(key.encode(errors="replace")) % HUES
