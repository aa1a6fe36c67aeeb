"""Dawid-Skene with a confusion matrix a worker, or one accuracy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ... import _native
from ..._frames import Coded, places
from ..base import BaseClassificationAggregator

__all__ = ["DawidSkene", "OneCoinDawidSkene"]

Strategy = Literal["assign", "addition"]


class _Expectation(BaseClassificationAggregator):
    """What both models answer with."""

    probas_: pd.DataFrame
    """Probability of each label for each task, indexed by `task`."""
    priors_: pd.Series[Any]
    """Probability of each label before any answer, indexed by `label`."""
    errors_: pd.DataFrame
    """Probability of each answer: indexed by `worker` and (observed) `label`, a column for each true label."""

    _bounds: Callable[[], list[float]]

    @property
    def loss_history_(self) -> list[float]:
        """The bound on the log-likelihood per answer after each iteration.

        Computed when it is asked for, by fitting again with fewer iterations.
        """
        return self._bounds()

    def _set_empty(self) -> None:
        self.probas_, self.errors_ = pd.DataFrame(), pd.DataFrame()
        self.priors_ = pd.Series(dtype=float, name="prior")
        self.labels_ = pd.Series(dtype=float, name="agg_label")
        self._bounds = list

    def _set(self, coded: Coded, fit: dict[str, Any], iterations: int, confusions: npt.NDArray[np.float64]) -> None:
        self.probas_ = coded.probabilities(fit["posterior"], sort=iterations == 0)
        self.labels_ = coded.most_probable(self.probas_)
        self.priors_ = pd.Series(fit["class_prior"], index=coded.labels.rename("label"), name="prior")
        self.errors_ = _errors(coded, confusions)


def _errors(coded: Coded, confusions: npt.NDArray[np.float64]) -> pd.DataFrame:
    """The rows of `[worker][truth][answer]` for answers that were given."""
    pair = coded.worker.astype(np.int64) * max(len(coded.labels), 1) + coded.label
    first = np.full(len(coded.workers) * max(len(coded.labels), 1), -1)
    first[pair[::-1]] = np.arange(len(pair))[::-1]
    rows = np.sort(first[first >= 0])
    worker, label = coded.worker[rows], coded.label[rows]
    index = pd.MultiIndex.from_arrays([coded.workers.take(worker), coded.labels.take(label)], names=["worker", "label"])
    return pd.DataFrame(confusions[worker, :, label], index=index, columns=coded.labels.rename(None))


def _history(fit: Callable[[int], dict[str, Any]], iterations: int, answers: int) -> list[float]:
    return [fit(count)["log_likelihood"] / answers for count in range(1, iterations + 1)]


@dataclass
class DawidSkene(_Expectation):
    r"""Dawid-Skene: every worker has a confusion matrix, fitted by expectation-maximisation.

    With class probabilities $p$ and the probability $e^w[k, c]$ that worker $w$ answers $k$ when $c$ is true, the
    probability of a task's label is $q(c) \propto p[c] \prod_w e^w[y_w, c]$ (E-step), and $e^w[k, c] \propto \sum_j
    q_j(c)\,[y^w_j = k]$, $p[c] \propto \sum_j q_j(c)$ (M-step). It starts from the shares of votes. This is the
    maximum-likelihood fit as published and overconfident; `Auto` and `HierarchicalDawidSkene` mend that.

    A. P. Dawid, A. M. Skene: Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm. Applied
    Statistics 28(1), 1979. <https://doi.org/10.2307/2346806>

    Args:
        n_iter: Most iterations.
        tol: Stop when the bound on the log-likelihood, per answer, grows by less than this.
        initial_error_strategy: What to do with `initial_error`: `addition` adds its counts to those of the first
            M-step, `assign` takes it in place of them.

    >>> data = pd.DataFrame(
    ...     [["t1", "w1", "a"], ["t1", "w2", "a"], ["t1", "w3", "b"], ["t2", "w1", "b"], ["t2", "w2", "b"]],
    ...     columns=["task", "worker", "label"],
    ... )
    >>> model = DawidSkene(n_iter=20).fit(data)
    >>> model.labels_.to_dict()
    {'t1': 'a', 't2': 'b'}
    >>> model.errors_.loc[("w3", "b")].round(2).to_dict()
    {'a': 1.0, 'b': 1.0}
    """

    n_iter: int = 100
    tol: float = 1e-5
    initial_error_strategy: Strategy | None = None

    def fit(  # type: ignore[override]
        self,
        data: pd.DataFrame,
        true_labels: pd.Series[Any] | None = None,
        initial_error: pd.DataFrame | None = None,
    ) -> DawidSkene:
        """Fits the model.

        Args:
            data: Labels, with columns `task`, `worker` and `label`.
            true_labels: Known labels, indexed by task; they stay certain throughout.
            initial_error: What is known of the workers, as `errors_` (or counts of it).
        """
        gold = () if true_labels is None else pd.unique(pd.Series(true_labels))
        coded = Coded.of(data, extra_labels=list(gold))
        if not len(coded.task):
            self._set_empty()
            return self
        judgments = coded.judgments(true_labels)
        known = _known_errors(coded, initial_error, self.initial_error_strategy)
        assign = self.initial_error_strategy == "assign"
        tol = self.tol

        def run(iterations: int) -> dict[str, Any]:
            return _native.fit(
                judgments, "dawid-skene", iterations=iterations, tolerance=tol, known=known, assign_known=assign
            )

        fit = run(self.n_iter)
        self._set(coded, fit, self.n_iter, fit["confusions"])
        self._bounds = lambda: _history(run, fit["iterations"], len(coded.task))
        return self

    def fit_predict_proba(
        self,
        data: pd.DataFrame,
        true_labels: pd.Series[Any] | None = None,
        initial_error: pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Fits the model and returns `probas_`."""
        return self.fit(data, true_labels, initial_error).probas_

    def fit_predict(  # type: ignore[override]
        self,
        data: pd.DataFrame,
        true_labels: pd.Series[Any] | None = None,
        initial_error: pd.DataFrame | None = None,
    ) -> pd.Series[Any]:
        """Fits the model and returns `labels_`."""
        return self.fit(data, true_labels, initial_error).labels_


