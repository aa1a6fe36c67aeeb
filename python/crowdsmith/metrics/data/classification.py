"""Consistency and uncertainty of answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ... import _native
from ..._frames import Coded, factorize, places, sorted_order
from ...aggregation import MajorityVote
from ...aggregation.base import BaseClassificationAggregator
from ._checks import checked

__all__ = ["consistency", "uncertainty"]


def _skills_of(aggregator: BaseClassificationAggregator) -> pd.Series[Any]:
    if not hasattr(aggregator, "skills_"):
        raise AssertionError("This aggregator is not supported. Please, provide workers skills.")
    return aggregator.skills_


def _mean(series: pd.Series[Any], empty: float) -> float:
    """The mean, or what holds where there is nothing."""
    return float(series.mean()) if len(series) else empty


def _of_workers(coded: Coded, skills: pd.Series[Any]) -> npt.NDArray[np.float64]:
    found = skills.reindex(coded.workers)
    if found.isna().any():
        missing = set(found.index[found.isna()])
        raise AssertionError(f"Did not provide skills for workers: {missing}. Please provide workers skills.")
    return np.ascontiguousarray(found.to_numpy(dtype=np.float64))


def consistency(
    answers: pd.DataFrame,
    workers_skills: pd.Series[Any] | None = None,
    aggregator: BaseClassificationAggregator = MajorityVote(),
    by_task: bool = False,
) -> float | pd.Series[Any]:
    r"""The posterior probability of each aggregated label.

    $\prod_w p(y_w \mid z) / \sum_k \prod_w p(y_w \mid k)$, for workers who are right with probability $s_w$ and wrong
    in every other way alike.

    Args:
        answers: Labels, with columns `task`, `worker` and `label`.
        workers_skills: $s_w$ of each worker, in 0..1, indexed by worker; by default the aggregator's `skills_`.
        aggregator: What the aggregated labels come from.
        by_task: Whether to give one number for each task, not their mean.

    >>> answers = pd.DataFrame(
    ...     [["t1", "w1", 0], ["t1", "w2", 0], ["t1", "w3", 1]], columns=["task", "worker", "label"]
    ... )
    >>> round(consistency(answers, pd.Series({"w1": 0.8, "w2": 0.8, "w3": 0.8})), 6)
    0.8
    """
    answers = checked(answers)
    aggregated = aggregator.fit_predict(answers)
    coded = Coded.of(answers)
    skills = _of_workers(coded, _skills_of(aggregator) if workers_skills is None else workers_skills)
    labels = places(coded.labels, aggregated.reindex(coded.tasks)).astype(np.uint16)
    values = _native.consistency(coded.judgments(), skills, labels)
    series = pd.Series(values, index=coded.tasks.rename("task"), dtype=float)
    series = series.iloc[sorted_order(series.index)]
    return series if by_task else _mean(series, 1.0)


def uncertainty(
    answers: pd.DataFrame,
    workers_skills: pd.Series[Any] | None = None,
    aggregator: BaseClassificationAggregator | None = None,
    compute_by: str = "task",
    aggregate: bool = True,
) -> float | pd.Series[Any]:
    r"""The entropy $-\sum_k p_k \ln p_k$ of the answers of each task (or worker).

    An answer of a worker with skill $s$ counts $s$ for its label and $(1 - s)/(K - 1)$ for every other.

    Args:
        answers: Labels, with columns `task`, `worker` and `label`.
        workers_skills: Skill of each worker, indexed by worker; 1 if neither skills nor aggregator are given.
        aggregator: Its `skills_` are used where no skills are given.
        compute_by: The column whose values are the groups.
        aggregate: Whether to give the mean, not one number for each group.

    >>> answers = pd.DataFrame([["X", "A", "Yes"], ["X", "B", "No"]], columns=["task", "worker", "label"])
    >>> round(uncertainty(answers), 6)
    0.693147
    """
    answers = checked(answers)
    if workers_skills is None and aggregator is not None:
        aggregator.fit(answers)
        workers_skills = _skills_of(aggregator)
    answers = answers[answers["label"].notna()]
    coded = Coded.of(answers)
    skills = np.ones(len(coded.workers)) if workers_skills is None else _of_workers(coded, workers_skills)
    group, names = factorize(answers[compute_by], sort=True)
    by_task = np.argsort(coded.task, kind="stable")
    groups = np.ascontiguousarray(group[by_task].astype(np.uint32))
    values = _native.uncertainty(coded.judgments(), skills, groups, len(names))
    series = pd.Series(values, index=names.rename(compute_by), dtype=float)
    return _mean(series, 0.0) if aggregate else series
