"""Reading the figures that a source sent."""

import logging
from collections.abc import Mapping
from typing import Any

from model.errors import BadValue
from model.schema import BY_NAME, NAMES, read

_log = logging.getLogger(__name__)


def measured(row: Mapping[Any, object]) -> dict[str, float]:
    """Return the valid features of a row, in schema order.

    One optional feature out of range is left out and logged; a core one makes the row untrue, and
    raises BadValue.
    """
    found: dict[str, float] = {}
    for name in NAMES:
        try:
            value = read(name, row.get(name))
        except BadValue as error:
            if BY_NAME[name].core:
                raise
            _log.warning("left out: %s", error)
        else:
            if value is not None:
                found[name] = value
    return found
