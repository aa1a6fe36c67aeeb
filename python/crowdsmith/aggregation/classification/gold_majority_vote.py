"""Majority vote weighted by accuracy on known tasks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..._frames import named, to_frame
from ..base import BaseClassificationAggregator, check_is_fitted
from ..utils import get_accuracy
from .majority_vote import MajorityVote

__all__ = ["GoldMajorityVote"]


@dataclass
class GoldMajorityVote(BaseClassificationAggregator):
    r"""A vote weighted by each worker's accuracy on tasks whose answer is known.

    Every worker must have judged at least one of them.

    >>> data = pd.DataFrame(
    ...     [["t1", "w1", 0], ["t1", "w2", 0], ["t1", "w3", 1], ["t2", "w1", 1], ["t2", "w2", 0], ["t2", "w3", 1]],
    ...     columns=["task", "worker", "label"],
    ... )
    >>> GoldMajorityVote().fit_predict(data, pd.Series({"t1": 0})).to_dict()
    {'t1': 0, 't2': 0}
    """

    def fit(self, data: pd.DataFrame, true_labels: pd.Series[Any]) -> GoldMajorityVote:  # type: ignore[override]
        """Learns `skills_`, indexed by worker, from the tasks in the index of `true_labels`."""
        data = to_frame(data, ["task", "worker", "label"])
        self.skills_ = named(get_accuracy(data, true_labels, by="worker"), "skill")
        return self

    def _apply(self, data: pd.DataFrame) -> GoldMajorityVote:
        check_is_fitted(self, "skills_")
        vote = MajorityVote().fit(data, skills=self.skills_)
        self.probas_, self.labels_ = vote.probas_, vote.labels_
        return self

    def predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """The label of each task by the skills learned; sets and returns `labels_`."""
        return self._apply(data).labels_

    def predict_proba(self, data: pd.DataFrame) -> pd.DataFrame:
        """The share of skill behind each label; sets and returns `probas_`."""
        return self._apply(data).probas_

    def fit_predict(self, data: pd.DataFrame, true_labels: pd.Series[Any]) -> pd.Series[Any]:  # type: ignore[override]
        """Learns the skills and returns `labels_`."""
        return self.fit(data, true_labels).predict(data)

    def fit_predict_proba(self, data: pd.DataFrame, true_labels: pd.Series[Any]) -> pd.DataFrame:
        """Learns the skills and returns `probas_`."""
        return self.fit(data, true_labels).predict_proba(data)
