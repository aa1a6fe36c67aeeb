"""Zero-based skill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ... import _native
from ..._frames import Coded
from ..base import BaseClassificationAggregator, check_is_fitted
from .majority_vote import MajorityVote

__all__ = ["ZeroBasedSkill"]


@dataclass
class ZeroBasedSkill(BaseClassificationAggregator):
    r"""Skills and weighted votes that refine each other: $s_w \leftarrow s_w + \eta\,(a_w - s_w)$, where $a_w$ is the
    worker's agreement with the vote weighted by the last skills.

    Args:
        n_iter: Iterations.
        lr_init: The first learning rate $\eta$, in (0, 1].
        lr_steps_to_reduce: Iterations between reductions of the rate.
        lr_reduce_factor: What the rate is multiplied by.
        eps: How much the first skill exceeds chance.

    >>> data = pd.DataFrame(
    ...     [["t1", "w1", "a"], ["t1", "w2", "a"], ["t1", "w3", "b"], ["t2", "w1", "b"], ["t2", "w3", "a"]],
    ...     columns=["task", "worker", "label"],
    ... )
    >>> ZeroBasedSkill().fit_predict(data)["t1"]
    'a'
    """

    n_iter: int = 100
    lr_init: float = 1.0
    lr_steps_to_reduce: int = 20
    lr_reduce_factor: float = 0.5
    eps: float = 1e-5

    def fit(self, data: pd.DataFrame) -> ZeroBasedSkill:
        """Learns `skills_`, indexed by worker, from `task`, `worker`, `label`."""
        coded = Coded.of(data)
        fit = _native.fit(
            coded.judgments(),
            "zero-based-skill",
            iterations=self.n_iter,
            rate=self.lr_init,
            rate_steps=self.lr_steps_to_reduce,
            rate_factor=self.lr_reduce_factor,
            margin=self.eps,
        )
        self.skills_ = coded.by_worker(fit["skill"], "skill")
        return self

    def _apply(self, data: pd.DataFrame) -> ZeroBasedSkill:
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
