"""Command `models compare`: print what changes from one version of a model to another.

The group of commands imports this module on every start, so heavy imports stand in functions.
"""

import asyncio
import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot.texts import model_comparison as words

if TYPE_CHECKING:
    from bot.domain.model_comparison import ModelComparison

EXAMPLES: Final = ("f9237298 1a2b3c4d", "f9237298 1a2b3c4d --html changes.html")


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help=words.VERSION_A)],
    b: Annotated[str, typer.Argument(metavar="B", help=words.VERSION_B)],
    model: Annotated[str | None, typer.Option(metavar="NAME", help=words.MODEL)] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help=words.HTML)] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=words.JSON)] = False,
) -> None:
    """Run the command."""
    raise typer.Exit(asyncio.run(report(a, b, model=model, as_json=as_json, html=html)))


async def report(
    a: str, b: str, *, model: str | None = None, as_json: bool = False, html: Path | None = None
) -> int:
    """Print the comparison of version `b` with version `a`; return the exit code.

    With `html`, a page with it is written, too.
    """
    from bot.domain.errors import EX_UNAVAILABLE, StartupError, StorageFailed
    from bot.runtime import log_setup, redaction, settings
    from bot.runtime.model_comparison import compare_versions
    from bot.services.model_comparison import as_dict
    from model.errors import ModelError

    log_setup.configure(level=logging.ERROR)
    redact = redaction.redactor()
    try:
        loaded = settings.load()
        redact = redaction.redactor(loaded)
        comparison = await compare_versions(loaded, a, b, model)
    except (StartupError, StorageFailed) as error:
        typer.echo(redact(str(error)), err=True)
        return error.exit_code if isinstance(error, StartupError) else EX_UNAVAILABLE
    except ModelError as error:
        typer.echo(redact(str(error)), err=True)
        return 1
    if html and not _written(comparison, html):
        return 1
    if as_json:
        print(json.dumps(as_dict(comparison), ensure_ascii=False))
    else:
        for line in (*words.lines(comparison), *([words.written(html)] if html else ())):
            typer.echo(line)
    return 0


def _written(comparison: "ModelComparison", path: Path) -> bool:
    """Write the page and return whether that succeeded; if not, the reason is printed."""
    from bot.render.model_page import comparison_page

    try:
        path.write_text(comparison_page(comparison), encoding="utf-8")
    except OSError as error:
        typer.echo(words.not_written(path, error.strerror or error), err=True)
        return False
    return True
