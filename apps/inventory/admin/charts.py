"""Charts on admin pages: Unfold's line chart, which Chart.js draws. No script of a page's own is needed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

DAYS_SHOWN = 90
"""Days that charts look back."""

_COLOURS = ("var(--color-primary-600)", "var(--color-base-400)")
_OPTIONS = {
    "animation": False,
    "maintainAspectRatio": False,
    "plugins": {"legend": {"display": True, "align": "end"}},
    "scales": {
        "x": {"ticks": {"display": True, "maxTicksLimit": 7, "maxRotation": 0}},
        "y": {"beginAtZero": True, "ticks": {"display": True, "maxTicksLimit": 6}},
    },
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """Values by day under a name. ``stepped``: each holds until the next one."""

    name: str
    values: Mapping[date, float]
    stepped: bool = False


def line_chart(curves: Sequence[Curve], *, height: int = 220) -> SafeString:
    """The curves over all days that any of them has; a gap where one has no value."""
    days = sorted({day for curve in curves for day in curve.values})
    data = {
        "labels": [day.isoformat() for day in days],
        "datasets": [
            {
                "label": curve.name,
                "data": [curve.values.get(day) for day in days],
                "borderColor": colour,
                "backgroundColor": colour,
                "stepped": curve.stepped,
                "pointRadius": 0,
                "borderWidth": 2,
            }
            for curve, colour in zip(curves, _COLOURS, strict=False)
        ],
    }
    return render_to_string(
        "unfold/components/chart/line.html",
        {"data": json.dumps(data), "options": json.dumps(_OPTIONS), "height": height},
    )
