"""Metrics of workers."""

from .accuracy_on_aggregates import accuracy_on_aggregates
from .diagnosis import close_pairs, spammer_scores

__all__ = ["accuracy_on_aggregates", "close_pairs", "spammer_scores"]