def _known_errors(
    coded: Coded, initial_error: pd.DataFrame | None, strategy: Strategy | None
) -> npt.NDArray[np.float64] | None:
    """A frame of errors as a flat table `[worker][truth][answer]`."""
    if initial_error is None or strategy is None:
        return None
    if strategy not in ("assign", "addition"):
        raise ValueError(f"Invalid initial_error_strategy: {strategy}, should be 'assign' or 'addition'")
    if list(initial_error.index.names) != ["worker", "label"]:
        raise ValueError(
            f"The index of initial_error must be: ['worker', 'label'], but got: {list(initial_error.index.names)}"
        )
    if strategy == "assign":
        _check_assigned(coded, initial_error)
    worker = places(coded.workers, initial_error.index.get_level_values("worker"))
    label = places(coded.labels, initial_error.index.get_level_values("label"))
    rows = (worker >= 0) & (label >= 0)
    columns = initial_error.reindex(columns=coded.labels).fillna(0.0).to_numpy(dtype=np.float64)
    table = np.zeros((len(coded.workers), len(coded.labels), len(coded.labels)))
    table[worker[rows], :, label[rows]] = columns[rows]
    return table.ravel()


def _check_assigned(coded: Coded, initial_error: pd.DataFrame) -> None:
    given = pd.MultiIndex.from_arrays([coded.workers.take(coded.worker), coded.labels.take(coded.label)])
    missing = given[~given.isin(initial_error.index)]
    if len(missing):
        raise ValueError(
            "All the workers in data should be in initial_error: "
            f"Can not find {missing.get_level_values(0).nunique()} workers' error matrix in initial_error"
        )
    sums = initial_error.groupby("worker", sort=False).sum().to_numpy()
    if (initial_error.to_numpy() <= 1.0).all() and not np.allclose(sums, 1.0):
        raise ValueError("The sum of each worker's error matrix in initial_error should be 1.0")


@dataclass
class OneCoinDawidSkene(_Expectation):
    r"""One-coin Dawid-Skene: every worker is right with one probability $s_w$, wrong in every other way alike.

    $q(c) \propto p[c] \prod_w s_w^{[y_w = c]} \left(\frac{1 - s_w}{K - 1}\right)^{[y_w \ne c]}$, and $s_w$ is the mean
    of $q(y_w)$ over the worker's answers, by expectation-maximisation.

    Y. Zhang, X. Chen, D. Zhou, M. I. Jordan: Spectral Methods Meet EM. JMLR 17, 2016.
    <https://doi.org/10.48550/arXiv.1406.3824>

    Args:
        n_iter: Most iterations.
        tol: Stop when the bound on the log-likelihood, per answer, grows by less than this.

    >>> data = pd.DataFrame(
    ...     [["t1", "w1", 1], ["t1", "w2", 1], ["t1", "w3", 0], ["t2", "w1", 0], ["t2", "w2", 0]],
    ...     columns=["task", "worker", "label"],
    ... )
    >>> OneCoinDawidSkene(n_iter=10).fit(data).skills_.round(2).to_dict()
    {'w1': 1.0, 'w2': 1.0, 'w3': 0.0}
    """

    n_iter: int = 100
    tol: float = 1e-5

    def fit(self, data: pd.DataFrame) -> OneCoinDawidSkene:
        """Fits the model to `task`, `worker`, `label`; sets `skills_` besides what `DawidSkene` sets."""
        coded = Coded.of(data)
        if not len(coded.task):
            self._set_empty()
            return self
        judgments, tol = coded.judgments(), self.tol

        def run(iterations: int) -> dict[str, Any]:
            return _native.fit(judgments, "one-coin", iterations=iterations, tolerance=tol)

        fit = run(self.n_iter)
        self._set(coded, fit, self.n_iter, _one_coin(fit["skill"], len(coded.labels)))
        self.skills_ = coded.by_worker(fit["skill"], "skill")
        self._bounds = lambda: _history(run, fit["iterations"], len(coded.task))
        return self

    def fit_predict_proba(self, data: pd.DataFrame) -> pd.DataFrame:
        """Fits the model and returns `probas_`."""
        return self.fit(data).probas_

    def fit_predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """Fits the model and returns `labels_`."""
        return self.fit(data).labels_


def _one_coin(skills: npt.NDArray[np.float64], labels: int) -> npt.NDArray[np.float64]:
    """Confusion matrices of workers with one accuracy."""
    wrong = (1.0 - skills) / max(labels - 1, 1)
    table = np.repeat(wrong[:, None, None], labels, axis=1).repeat(labels, axis=2)
    diagonal = np.arange(labels)
    table[:, diagonal, diagonal] = skills[:, None]
    return np.clip(table, 1e-10, 1 - 1e-10)
