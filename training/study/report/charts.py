"""Charts as Vega-Lite specifications, made with Altair.

Colours are CSS variables, so that a chart follows the theme of the page. Every chart is as wide as
its place on the page; scales are shared by the marks of a chart.
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
ROW_HEIGHT: Final = 24
SQUARE: Final = 340
NAME_LINES: Final = "split(datum.label, ', ')"
"""Axis labels are broken at commas, for narrow screens."""

RADAR_SIZE: Final = 330
RADAR_SPACE: Final = 1.32
"""Half of a radar's extent, in radii: room for the names of the axes."""


def scripts(program: str) -> str:
    """Return `program` and the Vega libraries that it uses, as one script."""
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    return vl_convert.javascript_bundle(program, vl_version=version)


def bars(rows: Sequence[Row], title: str, form: str) -> Spec:
    """Return horizontal bars, labelled: rows of name, value, colour.

    Args:
        rows: The bars from top to bottom.
        title: Title of the value.
        form: Format of the value, such as ".0%".
    """
    base = _base(rows).encode(
        y=_names(rows),
        x=alt.X("value:Q", title=None, axis=None, scale=_up_to(rows, "value", 1.15)),
        tooltip=_tips({"name": "", "value": title}, form),
    )
    text = base.mark_text(align="left", dx=5).encode(text=alt.Text("value:Q", format=form))
    return _spec(base.mark_bar(cornerRadiusEnd=3).encode(color=_literal()) + text, len(rows))


def dots(
    rows: Sequence[Row],
    title: str,
    *,
    dodge: bool = True,
    reference: tuple[float, str] | None = None,
) -> Spec:
    """Return dots with error bars: rows of name, series, value, error, colour.

    Args:
        rows: The dots; names from top to bottom, series from top to bottom within a name.
        title: Title of the value.
        dodge: Whether the series of a name are drawn below one another.
        reference: A value that is drawn as a vertical line, and its name.
    """
    given = [
        {**row, "low": row["value"] - row["error"], "high": row["value"] + row["error"]}
        for row in rows
    ]
    series = list(dict.fromkeys(row["series"] for row in rows))
    spread = [value for row in given for value in (row["low"], row["high"])]
    spread += [reference[0]] if reference else []
    margin = 0.06 * (max(spread) - min(spread) or 1)
    scale = alt.Scale(domain=[min(spread) - margin, max(spread) + margin], nice=False, zero=False)
    base = _base(given).encode(
        y=_names(rows),
        **({"yOffset": alt.YOffset("series:N", sort=series)} if dodge else {}),
        color=_literal(),
        tooltip=_tips({"name": "", "series": "", "value": title, "error": "±"}, ".2f"),
    )
    axis = alt.Axis(format=".2f", tickCount=5, grid=True, orient="top")
    errors: Any = base.mark_rule(strokeWidth=2, opacity=0.55).encode(
        x=alt.X("low:Q", title=title, scale=scale, axis=axis), x2="high:Q"
    )
    layers: list[Any] = [errors, base.mark_circle(size=95, opacity=1).encode(x="value:Q")]
    if reference:
        layers = [*_reference(*reference), *layers]
    return _spec(alt.layer(*layers), len({row["name"] for row in rows}) * (1 + dodge * len(series) / 2))


def _reference(value: float, name: str) -> list[Any]:
    base = _base([{"value": value, "name": name}])
    rule = base.mark_rule(strokeDash=[5, 4], color=MUTED).encode(x="value:Q", tooltip="name:N")
    return [rule]


def stacked(rows: Sequence[Row], title: str) -> Spec:
    """Return bars of segments: rows of name, part, value (a share), colour, order."""
    base = _base(rows).encode(
        y=_names(rows),
        x=alt.X(
            "value:Q",
            stack="zero",
            title=title,
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(format=".0%", tickCount=4, orient="top"),
        ),
        order="order:Q",
        tooltip=_tips({"name": "", "part": "", "value": title}, ".0%"),
    )
    segments = base.mark_bar(stroke="var(--background)", strokeWidth=1).encode(color=_literal())
    named = base.mark_text(align="right", dx=-4, color="var(--background)", fontSize=11).encode(
        text="part:N",
        opacity=alt.condition("datum.value * width > 7 * length(datum.part) + 8", _one(), _none()),
    )
    return _spec(segments + named, len({row["name"] for row in rows}))


