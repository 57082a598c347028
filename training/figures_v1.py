"""Reads figures files of format 1, which earlier runs of the study wrote."""

from collections.abc import Mapping
from typing import Any, Final

FORMAT: Final = 1

MEASURED: Final = {
    "test": ("all", "core"),
    "test, with extras": ("all", "all"),
    "two tables agree": ("two_tables_agree", "core"),
    "two tables agree, with extras": ("two_tables_agree", "all"),
    "artist named": ("artist_named", "core"),
    "no artist named": ("no_artist_named", "core"),
    "artist named, leads nothing learnt": ("no_shared_credit", "core"),
}
"""Slice and features of each set of scores."""

RENAMED: Final = {
    "committee": "ensemble",
    "committee of networks": "ensemble of networks",
}
"""Keys and names of models."""


def upgrade(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content in format 2; raises KeyError, TypeError or AttributeError."""
    return {
        "format": 2,
        "quick": content["quick"],
        "seed": content["seed"],
        "tasks": [_task(task) for task in content["fields"]],
        "left_out_tables": [
            {"table": one["table"], "ours": one["ours"], "baseline": one["recipe"]}
            for one in content["away"]
        ],
    }


def _task(task: Mapping[str, Any]) -> dict[str, Any]:
    unchanged = {name: task[name] for name in ("task", "genres", "tables")}
    best = {name: RENAMED.get(task[name], task[name]) for name in ("best", "best_of_study")}
    return unchanged | best | {"models": [_model(model) for model in task["entrants"]]}


def _model(model: Mapping[str, Any]) -> dict[str, Any]:
    renamed = {name: RENAMED.get(model[name], model[name]) for name in ("key", "name")}
    scores = [
        {"slice": slice_, "features": features, **model["scores"][name]}
        for name, (slice_, features) in MEASURED.items()
        if name in model["scores"]
    ]
    return {**model, **renamed, "scores": scores}
