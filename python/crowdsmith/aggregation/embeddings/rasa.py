"""RASA on embeddings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ... import _native
from ..._frames import to_frame
from ..base import BaseEmbeddingsAggregator
from ._points import Points, chosen, refuse_repeated

__all__ = ["RASA"]


@dataclass
class RASA(BaseEmbeddingsAggregator):
    r"""Reliability-aware sequence aggregation.

    The aggregate of task $i$ is $\hat e_i = \sum_k \beta_k e_i^k / \sum_k \beta_k$, the reliability of worker $k$ is
    $\beta_k = \chi^2_{(1 - \alpha/2,\,|V_k|)} / \sum_i \|e_i^k - \hat e_i\|^2$ over the tasks $V_k$ the worker
    answered; both are repeated. The output closest to the aggregate by cosine is chosen.

    J. Li, F. Fukumoto: A Dataset of Crowdsourced Word Sequences. AnnoNLP 2019. <https://doi.org/10.18653/v1/D19-5904>

    Args:
        n_iter: Most iterations.
        tol: Stop when the aggregates' relative squared change is less than this.
        alpha: Significance of the chi-squared quantile.

    >>> data = pd.DataFrame(
    ...     [["t1", "w1", "a", np.array([1.0, 0.0])], ["t1", "w2", "a", np.array([1.0, 0.0])],
    ...      ["t1", "w3", "b", np.array([0.0, 1.0])]],
    ...     columns=["task", "worker", "output", "embedding"],
    ... )
    >>> RASA().fit_predict(data)["output"]["t1"]
    'a'
    """

    n_iter: int = 100
    tol: float = 1e-9
    alpha: float = 0.05

    def fit(self, data: pd.DataFrame, true_embeddings: pd.Series[Any] | None = None) -> RASA:
        """Fits the model to `task`, `worker`, `embedding`.

        Args:
            data: Embeddings; all of one length.
            true_embeddings: Known embeddings, indexed by task; missing ones count as unknown.

        Sets `skills_` and `prior_skills_` by worker, `aggregated_embeddings_` by task, `loss_history_`.
        """
        refuse_repeated(true_embeddings)
        points = Points.of(to_frame(data, ["task", "worker", "embedding"]))
        fit = _native.rasa(
            points.native(true_embeddings), iterations=self.n_iter, tolerance=self.tol, significance=self.alpha
        )
        self.skills_ = pd.Series(fit["skills"], index=points.workers.rename("worker"), name="skill")
        self.prior_skills_ = prior_skills(points, self.alpha)
        self.aggregated_embeddings_ = points.aggregated(fit["aggregated"])
        self.loss_history_ = fit["loss"]
        self._distances = fit["distances"]
        return self

    def _apply(self, data: pd.DataFrame) -> RASA:
        data = to_frame(data, ["task", "worker", "output", "embedding"])
        self.scores_, self.embeddings_and_outputs_ = chosen(data, self._distances)
        return self

    def fit_predict_scores(self, data: pd.DataFrame, true_embeddings: pd.Series[Any] | None = None) -> pd.DataFrame:
        """Fits the model and returns the cosine distances of all outputs, `scores_`."""
        return self.fit(data, true_embeddings)._apply(data).scores_

    def fit_predict(self, data: pd.DataFrame, true_embeddings: pd.Series[Any] | None = None) -> pd.DataFrame:  # type: ignore[override]
        """Fits the model and returns `embeddings_and_outputs_`."""
        return self.fit(data, true_embeddings)._apply(data).embeddings_and_outputs_


def prior_skills(points: Points, alpha: float) -> pd.Series[Any]:
    """The chi-squared quantile of each worker's number of answers."""
    counts = np.bincount(points.worker, minlength=len(points.workers)).astype(float)
    quantiles = _native.chi_squared_quantile(counts.tolist(), 1 - alpha / 2)
    return pd.Series(quantiles, index=points.workers.rename("worker"), name="prior_skill")
