"""Command `models list`: print the versions of all models."""

import json
from dataclasses import asdict

import typer

from bot.cli import model_store
from bot.runtime.model_versions import AsyncVersions
from bot.runtime.settings import Settings
from bot.texts import model_versions as words


async def report(model: str | None, *, as_json: bool) -> int:
    """Print the versions of a model, by default of all; return the exit code."""

    async def work(_: Settings, versions: AsyncVersions) -> int:
        entries = await versions.ask(lambda opened: opened.entries(model))
        if as_json:  # the shape is documented; scripts rely on it
            print(json.dumps([asdict(entry) for entry in entries], ensure_ascii=False))
        else:
            typer.echo("\n".join(words.version_table(entries)))
        return 0

    return await model_store.run(work)
