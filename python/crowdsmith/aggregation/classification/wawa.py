"""Worker agreement with aggregate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..base import BaseClassificationAggregator, check_is_fitted
from .majority_vote import MajorityVote

__all__ = ["Wawa"]


@dataclass
class Wawa(BaseClassificationAggregator):
    r"""Worker agreement with aggregate: a vote weighted by how often each worker agrees with the majority.

    1. The majority of each task. 2. Each worker's share of agreement with it, $s_w$. 3. The label with the largest
    sum of $s_w$.

    >>> data = pd.DataFrame(
    ...     [["t1", "w1", "a"], ["t1", "w2", "a"], ["t1", "w3", "b"], ["t2", "w1", "b"], ["t2", "w3", "a"]],
    ...     columns=["task", "worker", "label"],
    ... )
    >>> Wawa().fit_predict(data).to_dict()
    {'t1': 'a', 't2': 'a'}
    """

    def fit(self, data: pd.DataFrame) -> Wawa:
        """Learns `skills_`, indexed by worker, from `task`, `worker`, `label`."""
        self.skills_ = MajorityVote().fit(data).skills_
        return self

    def _apply(self, data: pd.DataFrame) -> Wawa:
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

    def fit_predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """Learns the skills and returns `labels_`."""
        return self.fit(data).predict(data)

    def fit_predict_proba(self, data: pd.DataFrame) -> pd.DataFrame:
        """Learns the skills and returns `probas_`."""
        return self.fit(data).predict_proba(data)
