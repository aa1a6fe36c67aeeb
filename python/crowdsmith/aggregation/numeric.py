"""Numbers."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from .. import _native
from .._frames import places, required, to_frame

__all__ = ["LFCN", "GaussianWorkers", "Mean", "Median", "NumericCATD", "TrimmedMean"]


class _Numeric:
    """A method whose parameters are those of the native one."""

    _method: ClassVar[str]

    values_: pd.Series[Any]
    """The estimate of each task, indexed by `task`."""
    deviations_: pd.Series[Any]
    """The standard error of each estimate."""
    workers_: pd.DataFrame
    """`scale`, `bias` and `variance` of each worker's answers, indexed by `worker`."""

    def fit(self, data: pd.DataFrame, true_labels: pd.Series[Any] | None = None) -> _Numeric:
        """Fits the model to `task`, `worker` and `label`, a finite number; a missing one is left out.

        Args:
            data: The answers.
            true_labels: Known values, indexed by task. They stand, and tell what is wrong with the workers; of tasks
                without answers they are left out.
        """
        frame = to_frame(data, ["task", "worker", "label"])
        frame = frame[frame["label"].notna()]
        task, tasks = required(frame["task"], "task")
        worker, workers = required(frame["worker"], "worker")
        names = {"n_iter": "iterations", "tol": "tolerance", "alpha": "significance"}
        own = fields(self)  # type: ignore[arg-type]
        given = {names.get(field.name, field.name): getattr(self, field.name) for field in own}
        values = np.ascontiguousarray(frame["label"].to_numpy(dtype=np.float64))
        known = pd.Series(dtype=np.float64) if true_labels is None else true_labels.dropna()
        place = places(tasks, known.index)
        gold = (place[place >= 0].astype(np.uint32), known.to_numpy(dtype=np.float64)[place >= 0])
        fit = _native.numeric(self._method, len(tasks), len(workers), task, worker, values, *gold, **given)
        index = tasks.rename("task")
        self.values_ = pd.Series(fit["values"], index=index, name="agg_value")
        self.deviations_ = pd.Series(fit["deviations"], index=index, name="deviation")
        columns = {name: fit[name] for name in ("scale", "bias", "variance")}
        self.workers_ = pd.DataFrame(columns, index=workers.rename("worker"))
        self.converged_ = fit["converged"]
        return self

    def fit_predict(self, data: pd.DataFrame, true_labels: pd.Series[Any] | None = None) -> pd.Series[Any]:
        """Fits the model and returns `values_`."""
        return self.fit(data, true_labels).values_


@dataclass
class Mean(_Numeric):
    """The arithmetic mean.

    >>> data = pd.DataFrame([["t1", "w1", 2], ["t1", "w2", 3], ["t1", "w3", 7]], columns=["task", "worker", "label"])
    >>> float(Mean().fit_predict(data)["t1"].round(6))
    4.0
    """

    _method = "mean"


@dataclass
class Median(_Numeric):
    """The median.

    >>> data = pd.DataFrame([["t1", "w1", 2], ["t1", "w2", 3], ["t1", "w3", 7]], columns=["task", "worker", "label"])
    >>> float(Median().fit_predict(data)["t1"].round(6))
    3.0
    """

    _method = "median"


@dataclass
class TrimmedMean(_Numeric):
    """The mean of what is left after a share of the smallest and of the largest answers is cut off.

    Args:
        trim: Share cut off at each end, at least 0 and below ½.
    """

    trim: float = 0.2
    _method = "trimmed"


@dataclass
class GaussianWorkers(_Numeric):
    r"""Every worker has a scale, a bias and a variance: $y = a_w t + b_w + \varepsilon$, $\varepsilon \sim N(0,
    \sigma_w^2)$, each drawn towards the crowd's.

    After V. C. Raykar et al.: Learning From Crowds. JMLR 11, 2010.

    Args:
        n_iter: Most iterations.
        tol: Stop when the estimates move by less than this, in standard deviations of all answers.
        pooling: How many answers of an ordinary worker every worker's variance starts with.

    >>> data = pd.DataFrame(
    ...     [[t, w, 10 * t + e] for t in range(20) for w, e in (("w1", 0.1), ("w2", 5), ("w3", -5.1))],
    ...     columns=["task", "worker", "label"],
    ... )
    >>> GaussianWorkers().fit(data).workers_["bias"].round().to_dict()
    {'w1': 0.0, 'w2': 5.0, 'w3': -5.0}
    """

    n_iter: int = 300
    tol: float = 1e-6
    pooling: float = 20.0
    _method = "gaussian"


@dataclass
class LFCN(_Numeric):
    """The mean weighted by each worker's precision, both estimated in turn.

    V. C. Raykar et al.: Learning From Crowds. JMLR 11, 2010, on regression.

    Args:
        n_iter: Most iterations.
        tol: Stop when the estimates move by less than this, in standard deviations of all answers.
    """

    n_iter: int = 100
    tol: float = 1e-6
    _method = "lfc-n"


@dataclass
class NumericCATD(_Numeric):
    """Confidence-aware truth discovery: weights by the lower end of a confidence interval of each worker's precision.

    Q. Li et al. 2014. <https://doi.org/10.14778/2735496.2735505>

    Args:
        n_iter: Most iterations.
        tol: Stop when the estimates move by less than this, in standard deviations of all answers.
        alpha: Significance of the interval.
    """

    n_iter: int = 100
    tol: float = 1e-6
    alpha: float = 0.05
    _method = "catd"
