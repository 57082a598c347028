"""Charts as Vega-Lite specifications, made with Altair from rows of values.

Colours are CSS variables, so that a chart follows the theme of the page; every chart is as wide as
its place on the page. Each row has a `name` (its line of the chart) and a `colour`.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt
import vl_convert

Row = Mapping[str, Any]
Spec = dict[str, Any]

INK: Final = "var(--ink)"
MUTED: Final = "var(--muted)"
LINE: Final = "var(--line)"
ROW_HEIGHT: Final = 26
NAMES: Final = "width < 400 ? split(datum.label, ', ') : datum.label"
"""On narrow screens names are broken at commas."""

TICKS: Final = alt.ExprRef("width < 400 ? 3 : 6")

RADAR_SPACE: Final = 1.3
"""Half of a radar's extent, in radii: room for the names of the axes."""

SHORT: Final = {
    "danceability": "dance",
    "speechiness": "speech",
    "acousticness": "acoustic",
    "instrumentalness": "instr.",
    "liveness": "live",
}
"""Names of the axes of a small radar."""

SCORES: Final = alt.Axis(format=".2f", tickCount=TICKS, orient="top")
DASHES: Final = alt.condition("datum.dashed", alt.value([5, 4]), alt.value([1, 0]))


def scripts(program: str) -> str:
    """Return `program` and the Vega libraries that it uses, as one script."""
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    return vl_convert.javascript_bundle(program, vl_version=version)


def bars(rows: Sequence[Row], title: str, form: str) -> Spec:
    """Return horizontal bars with their `value` in the format `form`."""
    scale = alt.Scale(domain=[0, 1.15 * max(row["value"] for row in rows)], nice=False)
    base = _base(rows).encode(
        y=_names(rows),
        x=alt.X("value:Q", axis=None, scale=scale),
        tooltip=[*_words("name"), alt.Tooltip("value:Q", title=title, format=form)],
    )
    text = base.mark_text(align="left", dx=5).encode(text=alt.Text("value:Q", format=form))
    return _spec(base.mark_bar(cornerRadiusEnd=3).encode(color=_literal()) + text, rows)


def dots(
    rows: Sequence[Row], title: str, *, dodge: bool = True, reference: float | None = None
) -> Spec:
    """Return dots with error bars: rows with `series`, `value`, `error` and perhaps a `label`.

    With `dodge` the series of a name are drawn below one another; `reference` is a value that is
    drawn as a vertical line.
    """
    given = [
        {**row, "low": row["value"] - row["error"], "high": row["value"] + row["error"]}
        for row in rows
    ]
    series = [*dict.fromkeys(row["series"] for row in rows)]
    marked = [] if reference is None else [reference]
    ends = [row[end] for row in given for end in ("low", "high")] + marked
    margin = 0.06 * (max(ends) - min(ends) or 1)
    scale = alt.Scale(domain=[min(ends) - margin, max(ends) + margin], nice=False)
    offset: dict[str, Any] = {"yOffset": alt.YOffset("series:N", sort=series)} if dodge else {}
    numbers = [
        alt.Tooltip("value:Q", title=title, format=".2f"),
        alt.Tooltip("error:Q", title="±", format=".2f"),
    ]
    base = _base(given).encode(
        y=_names(rows), color=_literal(), tooltip=[*_words("name", "series"), *numbers], **offset
    )
    errors = base.mark_rule(strokeWidth=2, opacity=0.55).encode(
        x=alt.X("low:Q", title=title, scale=scale, axis=SCORES), x2="high:Q"
    )
    layers: list[Any] = [errors, base.mark_circle(size=95, opacity=1).encode(x="value:Q")]
    if any(row.get("label") for row in rows):
        layers.append(
            base.mark_text(dy=-12, fontSize=11, color=INK).encode(x="value:Q", text="label:N")
        )
    if marked:
        line = _base([{"value": reference}]).mark_rule(strokeDash=[5, 4], color=MUTED)
        layers.insert(0, line.encode(x=alt.X("value:Q", scale=scale)))
    return _spec(alt.layer(*layers), rows, 1 + dodge * len(series) / 3)


def stacked(rows: Sequence[Row], title: str) -> Spec:
    """Return bars of segments: rows with `part`, `value` (a share) and `order`."""
    axis = alt.Axis(format=".0%", tickCount=TICKS, orient="top")
    base = _base(rows).encode(
        y=_names(rows),
        x=alt.X("value:Q", stack="zero", title=title, axis=axis, scale=alt.Scale(domain=[0, 1])),
        order="order:Q",
        tooltip=[*_words("name", "part"), alt.Tooltip("value:Q", title=title, format=".0%")],
    )
    segments = base.mark_bar(stroke="var(--background)", strokeWidth=1).encode(color=_literal())
    wide = "datum.value * width > 7 * length(datum.part) + 8"
    named = base.mark_text(align="right", dx=-4, color="var(--background)", fontSize=11).encode(
        text="part:N", opacity=alt.condition(wide, alt.value(1), alt.value(0))
    )
    return _spec(segments + named, rows)


