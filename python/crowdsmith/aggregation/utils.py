"""Helpers for labels, probabilities and skills."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from .._frames import to_frame
from . import base

__all__ = [
    "add_skills_to_data",
    "clone_aggregator",
    "evaluate",
    "evaluate_equal",
    "evaluate_in",
    "factorize",
    "get_accuracy",
    "get_most_probable_labels",
    "normalize_rows",
]


def clone_aggregator(aggregator: base.BaseClassificationAggregator) -> base.BaseClassificationAggregator:
    """A new aggregator with the same parameters that has not been fitted.

    >>> from crowdsmith.aggregation import DawidSkene
    >>> clone_aggregator(DawidSkene(n_iter=7)).n_iter
    7
    """
    if not isinstance(aggregator, base.BaseClassificationAggregator):
        raise AssertionError(f"{type(aggregator).__name__} is not a classification aggregator")
    own = vars(aggregator).items()
    return type(aggregator)(**{name: value for name, value in own if not name.startswith("_") and name[-1] != "_"})


def evaluate_in(row: pd.Series[Any]) -> int:
    """1 if the predicted label is among the true ones."""
    return int(row["label_pred"] in row["label_true"])


def evaluate_equal(row: pd.Series[Any]) -> int:
    """1 if the predicted label is the true one."""
    return int(row["label_pred"] == row["label_true"])


def evaluate(
    df_true: pd.DataFrame,
    df_pred: pd.DataFrame,
    evaluate_func: Callable[[pd.Series[Any]], int] = evaluate_in,
) -> float:
    """Share of the true labels that were predicted; both frames have `task` (as column or index) and `label`."""
    both = df_true.merge(df_pred, on="task", suffixes=("_true", "_pred"))
    if len(both) != len(df_true):
        raise AssertionError(f"Dataset length mismatch, expected {len(df_true)}, got {len(both)}")
    return float(np.mean([evaluate_func(row) for _, row in both.iterrows()]))


def factorize(data: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """The sorted distinct values of an array, and their codes in its shape."""
    names, codes = np.unique(data, return_inverse=True)
    return names, codes.reshape(data.shape)


def get_most_probable_labels(proba: pd.DataFrame) -> pd.Series[Any]:
    """The column of the largest value of each row, the first among equals."""
    if not proba.size:
        return pd.Series([], dtype="O")
    return pd.Series(proba.columns.take(proba.to_numpy().argmax(axis=1)), index=proba.index)


def normalize_rows(scores: pd.DataFrame) -> pd.DataFrame:
    """Every row divided by its sum."""
    return scores.div(scores.sum(axis=1), axis=0)


def get_accuracy(data: pd.DataFrame, true_labels: pd.Series[Any], by: str | None = None) -> Any:
    """The share of labels that are right, over all or by a column; tasks without a true label do not count.

    A row with a `weight` counts that much. A task with several true labels is right if one of them was given.

    >>> data = pd.DataFrame([["t1", "w1", 0], ["t1", "w2", 1]], columns=["task", "worker", "label"])
    >>> float(get_accuracy(data, pd.Series({"t1": 0})))
    0.5
    """
    weighted = "weight" in data.columns
    columns = ["task", "worker", "label"] + (["weight"] if weighted else [])
    truth = pd.Series(true_labels).rename("true_label")
    judged = to_frame(data, columns).merge(truth, how="inner", left_on="task", right_index=True)
    judged = judged[judged["true_label"].notna()]
    weight = judged["weight"] if weighted else pd.Series(1, index=judged.index)
    right = pd.Series(_equal(judged["label"], judged["true_label"]), index=judged.index)
    judged = judged.assign(weight=weight, score=weight * right)
    # Of several true labels of a task keep, for each answer, one that it matches.
    best = judged.iloc[np.argsort(judged["score"].to_numpy(), kind="stable")]
    best = best.drop_duplicates(["task", "worker", "label"], keep="last")
    if by is None:
        return best["score"].sum() / best["weight"].sum()
    groups = best.groupby(by)
    return groups["score"].sum() / groups["weight"].sum()


def _equal(left: pd.Series[Any], right: pd.Series[Any]) -> npt.NDArray[np.bool_]:
    """Equality of any two columns, also of different types."""
    pairs = zip(left.to_numpy(dtype=object), right.to_numpy(dtype=object))
    return np.fromiter((bool(a == b) for a, b in pairs), dtype=bool, count=len(left))


def add_skills_to_data(
    data: pd.DataFrame,
    skills: pd.Series[Any],
    on_missing_skill: str,
    default_skill: float | None,
) -> pd.DataFrame:
    """Adds each worker's skill as a column `skill`.

    Args:
        data: A frame with a column `worker`, for `ignore` also `task`.
        skills: Skill of each worker, indexed by worker.
        on_missing_skill: `error` raises if a worker has no skill; `ignore` drops that worker's rows and raises if a
            task loses all of them; `value` takes `default_skill`.
        default_skill: The skill of workers without one; only with `value`.
    """
    if on_missing_skill not in ("error", "ignore", "value"):
        raise ValueError(f'Unknown option {on_missing_skill!r} of "on_missing_skill" argument.')
    if on_missing_skill != "value" and default_skill is not None:
        raise ValueError('default_skill is used but on_missing_skill is not "value"')
    if on_missing_skill == "value" and default_skill is None:
        raise ValueError('Default skill value must be specified when using on_missing_skill="value"')
    data = data.assign(skill=data["worker"].map(skills).astype(float))
    missing = data["skill"].isna()
    if on_missing_skill == "value":
        return data.assign(skill=data["skill"].fillna(default_skill))
    if on_missing_skill == "error" and missing.any():
        row = int(np.flatnonzero(missing.to_numpy())[0])
        raise ValueError(
            f"Skill value is missing in {int(missing.sum())} assignments (first: row {row}). Give a skill for every"
            " worker or another value of on_missing_skill."
        )
    if on_missing_skill == "ignore":
        kept = data[~missing]
        lost = len(set(data["task"]) - set(kept["task"]))
        if lost:
            raise ValueError(
                f"{lost} tasks has no workers with known skills. Give a skill for at least one worker of every task"
                " or another value of on_missing_skill."
            )
        return kept
    return data
