"""Leaving out workers who always say the same."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd

from ..metrics.data import uncertainty

__all__ = ["entropy_threshold"]


def entropy_threshold(
    answers: pd.DataFrame,
    workers_skills: pd.Series[Any] | None = None,
    percentile: int = 10,
    min_answers: int = 2,
) -> pd.DataFrame:
    """Drops the answers of workers whose answers have an entropy at or below a percentile of all workers'.

    Args:
        answers: Labels, with columns `task`, `worker` and `label`.
        workers_skills: Skill of each worker, indexed by worker.
        percentile: 0..100.
        min_answers: Workers with fewer answers are left alone.

    >>> answers = pd.DataFrame(
    ...     [[t, w, label] for t, labels in enumerate(("dc", "cc", "dc")) for w, label in zip("AB", labels)],
    ...     columns=["task", "worker", "label"],
    ... )
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     entropy_threshold(answers)["worker"].unique().tolist()
    ['A']
    """
    counts = answers["worker"].value_counts()
    judged = answers[answers["worker"].isin(counts.index[counts >= min_answers])]
    entropies = pd.Series(uncertainty(judged, workers_skills, compute_by="worker", aggregate=False))
    dull = entropies.index[entropies <= np.percentile(entropies, percentile)]
    kept = answers[~answers["worker"].isin(dull)]
    if len(kept) <= len(answers) // 2:
        warnings.warn(
            "Removed >= 1/2 of answers with entropy_threshold. This might lead to poor annotation quality. "
            "Try decreasing percentile or min_answers.",
            stacklevel=2,
        )
    return kept
