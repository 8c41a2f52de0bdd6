"""Forecast models of statsforecast, loaded when first used: a shop without the package runs without them."""

import importlib.util
import warnings
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

WEEK = 7
_Factory = Callable[[Any], Any]

_MODELS: dict[str, _Factory] = {
    "SeasonalNaive": lambda m: m.SeasonalNaive(season_length=WEEK),
    "WindowAverage28": lambda m: m.WindowAverage(window_size=28),
    "WindowAverage56": lambda m: m.WindowAverage(window_size=56),
    "SES": lambda m: m.SimpleExponentialSmoothing(alpha=0.05),
    "SESOptimized": lambda m: m.SimpleExponentialSmoothingOptimized(),
    "SeasonalES": lambda m: m.SeasonalExponentialSmoothing(season_length=WEEK, alpha=0.1),
    "AutoETS": lambda m: m.AutoETS(season_length=WEEK),
    "AutoARIMA": lambda m: m.AutoARIMA(season_length=WEEK),
    "AutoTheta": lambda m: m.AutoTheta(season_length=WEEK),
    "CrostonOptimized": lambda m: m.CrostonOptimized(),
    "CrostonSBA": lambda m: m.CrostonSBA(),
    "ADIDA": lambda m: m.ADIDA(),
    "IMAPA": lambda m: m.IMAPA(),
    "TSB": lambda m: m.TSB(alpha_d=0.1, alpha_p=0.1),
}
SEASONAL = frozenset({"SeasonalNaive", "SeasonalES", "AutoETS", "AutoARIMA", "AutoTheta"})
"""Models that see the week themselves."""


def installed() -> bool:
    """Is the package there? It is heavy, so a shop may do without (``requirements/forecast.txt``)."""
    return importlib.util.find_spec("statsforecast") is not None


@cache
def _library() -> Any:
    from statsforecast import models

    return models


def forecast(model: str, units: Sequence[float], horizon: int) -> list[float]:
    """Units per day for so many days ahead, never less than nought. Raises LookupError for no such model.

    Where a model cannot fit a history (too short a one), the plain mean is told.
    """
    import numpy as np

    if model not in _MODELS:
        raise LookupError(model)
    history = np.asarray(units, dtype=np.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ahead = _MODELS[model](_library()).forecast(y=history, h=horizon)["mean"]
        except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError):
            ahead = _mean(history, horizon)
    values = np.asarray(ahead, dtype=np.float64)
    if not np.isfinite(values).all():
        values = _mean(history, horizon)
    return [float(one) for one in np.clip(values, 0.0, None)]


def _mean(history: Any, horizon: int) -> Any:
    import numpy as np

    return np.full(horizon, history.mean() if len(history) else 0.0)
