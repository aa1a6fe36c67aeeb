"""One yes-or-no question for each label."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ..._frames import to_frame
from ..base import BaseClassificationAggregator
from ..classification import MajorityVote
from ..utils import clone_aggregator

__all__ = ["BinaryRelevance"]


@dataclass
class BinaryRelevance(BaseClassificationAggregator):
    """Asks of each label whether a task has it, with any method for categorical labels.

    Args:
        base_aggregator: The method; a copy with the same parameters is fitted for each label.

    >>> data = pd.DataFrame(
    ...     [["t1", "w1", ["house", "tree"]], ["t1", "w2", ["house"]], ["t1", "w3", ["house", "tree", "grass"]]],
    ...     columns=["task", "worker", "label"],
    ... )
    >>> BinaryRelevance().fit_predict(data)["t1"]
    ['house', 'tree']
    """

    base_aggregator: BaseClassificationAggregator = field(default_factory=MajorityVote)

    def __post_init__(self) -> None:
        if not isinstance(self.base_aggregator, BaseClassificationAggregator):
            raise AssertionError("Aggregator argument should be a classification aggregator")

    def fit(self, data: pd.DataFrame) -> BinaryRelevance:
        """Fits one aggregator a label to `task`, `worker`, and `label`, a list of labels (which may be empty).

        Sets `aggregators_` (label to aggregator) and `labels_` (lists, in the labels' sorted order).
        """
        data = to_frame(data, ["task", "worker", "label"])
        sets = [set(labels) for labels in data["label"]]
        every = set().union(*sets)
        try:
            names = sorted(every)
        except TypeError:
            names = sorted(every, key=repr)
        self.aggregators_: dict[Any, BaseClassificationAggregator] = {}
        chosen: dict[Any, list[Any]] = {}
        for name in names:
            given = np.fromiter((name in labels for labels in sets), dtype=int, count=len(sets))
            aggregator = clone_aggregator(self.base_aggregator)
            aggregator.fit_predict(data[["task", "worker"]].assign(label=given))
            self.aggregators_[name] = aggregator
            for task, has in aggregator.labels_.items():
                chosen.setdefault(task, []).extend([name] if has else [])
        for task in data["task"].unique():
            chosen.setdefault(task, [])
        self.labels_ = _series(chosen)
        return self

    def fit_predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """Fits the aggregators and returns `labels_`."""
        return self.fit(data).labels_


def _series(chosen: dict[Any, list[Any]]) -> pd.Series[Any]:
    if not chosen:
        return pd.Series(dtype=float, name="agg_label")
    values = np.empty(len(chosen), dtype=object)
    values[:] = list(chosen.values())
    return pd.Series(values, index=pd.Index(list(chosen), name="task"), name="agg_label")
