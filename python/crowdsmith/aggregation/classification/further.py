"""Methods beyond crowd-kit's."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

import pandas as pd

from ... import _native
from ..._frames import Coded
from ..base import BaseClassificationAggregator

__all__ = ["Auto", "BWA", "CATD", "EBCC", "ELICE", "HierarchicalDawidSkene", "IBCC", "OrdinalWorkers", "PM", "ZenCrowd"]


class _Native(BaseClassificationAggregator):
    """A method whose parameters are those of the native one."""

    _method: ClassVar[str]

    probas_: pd.DataFrame
    """Probability of each label for each task, indexed by `task`."""
    priors_: pd.Series[Any]
    """Probability of each label before any answer."""
    accuracies_: pd.DataFrame
    """Each worker's accuracy: `mean`, 95 % interval from `low` to `high`, `alpha` and `beta` of its Beta law."""
    converged_: bool
    """Whether the iteration ended by itself."""
    n_iter_: int
    """How many iterations were made."""

    def _coded(self, data: pd.DataFrame) -> Coded:
        return Coded.of(data)

    def fit(self, data: pd.DataFrame, true_labels: pd.Series[Any] | None = None) -> _Native:
        """Fits the model.

        Args:
            data: Labels, with columns `task`, `worker` and `label`.
            true_labels: Known labels, indexed by task.
        """
        coded = self._coded(data)
        parameters = {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]
        parameters["iterations"] = parameters.pop("n_iter", None)
        parameters["tolerance"] = parameters.pop("tol", None)
        given = {name: value for name, value in parameters.items() if value is not None}
        fit = _native.fit(coded.judgments(true_labels), self._method, **given)
        self.probas_ = coded.probabilities(fit["posterior"])
        self.labels_ = coded.most_probable(self.probas_)
        self.priors_ = pd.Series(fit["class_prior"], index=coded.labels.rename("label"), name="prior")
        self.accuracies_ = _accuracies(fit, coded.workers.rename("worker"))
        self.converged_, self.n_iter_ = fit["converged"], fit["iterations"]
        if "skill" in fit:
            self.skills_ = coded.by_worker(fit["skill"], "skill")
        return self

    def fit_predict(self, data: pd.DataFrame, true_labels: pd.Series[Any] | None = None) -> pd.Series[Any]:  # type: ignore[override]
        """Fits the model and returns `labels_`."""
        return self.fit(data, true_labels).labels_

    def fit_predict_proba(self, data: pd.DataFrame, true_labels: pd.Series[Any] | None = None) -> pd.DataFrame:
        """Fits the model and returns `probas_`."""
        return self.fit(data, true_labels).probas_


def _accuracies(fit: dict[str, Any], workers: pd.Index[Any]) -> pd.DataFrame:
    intervals = _native.beta_intervals(fit["accuracy_alpha"], fit["accuracy_beta"], 0.95)
    columns = {
        "mean": fit["accuracy"],
        "low": [low for low, _ in intervals],
        "high": [high for _, high in intervals],
        "alpha": fit["accuracy_alpha"],
        "beta": fit["accuracy_beta"],
    }
    return pd.DataFrame(columns, index=workers)


@dataclass
class Auto(_Native):
    """The default: four models that differ in what they assume, tempered, pooled and calibrated.

    The models are hierarchical Dawid-Skene under two class priors, the same with shared rows, and one coin. Each is
    tempered by how far the judgments of a task depend on each other, which the data show; with `true_labels` weights,
    temperature and biases are fitted to them. `docs/truth.md` tells the reasons.

    >>> data = pd.DataFrame(
    ...     [["t1", "w1", "a"], ["t1", "w2", "a"], ["t1", "w3", "b"], ["t2", "w1", "b"], ["t2", "w2", "b"]],
    ...     columns=["task", "worker", "label"],
    ... )
    >>> Auto().fit_predict(data).to_dict()
    {'t1': 'a', 't2': 'b'}
    """

    _method = "auto"


@dataclass
class HierarchicalDawidSkene(_Native):
    """Dawid-Skene whose confusion matrices lean on the crowd's: safe where answers are few."""

    _method = "hierarchical"


@dataclass
class IBCC(_Native):
    """Independent Bayesian classifier combination by variational Bayes.

    Kim, Ghahramani: Bayesian Classifier Combination. AISTATS 2012.
    """

    _method = "ibcc"


@dataclass
class EBCC(_Native):
    """Enhanced Bayesian classifier combination: subtypes of each class explain workers who err together.

    Li, Rubinstein, Cohn: Exploiting Worker Correlation for Label Aggregation in Crowdsourcing. ICML 2019.
    """

    _method = "ebcc"


@dataclass
class BWA(_Native):
    """Bayesian weighted average.

    Li, Rubinstein, Cohn: Truth Inference at Scale. NAACL 2019. <https://doi.org/10.18653/v1/N19-1201>
    """

    _method = "bwa"


@dataclass
class CATD(_Native):
    """Confidence-aware truth discovery: few answers earn little weight.

    Li et al. 2014. <https://doi.org/10.14778/2735496.2735505>
    """

    _method = "catd"


@dataclass
class PM(_Native):
    """Truth discovery by minimal weighted deviation from the sources.

    Li et al. 2014. <https://doi.org/10.1145/2588555.2610509>
    """

    _method = "pm"


@dataclass
class ELICE(_Native):
    """Votes weighted by abilities and difficulties that tasks with known labels teach; needs `true_labels`.

    Khattak, Salleb-Aouissi: Quality Control of Crowd Labeling through Expert Evaluation. NIPS workshop 2011.
    """

    _method = "elice"


@dataclass
class ZenCrowd(_Native):
    """One reliability a worker, labels equally likely beforehand.

    Demartini, Difallah, Cudré-Mauroux 2012. <https://doi.org/10.1145/2187836.2187900>
    """

    _method = "zencrowd"


@dataclass
class OrdinalWorkers(_Native):
    r"""Labels in an order: $P_w(y \mid c) \propto M(y \mid c)\,e^{-\theta_w (y - c)^2}$ with the crowd's confusion
    matrix $M$ and one precision $\theta_w$ a worker. Numbers sort by value, texts by the alphabet.

    Args:
        n_iter: Most iterations.
        tol: Stop when no probability moves by more than this.
        shrinkage: How strongly $\theta_w$ is drawn to 0.

    >>> data = pd.DataFrame(
    ...     [["t1", "w1", 4], ["t1", "w2", 5], ["t1", "w3", 5], ["t2", "w1", 1], ["t2", "w3", 2]],
    ...     columns=["task", "worker", "label"],
    ... )
    >>> model = OrdinalWorkers().fit(data)
    >>> bool(model.expectations_["t1"] > model.expectations_["t2"])
    True
    """

    n_iter: int = 100
    tol: float = 1e-5
    shrinkage: float = 4.0
    _method = "ordinal"

    @property
    def expectations_(self) -> pd.Series[Any]:
        """The mean of each task's probabilities: over the labels if they are numbers, else over their ranks."""
        numbers = pd.api.types.is_numeric_dtype(self.probas_.columns)
        scale = self.probas_.columns.to_numpy(dtype=float) if numbers else range(len(self.probas_.columns))
        return (self.probas_ * scale).sum(axis=1).rename("expectation")
