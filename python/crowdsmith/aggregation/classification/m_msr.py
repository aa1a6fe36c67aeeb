"""M-MSR: abilities from the agreement of pairs of workers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from ... import _native
from ..._frames import Coded
from ..base import BaseClassificationAggregator, check_is_fitted
from .majority_vote import MajorityVote

__all__ = ["MMSR"]


@dataclass
class MMSR(BaseClassificationAggregator):
    r"""Matrix mean-subsequence-reduced: abilities by a rank-one completion that tolerates corrupt workers.

    With $M$ labels and the matrix $\tilde C$ of workers' shares of equal answers, $\mathbb E\left[\frac{M}{M-1}\tilde C
    - \frac{1}{M-1}\mathbf 1 \mathbf 1^T\right] = s s^T$; a vote weighs $\log \frac{(M-1)p}{1-p}$ with $p$ the
    probability of being right that $s$ stands for. Time and memory are quadratic in the workers.

    Q. Ma, A. Olshevsky: Adversarial Crowdsourcing Through Robust Rank-One Matrix Completion. NeurIPS 2020.
    <https://doi.org/10.48550/arXiv.2010.12181>

    Args:
        n_iter: Most iterations.
        tol: Stop when the completed matrix moves by less than this.
        random_state: Seed of the random start.
        pairs: Which pairs of workers decide who answers against the rest. `all` takes a pair without a common task as
            opposed, as crowd-kit and the authors do, which turns honest workers round where few of them meet; `sharing`
            leaves such pairs out.

    >>> answers = {"w1": [1, 0, 1, 0], "w2": [1, 0, 1, 1], "w3": [1, 0, 0, 0], "w4": [0, 0, 1, 0]}
    >>> rows = [(f"t{task}", worker, label) for worker, said in answers.items() for task, label in enumerate(said)]
    >>> MMSR().fit_predict(pd.DataFrame(rows, columns=["task", "worker", "label"])).to_dict()
    {'t0': 1, 't1': 0, 't2': 1, 't3': 0}
    """

    n_iter: int = 10000
    tol: float = 1e-10
    random_state: int | None = 0
    pairs: Literal["all", "sharing"] = "all"

    def fit(self, data: pd.DataFrame) -> MMSR:
        """Learns `skills_`, the weight of each worker's vote, from `task`, `worker`, `label`."""
        coded = Coded.of(data)
        start = np.random.RandomState(self.random_state).uniform(size=len(coded.workers))
        options = {"iterations": self.n_iter, "tolerance": self.tol, "pairs": self.pairs}
        fit = _native.fit(coded.judgments(), "m-msr", start=start.tolist(), **options)
        self.skills_ = coded.by_worker(fit["skill"], "skill")
        return self

    def _apply(self, data: pd.DataFrame) -> MMSR:
        check_is_fitted(self, "skills_")
        vote = MajorityVote().fit(data, skills=self.skills_)
        self.labels_, self.scores_ = vote.labels_, vote.probas_
        return self

    def predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """The label of each task by the skills learned; sets and returns `labels_`."""
        return self._apply(data).labels_

    def predict_score(self, data: pd.DataFrame) -> pd.DataFrame:
        """The share of weight behind each label; may be negative. Sets and returns `scores_`."""
        return self._apply(data).scores_

    def fit_predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """Learns the skills and returns `labels_`."""
        return self.fit(data).predict(data)

    def fit_predict_score(self, data: pd.DataFrame) -> pd.DataFrame:
        """Learns the skills and returns `scores_`."""
        return self.fit(data).predict_score(data)
