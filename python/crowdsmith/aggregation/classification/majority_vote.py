"""Majority vote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ... import _native
from ..._frames import Coded, best, to_frame
from ..base import BaseClassificationAggregator
from ..utils import add_skills_to_data

__all__ = ["MajorityVote"]


@dataclass
class MajorityVote(BaseClassificationAggregator):
    r"""The label with most votes, or with the largest sum of the voters' skills.

    The probability of a label is its share, $p(c) = \sum_{w: y_w = c} s_w \,/ \sum_w s_w$. A tie goes to the label
    that sorts first.

    Args:
        default_skill: Skill of workers without one, with `on_missing_skill="value"`.
        on_missing_skill: What to do about a worker without skill when skills are given: `error` raises, `ignore`
            leaves the worker out (and raises if a task loses all answers), `value` takes `default_skill`.

    >>> data = pd.DataFrame(
    ...     [["t1", "w1", 0], ["t1", "w2", 0], ["t1", "w3", 1], ["t2", "w1", 1], ["t2", "w2", 0], ["t2", "w3", 1]],
    ...     columns=["task", "worker", "label"],
    ... )
    >>> MajorityVote().fit_predict(data).to_dict()
    {'t1': 0, 't2': 1}
    >>> MajorityVote().fit_predict(data, pd.Series({"w1": 0.1, "w2": 0.7, "w3": 0.4})).to_dict()
    {'t1': 0, 't2': 0}
    """

    default_skill: float | None = None
    on_missing_skill: str = "error"

    def fit(self, data: pd.DataFrame, skills: pd.Series[Any] | None = None) -> MajorityVote:
        """Counts the votes.

        Args:
            data: Labels, with columns `task`, `worker` and `label`.
            skills: Weight of each worker's vote, indexed by worker.

        Sets `probas_` (tasks × labels), `labels_`, and `skills_`: each worker's share of agreement with the result.
        """
        weight = None
        if skills is not None:
            data = to_frame(data, ["task", "worker", "label"])
            data = data[data["label"].notna()]
            data = add_skills_to_data(data, skills, self.on_missing_skill, self.default_skill)
            weight = data["skill"].to_numpy(dtype=np.float64)
        coded = Coded.of(data)
        votes = _native.weighted_votes(len(coded.tasks), len(coded.labels), coded.task, coded.label, weight)
        shares = _shares(votes)
        self.probas_ = coded.probabilities(shares, sort=True)
        self.labels_ = coded.most_probable(self.probas_)
        # An answer given twice counts once.
        agreed = _native.agreement(coded.judgments(), best(shares))
        self.skills_ = coded.by_worker(agreed, "skill", sort=True)
        return self

    def fit_predict_proba(self, data: pd.DataFrame, skills: pd.Series[Any] | None = None) -> pd.DataFrame:
        """Counts the votes and returns `probas_`."""
        return self.fit(data, skills).probas_

    def fit_predict(self, data: pd.DataFrame, skills: pd.Series[Any] | None = None) -> pd.Series[Any]:  # type: ignore[override]
        """Counts the votes and returns `labels_`."""
        return self.fit(data, skills).labels_


def _shares(votes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Rows divided by their sum; a row that sums to 0 is uniform."""
    totals = votes.sum(axis=1, keepdims=True)
    even = 1.0 / max(votes.shape[1], 1)
    return np.divide(votes, totals, out=np.full_like(votes, even), where=totals != 0)
