"""Pages that the server renders with the templates in `templates/`.

Jinja escapes every value, so that titles and addresses of others are never markup.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.platforms.web import site
from bot.platforms.web.static import StaticFiles
from bot.texts import site as site_words


class Pages:
    """Renders the templates.

    Each knows the sentences of the frame as `say`, and the scripts and styles as `static`.
    """

    def __init__(self, static: StaticFiles | None = None) -> None:
        self._templates = Environment(
            loader=PackageLoader("bot.platforms.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["say"] = site_words.FRAME
        self._templates.globals["static"] = static or StaticFiles()

    def render(self, template: str, **values: object) -> Markup:
        """Return a template with its values."""
        return Markup(self._templates.get_template(template).render(**values))  # noqa: S704 - escaped by Jinja

    def response(
        self,
        request: web.Request,
        template: str,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> web.Response:
        """Return a page; templates get the origin and the query, too, for addresses."""
        text = self.render(template, origin=site.origin(request), path=request.path_qs, **values)
        return web.Response(
            text=text, status=status, content_type="text/html", charset="utf-8", headers=headers
        )
