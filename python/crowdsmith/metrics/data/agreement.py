"""Coefficients of agreement between workers."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Literal

import numpy as np
import pandas as pd

from ... import _native
from ..._frames import factorize, places, required, sorted_order
from ._checks import checked

__all__ = ["alpha_krippendorff", "cohen_kappa", "fleiss_kappa", "gwet_ac", "krippendorff_alpha"]

Level = Literal["nominal", "ordinal", "interval", "ratio"]
Weights = Literal["identity", "linear", "quadratic"]


def _rated(answers: pd.DataFrame, numeric: bool) -> tuple[dict[str, Any], pd.Index[Any], pd.Index[Any]]:
    """The columns for the native functions, units in sorted order; the workers; the labels if they are coded."""
    answers = answers[answers["label"].notna()]
    unit, units = required(answers["task"], "task")
    worker, workers = required(answers["worker"], "worker")
    ranks = np.empty(len(units), dtype=np.uint32)
    ranks[sorted_order(units)] = np.arange(len(units), dtype=np.uint32)
    codes, labels = factorize(answers["label"], sort=True)
    values = answers["label"].to_numpy(dtype=np.float64) if numeric else codes.astype(np.float64)
    columns = {
        "units": len(units),
        "workers": len(workers),
        "unit": ranks[unit],
        "worker": worker,
        "value": np.ascontiguousarray(values),
    }
    return columns, workers, labels


def alpha_krippendorff(answers: pd.DataFrame, distance: Callable[[Hashable, Hashable], float] | None = None) -> float:
    r"""Krippendorff's alpha, $1 - D_o / D_e$: the disagreement within tasks against that between all answers.

    1 is perfect agreement, 0 what chance gives; from .8 answers are usually called reliable.

    K. Krippendorff: Computing Krippendorff's Alpha-Reliability, 2011.
    <https://repository.upenn.edu/asc_papers/43>

    Args:
        answers: Labels, with columns `task`, `worker` and `label`.
        distance: Distance of two labels, 0 for equal ones; by default 1 for all others.

    >>> answers = pd.DataFrame(
    ...     [["X", "A", 1], ["X", "B", 1], ["Y", "A", 0], ["Y", "B", 0], ["Z", "A", 1], ["Z", "B", 0]],
    ...     columns=["task", "worker", "label"],
    ... )
    >>> round(alpha_krippendorff(answers), 6)
    0.444444
    """
    columns, _, labels = _rated(checked(answers), numeric=False)
    table = None
    if len(labels) < 2 and len(columns["value"]):
        return 1.0
    if distance is not None:
        table = np.array([[float(distance(a, b)) for a in labels] for b in labels])
    return _native.alpha(columns, "nominal", table)[0]


def krippendorff_alpha(
    answers: pd.DataFrame,
    level: Level = "nominal",
    resamples: int = 0,
    confidence: float = 0.95,
    seed: int = 0,
) -> tuple[float, tuple[float, float] | None]:
    """Krippendorff's alpha on a level of measurement, and its bootstrap interval if `resamples` is above 0.

    A. F. Hayes, K. Krippendorff 2007. <https://doi.org/10.1080/19312450709336664>

    Args:
        answers: Labels, with columns `task`, `worker` and `label`; numbers for `interval` and `ratio`.
        level: `nominal` labels are equal or not, `ordinal` ones have ranks, `interval` ones differences, `ratio` ones
            ratios.
        resamples: Bootstrap samples of tasks.
        confidence: Share of the bootstrap distribution that the interval covers.
        seed: Seed of the bootstrap.

    >>> answers = pd.DataFrame(
    ...     [["X", "A", 1], ["X", "B", 2], ["Y", "A", 5], ["Y", "B", 5]], columns=["task", "worker", "label"]
    ... )
    >>> round(krippendorff_alpha(answers, "interval")[0], 3)
    0.941
    """
    columns, _, _ = _rated(checked(answers), numeric=level in ("interval", "ratio"))
    return _native.alpha(columns, level, None, resamples, confidence, seed)


def cohen_kappa(answers: pd.DataFrame, first: Any, second: Any, weights: Weights = "identity") -> float:
    """Cohen's kappa of two workers over the tasks that both judged.

    J. Cohen 1960. <https://doi.org/10.1177/001316446002000104>; weighted 1968. <https://doi.org/10.1037/h0026256>

    Args:
        answers: Labels, with columns `task`, `worker` and `label`.
        first: A worker.
        second: Another.
        weights: `identity`: only equal labels agree; `linear` and `quadratic`: near ones do in part, in sorted order.

    >>> table = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    >>> rows = [[t, w, label] for t, pair in enumerate(table) for w, label in zip("AB", pair)]
    >>> round(cohen_kappa(pd.DataFrame(rows, columns=["task", "worker", "label"]), "A", "B"), 6)
    0.4
    """
    columns, workers, _ = _rated(checked(answers), numeric=False)
    both = [int(place) for place in places(workers, [first, second])]
    for place, name in zip(both, (first, second)):
        if place < 0:
            raise ValueError(f"there is no worker {name!r}")
    return _native.cohen(columns, both[0], both[1], weights)[0]


def fleiss_kappa(answers: pd.DataFrame, weights: Weights = "identity") -> float:
    """Fleiss' kappa of any number of workers; tasks may have different numbers of answers.

    J. L. Fleiss 1971. <https://doi.org/10.1037/h0031619>

    >>> answers = pd.DataFrame(
    ...     [["X", "A", 1], ["X", "B", 1], ["Y", "A", 0], ["Y", "B", 0]], columns=["task", "worker", "label"]
    ... )
    >>> fleiss_kappa(answers)
    1.0
    """
    return _native.fleiss(_rated(checked(answers), numeric=False)[0], weights)[0]


def gwet_ac(answers: pd.DataFrame, weights: Weights = "identity") -> float:
    """Gwet's AC1, or AC2 with other weights: a chance that stays sane when one label dominates.

    K. L. Gwet 2008. <https://doi.org/10.1348/000711006X126600>

    >>> answers = pd.DataFrame(
    ...     [["X", "A", 1], ["X", "B", 1], ["Y", "A", 0], ["Y", "B", 0]], columns=["task", "worker", "label"]
    ... )
    >>> gwet_ac(answers)
    1.0
    """
    return _native.gwet(_rated(checked(answers), numeric=False)[0], weights)[0]
