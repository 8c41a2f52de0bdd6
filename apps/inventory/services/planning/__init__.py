"""Planning: demand forecast, and what to buy because of it."""

from apps.inventory.services.planning._evaluate import evaluate_forecasts
from apps.inventory.services.planning._forecast import (
    days_of,
    forecasting_installed,
    get_forecast,
    run_forecasts,
)
from apps.inventory.services.planning._history import count_demand
from apps.inventory.services.planning._order import dismiss_proposal, order_proposals
from apps.inventory.services.planning._propose import (
    get_proposal,
    propose_replenishment,
    run_proposals,
    start_proposals,
)
from apps.inventory.services.planning._stockouts import note_stockouts

__all__ = [
    "count_demand",
    "days_of",
    "dismiss_proposal",
    "evaluate_forecasts",
    "forecasting_installed",
    "get_forecast",
    "get_proposal",
    "note_stockouts",
    "order_proposals",
    "propose_replenishment",
    "run_forecasts",
    "run_proposals",
    "start_proposals",
]
