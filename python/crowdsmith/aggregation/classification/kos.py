"""KOS: messages between tasks and workers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ... import _native
from ..._frames import Coded, to_frame
from ..base import BaseClassificationAggregator

__all__ = ["KOS"]


@dataclass
class KOS(BaseClassificationAggregator):
    r"""Karger, Oh and Shah's message passing, for exactly two labels.

    With answers $A_{ij} = \pm 1$ of worker $j$ to task $i$: $x_{i \to j} = \sum_{j' \ne j} A_{ij'} y_{j' \to i}$ and
    $y_{j \to i} = \sum_{i' \ne i} A_{i'j} x_{i' \to j}$. The label is the sign of $\sum_j A_{ij} y_{j \to i}$. Messages
    are rescaled in each round, which changes no sign and lets any number of rounds stay finite.

    D. R. Karger, S. Oh, D. Shah: Budget-Optimal Task Allocation for Reliable Crowdsourcing Systems. Operations
    Research 62(1), 2014. <https://doi.org/10.1287/opre.2013.1235>

    Args:
        n_iter: Rounds.
        random_state: Seed of the first messages, drawn from N(1, 1).

    >>> data = pd.DataFrame(
    ...     [["t1", "w1", 1], ["t1", "w2", 1], ["t1", "w3", 0], ["t2", "w1", 0], ["t2", "w2", 0], ["t2", "w3", 0]],
    ...     columns=["task", "worker", "label"],
    ... )
    >>> KOS(n_iter=10).fit_predict(data).to_dict()
    {'t1': 1, 't2': 0}
    """

    n_iter: int = 100
    random_state: int = 0

    def fit(self, data: pd.DataFrame) -> KOS:
        """Fits the model to `task`, `worker`, `label`; sets `labels_`. Other than two labels are a `ValueError`."""
        if not len(to_frame(data, ["task", "worker", "label"])):
            self.labels_ = pd.Series([], dtype="O", name="agg_label")
            return self
        coded = Coded.of(data)
        if len(coded.labels) != 2:
            raise ValueError("KOS aggregation method is for binary classification only.")
        start = np.random.RandomState(self.random_state).normal(loc=1, scale=1, size=len(coded.task))
        by_task = np.argsort(coded.task, kind="stable")
        fit = _native.fit(coded.judgments(), "kos", iterations=self.n_iter, start=start[by_task].tolist())
        probabilities = coded.probabilities(fit["posterior"], sort=True)
        self.labels_ = coded.most_probable(probabilities)
        return self

    def fit_predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """Fits the model and returns `labels_`."""
        return self.fit(data).labels_
