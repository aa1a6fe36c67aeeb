"""GLAD: worker ability and task difficulty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ... import _native
from ..._frames import Coded, places
from ..base import BaseClassificationAggregator

__all__ = ["GLAD"]


@dataclass
class GLAD(BaseClassificationAggregator):
    r"""Generative model of labels, abilities and difficulties.

    Worker $i$ is right on task $j$ with probability $\sigma(\alpha_i e^{\beta_j})$, where $\alpha_i$ is the worker's
    ability (negative for an adversary) and $e^{\beta_j}$ the ease of the task; a wrong label is any other alike. Both
    have normal priors of variance 1. Fitted by expectation-maximisation: the labels' probabilities, then $\alpha$ and
    $\beta$ that maximise the expected log-likelihood.

    J. Whitehill, P. Ruvolo, T. Wu, J. Bergsma, J. Movellan: Whose Vote Should Count More. NIPS 2009.
    <https://papers.nips.cc/paper/3644>

    Args:
        n_iter: Most iterations.
        tol: Stop when the expected log-likelihood, per answer and label, grows by less than this.
        silent: Kept for compatibility; nothing is printed.
        labels_priors: Probability of each label beforehand, indexed by label; uniform if `None`.
        alphas_priors_mean: Prior mean of each worker's ability, indexed by worker; 1 if `None`.
        betas_priors_mean: Prior mean of each task's $\beta$, indexed by task; 1 if `None`.
        m_step_max_iter: Most iterations of one maximisation.
        m_step_tol: The gradient at which a maximisation stops.

    >>> data = pd.DataFrame(
    ...     [["t1", "w1", "a"], ["t1", "w2", "a"], ["t1", "w3", "b"], ["t2", "w1", "b"], ["t2", "w2", "b"]],
    ...     columns=["task", "worker", "label"],
    ... )
    >>> model = GLAD().fit(data)
    >>> model.labels_.to_dict()
    {'t1': 'a', 't2': 'b'}
    >>> bool(model.alphas_["w1"] > model.alphas_["w3"])
    True
    """

    n_iter: int = 100
    tol: float = 1e-5
    silent: bool = True
    labels_priors: pd.Series[Any] | None = None
    alphas_priors_mean: pd.Series[Any] | None = None
    betas_priors_mean: pd.Series[Any] | None = None
    m_step_max_iter: int = 25
    m_step_tol: float = 1e-2

    def fit(self, data: pd.DataFrame) -> GLAD:
        """Fits the model to `task`, `worker`, `label`; sets `probas_`, `labels_`, `alphas_`, `betas_`."""
        self._init(data)
        coded, judgments = self._coded, self._coded.judgments()

        def run(iterations: int) -> dict[str, Any]:
            return _native.fit(
                judgments,
                "glad",
                iterations=iterations,
                tolerance=self.tol,
                class_prior=self.priors_.to_list(),
                ability_prior=self.alphas_priors_mean_.to_list(),
                ease_prior=self.betas_priors_mean_.to_list(),
                inner_iterations=self.m_step_max_iter,
                inner_tolerance=self.m_step_tol,
            )

        fit = run(self.n_iter)
        self.probas_ = coded.probabilities(fit["posterior"], sort=True)
        self.labels_ = coded.most_probable(self.probas_)
        self.alphas_ = coded.by_worker(fit["skill"], "alpha")
        self.betas_ = pd.Series(-fit["difficulty"], index=coded.tasks.rename("task"), name="beta")
        self._history: Callable[[int], float] = lambda count: run(count)["log_likelihood"] / len(coded.task)
        self._iterations = fit["iterations"]
        return self

    @property
    def loss_history_(self) -> list[float]:
        """The log-likelihood per answer after each iteration.

        Computed when it is asked for, by fitting again with fewer iterations.
        """
        return [self._history(count) for count in range(1, self._iterations + 1)]

    def fit_predict_proba(self, data: pd.DataFrame) -> pd.DataFrame:
        """Fits the model and returns `probas_`."""
        return self.fit(data).probas_

    def fit_predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """Fits the model and returns `labels_`."""
        return self.fit(data).labels_

    # The steps one by one, under crowd-kit's names, for those who call them. A table of the steps has a row for each
    # answer and possible label (`variable`), with `alpha`, `beta`, `posterior`, and whether they agree (`delta`).

    def _init(self, data: pd.DataFrame) -> None:
        """Everything before the first step."""
        labels = () if self.labels_priors is None else list(self.labels_priors.index)
        self._coded = coded = Coded.of(data, extra_labels=labels)
        self._current_data = pd.DataFrame()
        self.tasks_, self.workers_ = coded.tasks.to_numpy(), coded.workers.to_numpy()
        even = pd.Series(1.0 / max(len(coded.labels), 1), index=coded.labels)
        self.priors_ = even if self.labels_priors is None else self.labels_priors.reindex(coded.labels, fill_value=0.0)
        self.priors_ = self.priors_.rename("prior")
        self.prior_labels_ = coded.labels
        self.alphas_ = pd.Series(1.0, index=coded.workers, name="alpha")
        self.betas_ = pd.Series(1.0, index=coded.tasks, name="beta")
        self.alphas_priors_mean_ = _prior(self.alphas_priors_mean, coded.workers, "alphas_priors_mean")
        self.betas_priors_mean_ = _prior(self.betas_priors_mean, coded.tasks, "betas_priors_mean")

    def _join_all(
        self, data: pd.DataFrame, alphas: pd.Series[Any], betas: pd.Series[Any], priors: pd.Series[Any]
    ) -> pd.DataFrame:
        """The table of the steps for these parameters."""
        table = data[["task", "worker", "label"]].merge(pd.DataFrame({"variable": priors.index}), how="cross")
        table["alpha"], table["beta"] = table["worker"].map(alphas), table["task"].map(betas)
        table["posterior"], table["delta"] = 0.0, table["label"] == table["variable"]
        return table

    def _step(self, posterior: npt.NDArray[np.float64] | None = None) -> dict[str, Any]:
        def column(values: pd.Series[Any]) -> npt.NDArray[np.float64]:
            return np.ascontiguousarray(values.to_numpy(dtype=np.float64))

        return _native.glad_step(
            self._coded.judgments(),
            column(self.priors_),
            column(self.alphas_priors_mean_),
            column(self.betas_priors_mean_),
            column(self.alphas_),
            column(self.betas_),
            posterior,
        )

    def _e_step(self, data: pd.DataFrame) -> pd.DataFrame:
        """The labels' probabilities, into `probas_` and the table's `posterior`."""
        table = self._step()["posterior"]
        self.probas_ = self._coded.probabilities(table, sort=True)
        task = places(self._coded.tasks, data["task"])
        label = places(self._coded.labels, data["variable"])
        return data.assign(posterior=table[task, label])

    def _posterior(self, data: pd.DataFrame) -> npt.NDArray[np.float64]:
        table = np.zeros((len(self._coded.tasks), len(self._coded.labels)))
        task = places(self._coded.tasks, data["task"])
        table[task, places(self._coded.labels, data["variable"])] = data["posterior"]
        return table

    def _gradient_Q(self, data: pd.DataFrame) -> tuple[pd.Series[Any], pd.Series[Any]]:
        """The gradient of the expected log-likelihood in the abilities and the eases."""
        step = self._step(self._posterior(data))
        return pd.Series(step["ability"], index=self._coded.workers), pd.Series(step["ease"], index=self._coded.tasks)

    def _compute_Q(self, data: pd.DataFrame) -> float:
        """The expected log-likelihood, with the log-density of the normal priors."""
        return float(self._step(self._posterior(data))["q"])

    def _get_alphas_betas_by_point(self, x: npt.NDArray[Any]) -> tuple[pd.Series[Any], pd.Series[Any]]:
        """One vector of parameters as abilities and eases."""
        workers = len(self._coded.workers)
        alphas = pd.Series(x[:workers], index=self._coded.workers.rename("worker"), name="alpha")
        return alphas, pd.Series(x[workers:], index=self._coded.tasks.rename("task"), name="beta")

    def _update_alphas_betas(self, alphas: pd.Series[Any], betas: pd.Series[Any]) -> None:
        """Takes over parameters, also in the table `_current_data`."""
        self.alphas_, self.betas_ = alphas, betas
        table = self._current_data
        self._current_data = table.assign(alpha=table["worker"].map(alphas), beta=table["task"].map(betas))


def _prior(given: pd.Series[Any] | None, index: pd.Index[Any], name: str) -> pd.Series[Any]:
    if given is None:
        return pd.Series(1.0, index=index)
    prior = given.reindex(index)
    if prior.isna().any():
        raise ValueError(f"{name} has nothing for {prior.index[prior.isna()][0]!r}")
    return prior
