"""CrowdTruth scores."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from ... import _native
from ..._frames import required
from ._checks import checked

__all__ = ["CrowdTruthScores", "crowd_truth"]


class CrowdTruthScores(NamedTuple):
    """Scores in 0..1, larger is better."""

    tasks: pd.Series[Any]
    """Clarity of each task."""
    workers: pd.Series[Any]
    """Quality of each worker."""
    labels: pd.Series[Any]
    """Clarity of each label."""
    support: pd.DataFrame
    """Share of worker quality behind each label of each task."""


def crowd_truth(answers: pd.DataFrame, iterations: int = 100, tolerance: float = 1e-4) -> CrowdTruthScores:
    """CrowdTruth 2.0: clarity of tasks, quality of workers and clarity of labels, each weighed by the others.

    A. Dumitrache et al.: CrowdTruth 2.0, 2018. <https://doi.org/10.48550/arXiv.1808.06080>

    Args:
        answers: Labels, with columns `task`, `worker` and `label`; a list as label stands for several labels.
        iterations: Most rounds.
        tolerance: Stop when no score changes by more than this.

    >>> answers = pd.DataFrame(
    ...     [["X", "A", "y"], ["X", "B", "y"], ["Y", "A", "n"], ["Y", "B", "n"]], columns=["task", "worker", "label"]
    ... )
    >>> crowd_truth(answers).tasks.to_dict()
    {'X': 1.0, 'Y': 1.0}
    """
    rows = checked(answers)[["task", "worker", "label"]].explode("label")
    rows = rows[rows["label"].notna()]
    unit, units = required(rows["task"], "task")
    worker, workers = required(rows["worker"], "worker")
    label, labels = required(rows["label"], "label")
    scores = _native.crowd_truth(len(units), len(workers), len(labels), unit, worker, label, iterations, tolerance)
    return CrowdTruthScores(
        pd.Series(scores["units"], index=units.rename("task"), name="clarity"),
        pd.Series(scores["workers"], index=workers.rename("worker"), name="quality"),
        pd.Series(scores["annotations"], index=labels.rename("label"), name="clarity"),
        pd.DataFrame(scores["support"], index=units.rename("task"), columns=labels.rename("label")),
    )
