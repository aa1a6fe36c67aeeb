"""Workers to look at."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ... import _native
from ..._frames import Coded

__all__ = ["close_pairs", "spammer_scores"]


def spammer_scores(errors: pd.DataFrame) -> pd.Series[Any]:
    r"""How far each worker's answers depend on the truth: 1 if they determine it, 0 for a spammer.

    $S = \frac{1}{K(K-1)} \sum_{c < c'} \sum_k (e[k, c] - e[k, c'])^2$. Who always answers wrongly is no spammer: the
    answers can be turned round.

    V. C. Raykar, S. Yu: Eliminating Spammers and Ranking Annotators. JMLR 13, 2012.
    <https://jmlr.org/papers/v13/raykar12a.html>

    Args:
        errors: Probability of each answer: indexed by `worker` and `label`, a column for each true label, such as the
            `errors_` of `DawidSkene`.

    >>> index = pd.MultiIndex.from_product([["good", "spam"], ["a", "b"]], names=["worker", "label"])
    >>> errors = pd.DataFrame({"a": [1.0, 0.0, 0.7, 0.7], "b": [0.0, 1.0, 0.3, 0.3]}, index=index)
    >>> errors.loc["spam"] = [[0.7, 0.7], [0.3, 0.3]]
    >>> spammer_scores(errors).round(3).to_dict()
    {'good': 1.0, 'spam': 0.0}
    """
    workers = errors.index.get_level_values("worker").unique()
    full = pd.MultiIndex.from_product([workers, errors.columns], names=["worker", "label"])
    table = errors.reindex(full, fill_value=0.0).to_numpy(dtype=np.float64)
    size = len(errors.columns)
    confusions = np.ascontiguousarray(table.reshape(len(workers), size, size).transpose(0, 2, 1))
    return pd.Series(_native.spammer_scores(confusions), index=workers, name="spammer_score")


def close_pairs(answers: pd.DataFrame, min_common: int = 10, min_excess: float = 3.0) -> pd.DataFrame:
    """Pairs of workers who agree more often than two who answer independently given the truth.

    Who copies, shares an account or follows the same script has an excess of many standard deviations. Look at the
    first pair, take it out, and look again: a copying pair leads the consensus, and with it honest pairs, astray.

    Args:
        answers: Labels, with columns `task`, `worker` and `label`.
        min_common: Least number of tasks that both judged.
        min_excess: Least excess, in standard deviations.

    Returns:
        `first`, `second`, tasks in `common`, `equal` and `expected` equal answers, `excess`; the largest excess first.

    >>> random, rows = np.random.RandomState(0), []
    >>> for task in range(100):
    ...     said = {w: task % 3 if random.rand() < 0.7 else random.randint(3) for w in "ABCDEF"}
    ...     rows += [[task, w, label] for w, label in said.items()] + [[task, "copy", said["F"]]]
    >>> pairs = close_pairs(pd.DataFrame(rows, columns=["task", "worker", "label"]))
    >>> set(pairs.iloc[0][["first", "second"]]) == {"F", "copy"}
    True
    """
    coded = Coded.of(answers)
    pairs = _native.close_pairs(coded.judgments(), min_common, min_excess)
    frame = pd.DataFrame(pairs)
    return frame.assign(first=coded.workers.take(pairs["first"]), second=coded.workers.take(pairs["second"]))
