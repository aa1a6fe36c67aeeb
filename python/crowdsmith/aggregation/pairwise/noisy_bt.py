"""Bradley-Terry with workers of different reliability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ... import _native
from ..._frames import required, to_frame
from ..base import BasePairwiseAggregator
from ._comparisons import Comparisons

__all__ = ["CrowdBradleyTerry", "NoisyBradleyTerry"]


class _WorkerBradleyTerry(BasePairwiseAggregator):
    def _fit(self, data: pd.DataFrame, noisy: bool, **options: Any) -> dict[str, Any]:
        compared = Comparisons.of(data)
        worker, workers = required(to_frame(data, ["worker"])["worker"], "worker")
        fit = _native.worker_bradley_terry(
            len(compared.items),
            len(workers),
            worker,
            compared.left,
            compared.right,
            compared.outcome,
            noisy,
            **options,
        )
        log = np.log(np.maximum(fit["scores"], 1e-300))
        score = 1.0 / (1.0 + np.exp(-(log - log.mean()))) if len(log) else log
        self.scores_ = pd.Series(score, index=compared.items.rename("label"), name="agg_score")
        self.skills_ = pd.Series(fit["reliability"], index=workers, name="skill")
        self.converged_ = fit["converged"]
        fit["workers"] = workers
        return fit

    def fit_predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """Fits the model and returns `scores_`."""
        self.fit(data)
        return self.scores_


@dataclass
class NoisyBradleyTerry(_WorkerBradleyTerry):
    r"""Noisy Bradley-Terry: a worker either compares or answers without looking, favouring one side.

    Worker $k$ picks the left item with probability $\gamma_k \sigma(s_i - s_j) + (1 - \gamma_k) \beta_k$. Fitted by
    expectation-maximisation, whereas crowd-kit 1.4.2 follows a gradient whose entries for the workers' parameters stand
    in the wrong places; the scores therefore differ from its. A missing label is a tie.

    E. Bugakova, V. Fedorova, G. Gusev, A. Drutsa: Aggregation of pairwise comparisons with reduction of biases, 2019.
    <https://doi.org/10.48550/arXiv.1906.03711>

    Args:
        n_iter: Most iterations.
        tol: Stop when the strengths change by less than this in sum of absolute differences.
        regularization_ratio: Comparisons with a typical item added for every item, half of them won.
        random_state: Kept for compatibility; nothing is random.

    >>> data = pd.DataFrame(
    ...     [["w1", "a", "b", "a"], ["w1", "b", "c", "b"], ["w1", "c", "a", "a"]],
    ...     columns=["worker", "left", "right", "label"],
    ... )
    >>> NoisyBradleyTerry().fit_predict(data).rank(ascending=False).to_dict()
    {'a': 1.0, 'b': 2.0, 'c': 3.0}
    """

    n_iter: int = 100
    tol: float = 1e-5
    regularization_ratio: float = 1e-5
    random_state: int = 0

    def fit(self, data: pd.DataFrame) -> NoisyBradleyTerry:
        """Fits the model to `worker`, `left`, `right`, `label`.

        Sets `scores_` by item (the logistic function of the centred log-strengths), `skills_` ($\\gamma$) and `biases_`
        ($\\beta$) by worker.
        """
        fit = self._fit(data, True, iterations=self.n_iter, tolerance=self.tol, prior=self.regularization_ratio)
        self.biases_ = pd.Series(fit["left_bias"], index=fit["workers"], name="bias")
        return self


@dataclass
class CrowdBradleyTerry(_WorkerBradleyTerry):
    r"""CrowdBT: worker $k$ says what is true with probability $\eta_k$ and the opposite otherwise.

    $P(k: i \succ j) = \eta_k \sigma(s_i - s_j) + (1 - \eta_k)(1 - \sigma(s_i - s_j))$, by expectation-maximisation. A
    missing label is a tie.

    X. Chen, P. N. Bennett, K. Collins-Thompson, E. Horvitz 2013. <https://doi.org/10.1145/2433396.2433420>

    Args:
        n_iter: Most iterations.
        tol: Stop when the strengths change by less than this in sum of absolute differences.
        prior: Comparisons with a typical item added for every item, half of them won.

    >>> data = pd.DataFrame(
    ...     [["w1", "a", "b", "a"], ["w1", "b", "c", "b"], ["w2", "a", "b", "a"], ["w2", "b", "c", "b"]],
    ...     columns=["worker", "left", "right", "label"],
    ... )
    >>> CrowdBradleyTerry().fit_predict(data).rank(ascending=False).to_dict()
    {'a': 1.0, 'b': 2.0, 'c': 3.0}
    """

    n_iter: int = 500
    tol: float = 1e-8
    prior: float = 0.1

    def fit(self, data: pd.DataFrame) -> CrowdBradleyTerry:
        """Fits the model to `worker`, `left`, `right`, `label`; sets `scores_` by item and `skills_` by worker."""
        self._fit(data, False, iterations=self.n_iter, tolerance=self.tol, prior=self.prior)
        return self
