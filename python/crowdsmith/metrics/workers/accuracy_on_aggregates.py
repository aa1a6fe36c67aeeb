"""How often workers agree with the result."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...aggregation import MajorityVote
from ...aggregation.base import BaseClassificationAggregator
from ...aggregation.utils import get_accuracy

__all__ = ["accuracy_on_aggregates"]


def accuracy_on_aggregates(
    answers: pd.DataFrame,
    aggregator: BaseClassificationAggregator | None = MajorityVote(),
    aggregates: pd.Series[Any] | None = None,
    by: str | None = None,
) -> float | pd.Series[Any]:
    """The share of answers that equal the aggregated ones.

    Args:
        answers: Labels, with columns `task`, `worker` and `label`.
        aggregator: How to aggregate them if `aggregates` is not given.
        aggregates: The aggregated label of each task, indexed by task.
        by: A column (such as `worker`) to give the share for each value of; over all answers if `None`.

    >>> answers = pd.DataFrame(
    ...     [["t1", "w1", 0], ["t1", "w2", 0], ["t1", "w3", 1]], columns=["task", "worker", "label"]
    ... )
    >>> accuracy_on_aggregates(answers, by="worker").to_dict()
    {'w1': 1.0, 'w2': 1.0, 'w3': 0.0}
    """
    if aggregates is None:
        if aggregator is None:
            raise AssertionError("One of aggregator or aggregates should be not None")
        aggregates = aggregator.fit_predict(answers)
    return get_accuracy(answers, aggregates, by=by)
