"""Reads audio features from a source's reply."""

import logging
from collections.abc import Mapping
from typing import Any

from model.errors import BadValue
from model.schema import BY_NAME, NAMES, read

_log = logging.getLogger(__name__)


def read_features(row: Mapping[Any, object]) -> dict[str, float]:
    """Return the valid features of a row, in schema order.

    An optional feature out of range is omitted and logged; for a core feature BadValue is raised.
    """
    found: dict[str, float] = {}
    for name in NAMES:
        try:
            value = read(name, row.get(name))
        except BadValue as error:
            if BY_NAME[name].core:
                raise
            _log.warning("feature omitted: %s", error)
        else:
            if value is not None:
                found[name] = value
    return found