def lines(
    rows: Sequence[Row], x: str, y: str, *, ticks: Sequence[float] = (), line: bool = False
) -> Spec:
    """Return lines: rows with `x` (a share), `y`, `order`, `size` and `dashed`, one for each name.

    `ticks` are the values of a logarithmic x; without them both axes are from 0 to 1, with a
    diagonal, and points are connected only with `line`. `x` and `y` are the titles of the axes.
    """
    square = alt.Scale(domain=[0, 1])
    scale = alt.Scale(type="log", nice=False, padding=12) if ticks else square
    x_axis = alt.Axis(format=".0%", **({"values": list(ticks)} if ticks else {"tickCount": 4}))
    y_axis = alt.Axis(format=".2f" if ticks else ".0%", tickCount=4)
    hover = alt.selection_point(fields=["name"], on="pointerover")
    numbers = [
        alt.Tooltip("x:Q", title=x, format=".0%"),
        alt.Tooltip("y:Q", title=y, format=y_axis.format),
    ]
    base = _base(rows).encode(
        x=alt.X("x:Q", title=x, scale=scale, axis=x_axis),
        y=alt.Y("y:Q", title=y, scale=alt.Scale(zero=False) if ticks else square, axis=y_axis),
        color=_literal(),
        detail="name:N",
        opacity=alt.condition(hover, alt.value(1), alt.value(0.25)),
        tooltip=[*_words("name"), *numbers],
    )
    connected = base.mark_line(strokeWidth=2.5).encode(order="order:Q", strokeDash=DASHES)
    marks = base.mark_circle().encode(size=alt.Size("size:Q", scale=None)).add_params(hover)
    layers: list[Any] = [connected, marks] if line or ticks else [marks]
    if not ticks:
        ends = _base([{"x": 0, "y": 0}, {"x": 1, "y": 1}]).mark_line(color=MUTED, strokeDash=[1, 4])
        layers.insert(0, ends.encode(x="x:Q", y="y:Q"))
    return _spec(alt.layer(*layers), height=280 if ticks else 340)


def radar(
    shapes: Mapping[str, Mapping[str, float]], colours: Mapping[str, str], *, small: bool = False
) -> Spec:
    """Return a radar chart of values from 0 to 1, by shape and axis; `MUTED` shapes are dashed."""
    axes = list(next(iter(shapes.values())))
    circle = [*axes, axes[0]]
    rings = [
        {"ring": radius, "order": order, **_at(axes, axis, radius)}
        for radius in (0.25, 0.5, 0.75, 1.0)
        for order, axis in enumerate(circle)
    ]
    corners = [
        {
            "name": name,
            "axis": axis,
            "value": own[axis],
            "order": order,
            "colour": colours[name],
            "dashed": colours[name] == MUTED,
            **_at(axes, axis, own[axis]),
        }
        for name, own in shapes.items()
        for order, axis in enumerate(circle)
    ]
    names = [
        {"axis": SHORT.get(axis, axis) if small else axis, **_at(axes, axis, 1.15)} for axis in axes
    ]
    x, y = _radar_axis(alt.X, "x", "width / height"), _radar_axis(alt.Y, "y", "height / width")
    grid = _base(rings).mark_line(color=LINE, strokeWidth=1)
    shape = _base(corners).encode(x, y, detail="name:N", color=_literal(), order="order:Q")
    tips = [*_words("name", "axis"), alt.Tooltip("value:Q", format=".2f")]
    text = _base(names).mark_text(fontSize=10 if small else 12).encode(x, y, text="axis:N")
    layers = (
        grid.encode(x, y, detail="ring:Q", order="order:Q"),
        shape.mark_line(strokeWidth=2 if small else 2.5).encode(strokeDash=DASHES),
        shape.mark_circle(size=25 if small else 70, opacity=1).encode(tooltip=tips),
        text,
    )
    return _spec(alt.layer(*layers), height=170 if small else 360)


def _radar_axis(channel: Any, axis: str, ratio: str) -> Any:
    """Return one axis of a radar: a unit has as many pixels on x as on y, at any chart width."""
    extent = f"{RADAR_SPACE} * max(1, {ratio})"
    ends = {"domainMin": alt.ExprRef(f"-{extent}"), "domainMax": alt.ExprRef(extent)}
    return channel(f"{axis}:Q", axis=None, scale=alt.Scale(nice=False, zero=False, **ends))


def _at(axes: Sequence[str], axis: str, radius: float) -> dict[str, float]:
    angle = 2 * math.pi * axes.index(axis) / len(axes)
    return {"x": round(radius * math.sin(angle), 4), "y": round(radius * math.cos(angle), 4)}


def _base(rows: Sequence[Row]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=[dict(row) for row in rows]))


def _names(rows: Sequence[Row]) -> alt.Y:
    names = list(dict.fromkeys(row["name"] for row in rows))
    axis = alt.Axis(
        labelExpr=NAMES, labelLimit=300, labelOverlap=False, ticks=False, domain=False, grid=False
    )
    return alt.Y("name:N", sort=names, title=None, axis=axis)


def _literal() -> alt.Color:
    """Return an encoding of the colours that the rows hold."""
    return alt.Color("colour:N", scale=None)


def _words(*fields: str) -> list[alt.Tooltip]:
    """Return tooltips of fields that need no title."""
    return [alt.Tooltip(f"{name}:N", title=" ") for name in fields]


def _spec(chart: Any, rows: Sequence[Row] = (), stretch: float = 1, height: float = 0) -> Spec:
    """Return the specification, with the height of the rows' names or the given one."""
    names = {row["name"] for row in rows}
    stretch = max(stretch, 1.25 if any("," in name for name in names) else 1)
    stretch = max(stretch, 1.6 if any(row.get("label") for row in rows) else 1)
    sized = chart.properties(width="container", height=height or len(names) * ROW_HEIGHT * stretch)
    spec: Spec = sized.to_dict()
    del spec["$schema"], spec["config"]
    return spec
