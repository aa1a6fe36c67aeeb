"""How good probabilities are, and how many answers are still needed."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ... import _native
from ..._frames import places

__all__ = ["Evaluation", "evaluate_probabilities", "judgments_needed"]


class Evaluation(NamedTuple):
    """Scores of probabilities over the tasks with known truth."""

    tasks: int
    """How many tasks were scored."""
    accuracy: float
    """Share of tasks whose most probable label is right; a tie counts 1/(number tied)."""
    macro_f1: float
    """Mean F1 of the labels."""
    ece: float
    """Expected calibration error of the most probable label, 15 equal bins."""
    log_loss: float
    """Mean of -ln p(truth), p at least 0.001."""
    brier: float
    """Mean squared distance of the probabilities from the truth, 0..2."""
    confidence: float
    """Mean probability of the most probable label."""
    curve: pd.DataFrame
    """`tasks`, `confidence` and `accuracy` of each bin."""


def evaluate_probabilities(probas: pd.DataFrame, true_labels: pd.Series[Any]) -> Evaluation:
    """Accuracy and calibration of the probabilities that an aggregator gave.

    C. Guo et al.: On Calibration of Modern Neural Networks, 2017. <https://doi.org/10.48550/arXiv.1706.04599>

    Args:
        probas: Probability of each label (columns) for each task (index).
        true_labels: Known labels, indexed by task; tasks that are not in `probas` do not count.

    >>> probas = pd.DataFrame({"a": [0.8, 0.8], "b": [0.2, 0.2]}, index=["t1", "t2"])
    >>> scores = evaluate_probabilities(probas, pd.Series({"t1": "a", "t2": "b"}))
    >>> scores.accuracy, round(scores.ece, 6)
    (0.5, 0.3)
    """
    known = true_labels[true_labels.index.isin(probas.index)]
    extra = [label for label in pd.unique(known) if label not in probas.columns]
    table = probas.reindex(known.index).reindex(columns=[*probas.columns, *extra], fill_value=0.0)
    truth = places(table.columns, known).astype(np.uint32)
    scores = _native.evaluation(np.ascontiguousarray(table.to_numpy(dtype=np.float64)), truth)
    curve = {name: scores.pop(f"curve_{name}") for name in ("tasks", "confidence", "accuracy")}
    return Evaluation(curve=pd.DataFrame(curve), **scores)


def judgments_needed(
    probas: pd.DataFrame,
    answers: pd.DataFrame,
    target: float = 0.95,
    accuracy: float = 0.8,
    dependence: float = 0.0,
) -> pd.Series[Any]:
    """Expected number of further answers until each task's most probable label has probability `target`.

    Wald's approximation of a sequential test; infinite where no number of answers is expected to suffice.

    Args:
        probas: Probability of each label (columns) for each task (index).
        answers: The answers so far, with a column `task`.
        target: The probability wanted, inside 0..1.
        accuracy: Probability that a further answer is right, inside 0..1.
        dependence: How far answers to a task depend on each other: n count as n / (1 + (n - 1) dependence).

    >>> probas = pd.DataFrame({"a": [0.99, 0.5], "b": [0.01, 0.5]}, index=["t1", "t2"])
    >>> judgments_needed(probas, pd.DataFrame({"task": ["t1", "t2"]})).round(1).to_dict()
    {'t1': 0.0, 't2': 3.5}
    """
    counts = answers["task"].value_counts().reindex(probas.index, fill_value=0)
    judged = np.asarray(counts, dtype=np.uint64)
    table = np.ascontiguousarray(probas.to_numpy(dtype=np.float64))
    needed = _native.judgments_needed(table, judged, target, accuracy, dependence)
    return pd.Series(needed, index=probas.index, name="needed", dtype=float)
