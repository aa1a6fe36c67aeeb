"""MACE: who knows and who spams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ... import _native
from ..._frames import Coded, sorted_order
from ..base import BaseClassificationAggregator

__all__ = ["MACE"]


@dataclass
class MACE(BaseClassificationAggregator):
    r"""Multi-annotator competence estimation: a worker knows the answer, or spams by a strategy of their own.

    Worker $j$ spams with probability $1 - \theta_j$ and then answers $k$ with probability $\xi_{jk}$; all labels are
    equally likely beforehand. Fitted by variational Bayes or expectation-maximisation.

    D. Hovy, T. Berg-Kirkpatrick, A. Vaswani, E. Hovy: Learning Whom to Trust with MACE. NAACL 2013.
    <https://aclanthology.org/N13-1132>

    Args:
        n_restarts: Kept for compatibility: every start has the same seed, so one start is made.
        n_iter: Iterations.
        method: `vb` for variational Bayes, `em` for expectation-maximisation.
        smoothing: Kept for compatibility; the counts of `em` are smoothed by 0.01 divided by the number of labels.
        default_noise: How much more than 1 the random numbers of the start may be.
        alpha: Pseudo-answers in which a worker spams.
        beta: Pseudo-answers in which a worker knows.
        random_state: Seed of the start.
        verbose: Kept for compatibility; nothing is printed.
        aligned: crowd-kit 1.4.2 reads the table of strategies by order of first appearance after each step, although
            it was written in sorted order, so that where the orders differ workers and labels get each other's
            strategies. `False` gives its numbers, `True` those of the model.

    >>> data = pd.DataFrame(
    ...     [["t1", "w1", 1], ["t1", "w2", 1], ["t1", "w3", 0], ["t2", "w1", 0], ["t2", "w2", 0], ["t2", "w3", 0]],
    ...     columns=["task", "worker", "label"],
    ... )
    >>> MACE().fit_predict(data).to_dict()
    {'t1': 1, 't2': 0}
    """

    n_restarts: int = 10
    n_iter: int = 50
    method: str = "vb"
    smoothing: float = 0.1
    default_noise: float = 0.5
    alpha: float = 0.5
    beta: float = 0.5
    random_state: int = 0
    verbose: int = 0
    aligned: bool = False

    def fit(self, data: pd.DataFrame) -> MACE:
        """Fits the model to `task`, `worker`, `label`.

        Sets `probas_`, `labels_`, `spamming_` (workers × spams, knows) and `thetas_` (workers × strategy).
        """
        if self.method not in ("vb", "em"):
            raise ValueError(f"method must be 'vb' or 'em', not {self.method!r}")
        coded = _by_appearance(Coded.of(data))
        labels, workers = len(coded.labels), len(coded.workers)
        self.smoothing_ = 0.01 / max(labels, 1)
        settings = {
            "iterations": self.n_iter,
            "variational": self.method == "vb",
            "alpha": self.alpha,
            "beta": self.beta,
            "worker_row": list(range(workers)) if self.aligned else _ranks(coded.workers),
            "label_column": list(range(labels)) if self.aligned else _ranks(coded.labels),
        }
        fit = _native.mace(coded.judgments(), self._start(workers, 2), self._start(workers, labels), settings)
        self.spamming_, self.thetas_ = fit["spamming"], fit["strategies"]
        self.probas_ = coded.probabilities(fit["posterior"]).rename_axis(index=None, columns=None)
        self.labels_ = coded.most_probable(self.probas_)
        self.labels_.index.name = "task"
        return self

    def _start(self, rows: int, columns: int) -> npt.NDArray[np.float64]:
        """Random rows that sum to 1."""
        spread = 1.0 + self.default_noise
        table = 1.0 + spread * np.random.RandomState(self.random_state).random_sample((rows, columns))
        return np.ascontiguousarray(table / table.sum(axis=1, keepdims=True))

    def fit_predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """Fits the model and returns `labels_`."""
        return self.fit(data).labels_

    def fit_predict_proba(self, data: pd.DataFrame) -> pd.DataFrame:
        """Fits the model and returns `probas_`."""
        return self.fit(data).probas_


def _by_appearance(coded: Coded) -> Coded:
    """The same judgments with labels in order of first appearance."""
    codes, order = pd.factorize(coded.label)
    coded.label, coded.labels = codes.astype(np.uint16), coded.labels.take(order)
    return coded


def _ranks(index: pd.Index[Any]) -> list[int]:
    """The place of each entry in sorted order."""
    ranks = np.empty(len(index), dtype=int)
    ranks[sorted_order(index)] = np.arange(len(index))
    return [int(rank) for rank in ranks]
