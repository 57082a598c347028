"""Command `models compare`: print what changes from one version of a model to another."""

import json
from pathlib import Path

import typer

from bot.cli import model_store
from bot.cli.terminal import print_wrapped
from bot.domain.model_comparison import ModelComparison
from bot.render.model_page import comparison_page
from bot.runtime.model_comparison import compare_versions
from bot.runtime.model_versions import AsyncVersions
from bot.runtime.settings import Settings
from bot.services.model_comparison import as_dict
from bot.texts import model_comparison as words


async def report(
    a: str, b: str, *, model: str | None = None, as_json: bool = False, html: Path | None = None
) -> int:
    """Print the comparison of version `b` with version `a`; return the exit code.

    With `html`, a page with it is written, too.
    """

    async def work(settings: Settings, versions: AsyncVersions) -> int:
        comparison = await compare_versions(settings, versions, a, b, model)
        if html and not _written(comparison, html):
            return 1
        if as_json:  # the shape is documented; scripts rely on it
            print(json.dumps(as_dict(comparison), ensure_ascii=False))
        else:
            print_wrapped(words.lines(comparison))
            if html:
                typer.echo(words.written(html))
        return 0

    return await model_store.run(work)


def _written(comparison: ModelComparison, path: Path) -> bool:
    """Write the page and return whether that succeeded; if not, the reason is printed."""
    try:
        path.write_text(comparison_page(comparison), encoding="utf-8")
    except OSError as error:
        typer.echo(words.not_written(path, error.strerror or error), err=True)
        return False
    return True