def lines(
    rows: Sequence[Row], x: str, y: str, *, log: bool = False, diagonal: bool = False, form: str
) -> Spec:
    """Return lines with points: rows of x, y, series, colour, size and dashed.

    Args:
        rows: Points in order along each line.
        x: Title of x.
        y: Title of y.
        log: Whether x is logarithmic.
        diagonal: Whether both axes are from 0 to 1, with the diagonal as reference.
        form: Format of x.
    """
    square = alt.Scale(domain=[0, 1])
    scale = square if diagonal else alt.Scale(type="log" if log else "linear", nice=False)
    hover = alt.selection_point(fields=["series"], on="pointerover", empty=True)
    base = _base(rows).encode(
        x=alt.X("x:Q", title=x, scale=scale, axis=alt.Axis(format=form, tickCount=5)),
        y=alt.Y("y:Q", title=y, scale=square if diagonal else alt.Scale(zero=False, padding=15)),
        color=_literal(),
        detail="series:N",
        opacity=alt.condition(hover, _one(), alt.value(0.25)),
        tooltip=[
            alt.Tooltip("series:N", title=" "),
            alt.Tooltip("x:Q", title=x, format=form),
            alt.Tooltip("y:Q", title=y, format=".2f"),
        ],
    )
    drawn = base.mark_line(strokeWidth=2.5).encode(
        order="order:Q",
        strokeDash=alt.condition("datum.dashed", alt.value([5, 4]), alt.value([1, 0])),
    )
    points = base.mark_circle().encode(size=alt.Size("size:Q", scale=None, legend=None))
    layers: list[Any] = [drawn, points.add_params(hover)]
    if diagonal:
        ends = _base([{"x": 0, "y": 0}, {"x": 1, "y": 1}])
        layers.insert(0, ends.mark_line(color=MUTED, strokeDash=[1, 4]).encode(x="x:Q", y="y:Q"))
    return _spec(alt.layer(*layers), height=SQUARE if diagonal else 280)


def ranges(rows: Sequence[Row], title: str, form: str) -> Spec:
    """Return box plots: rows of name, colour and the quantiles q5, q25, q50, q75, q95."""
    tips = {"name": "", "q5": "5 %", "q25": "25 %", "q50": "median", "q75": "75 %", "q95": "95 %"}
    base = _base(rows).encode(y=_names(rows), color=_literal(), tooltip=_tips(tips, form))
    axis = alt.Axis(format=form, tickCount=4)
    thin = base.mark_rule().encode(x=alt.X("q5:Q", title=title, axis=axis), x2="q95:Q")
    thick = base.mark_bar(size=9, opacity=0.55).encode(x="q25:Q", x2="q75:Q")
    middle = base.mark_tick(thickness=3, size=15).encode(x="q50:Q")
    return _spec(thin + thick + middle, len(rows) * 0.8)


def strip(rows: Sequence[Row], title: str, low: str, high: str) -> Spec:
    """Return a row of dots for each name: rows of name, part, value (0 to 1), colour, label.

    Args:
        rows: The dots; `label` is the part of the first and the last dot of a row, else empty.
        title: Title of the value.
        low: What a low value means.
        high: What a high value means.
    """
    axis = alt.Axis(format=".0%", tickCount=4, orient="top", grid=True)
    base = _base(rows).encode(
        y=_names(rows),
        x=alt.X("value:Q", title=f"{low} ← → {high}", scale=alt.Scale(domain=[0, 1]), axis=axis),
        tooltip=_tips({"name": "", "part": "", "value": title}, ".0%"),
    )
    marks = base.mark_circle(size=80, opacity=0.9).encode(color=_literal())
    named: list[Any] = [
        base.transform_filter(test).mark_text(align=side, dx=shift, color=INK, fontSize=11)
        for test, side, shift in (
            ("datum.label && datum.value < 0.5", "right", -8),
            ("datum.label && datum.value >= 0.5", "left", 8),
        )
    ]
    texts = [one.encode(text="label:N") for one in named]
    return _spec(alt.layer(marks, *texts), len({row["name"] for row in rows}) * 1.2)


def radar(
    shapes: Mapping[str, Mapping[str, float]], colours: Mapping[str, str], *, names: bool = True
) -> Spec:
    """Return a radar chart of values from 0 to 1.

    Args:
        shapes: Values by axis, by name of the shape; shapes whose colour is `MUTED` are dashed.
        colours: Colour of each shape.
        names: Whether the axes are named in full.
    """
    axes = list(next(iter(shapes.values())))
    angle = {axis: 2 * math.pi * number / len(axes) for number, axis in enumerate(axes)}
    rings = [
        {"ring": radius, "order": number, **_at(angle[axis], radius)}
        for radius in (0.25, 0.5, 0.75, 1.0)
        for number, axis in enumerate([*axes, axes[0]])
    ]
    points = [
        {"shape": shape, "axis": axis, "value": own[axis], "order": number, "colour": colours[shape],
         "dashed": colours[shape] == MUTED, **_at(angle[axis], own[axis])}
        for shape, own in shapes.items()
        for number, axis in enumerate([*axes, axes[0]])
    ]  # fmt: skip
    ends = [
        {"axis": axis if names else axis[:6], **_at(angle[axis], 1.16), "side": round(math.sin(angle[axis]), 1)}
        for axis in axes
    ]
    x, y = _radar_axis("x", "width / height"), _radar_axis("y", "height / width")
    grid = _base(rings).mark_line(color=LINE, strokeWidth=1).encode(x, y, detail="ring:Q", order="order:Q")
    shape = _base(points).encode(x, y, detail="shape:N", color=_literal(), order="order:Q")
    outline = shape.mark_line(strokeWidth=2.5).encode(
        strokeDash=alt.condition("datum.dashed", alt.value([5, 4]), alt.value([1, 0]))
    )
    tips = _tips({"shape": "", "axis": "", "value": "value"}, ".2f")
    corners = shape.mark_circle(size=70, opacity=1).encode(tooltip=tips)
    text = _base(ends).mark_text(color=INK, fontSize=12 if names else 9).encode(x, y, text="axis:N")
    height = RADAR_SIZE if names else RADAR_SIZE / 2
    return _spec(grid + outline + corners + text, height=height)


def _radar_axis(axis: str, ratio: str) -> Any:
    """Return a scale on which x and y have the same unit, whatever the width of the chart."""
    extent = f"{RADAR_SPACE} * max(1, {ratio})"
    scale = alt.Scale(
        domainMin=alt.ExprRef(f"-{extent}"), domainMax=alt.ExprRef(extent), nice=False, zero=False
    )
    channel = alt.X if axis == "x" else alt.Y
    return channel(f"{axis}:Q", axis=None, scale=scale)


def _at(angle: float, radius: float) -> dict[str, float]:
    x, y = radius * math.sin(angle), radius * math.cos(angle)
    return {"x": round(x, 4), "y": round(y, 4)}


def _base(rows: Sequence[Row]) -> alt.Chart:
    return alt.Chart(alt.Data(values=[dict(row) for row in rows]))


def _names(rows: Sequence[Row]) -> alt.Y:
    names = list(dict.fromkeys(row["name"] for row in rows))
    axis = alt.Axis(labelExpr=NAME_LINES, labelLimit=170, ticks=False, domain=False)
    return alt.Y("name:N", sort=names, title=None, axis=axis)


def _literal() -> alt.Color:
    """Return an encoding of the colours that the rows hold."""
    return alt.Color("colour:N", scale=None, legend=None)


def _up_to(rows: Sequence[Row], name: str, room: float) -> alt.Scale:
    return alt.Scale(domain=[0, room * max(row[name] for row in rows)], nice=False)


def _tips(fields: Mapping[str, str], form: str) -> list[alt.Tooltip]:
    """Return tooltips: text without title, and numbers with theirs."""
    return [
        alt.Tooltip(f"{name}:N", title=title or " ")
        if name in {"name", "series", "part", "shape", "axis"}
        else alt.Tooltip(f"{name}:Q", title=title, format=form)
        for name, title in fields.items()
    ]


def _one() -> Any:
    return alt.value(1)


def _none() -> Any:
    return alt.value(0)


def _spec(chart: Any, rows: float = 0, height: float = 0) -> Spec:
    """Return the specification of a chart with a height for `rows`, or the given one."""
    sized = chart.properties(width="container", height=height or max(rows, 1) * ROW_HEIGHT)
    spec: Spec = sized.to_dict()
    del spec["$schema"], spec["config"]
    return spec
