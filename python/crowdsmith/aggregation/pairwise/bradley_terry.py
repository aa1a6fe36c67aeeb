"""Bradley-Terry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ... import _native
from ..base import BasePairwiseAggregator
from ._comparisons import Comparisons

__all__ = ["BradleyTerry"]


@dataclass
class BradleyTerry(BasePairwiseAggregator):
    r"""The Bradley-Terry model: item $i$ beats item $j$ with probability $p_i / (p_i + p_j)$.

    Fitted by $p_i \leftarrow w_i / \sum_j n_{ij} / (p_i + p_j)$, scaled to sum 1, with $w_i$ wins and $n_{ij}$
    comparisons. A missing label is a tie.

    R. A. Bradley, M. E. Terry 1952. <https://doi.org/10.2307/2334029>
    D. R. Hunter: MM algorithms for generalized Bradley-Terry models 2004. <https://doi.org/10.1214/aos/1079120141>
    R. R. Davidson: On Extending the Bradley-Terry Model to Accommodate Ties 1970.
    <https://doi.org/10.1080/01621459.1970.10481082>

    Args:
        n_iter: Most iterations.
        tol: Stop when the scores change by less than this in sum of absolute differences.
        prior: Comparisons with a typical item added for every item, half of them won.
        davidson: Whether a tie is an outcome with a probability of its own in place of half a win for each side.

    >>> data = pd.DataFrame(
    ...     [["a", "b", "a"], ["a", "b", "a"], ["a", "b", "a"], ["a", "b", "b"]], columns=["left", "right", "label"]
    ... )
    >>> BradleyTerry(100).fit_predict(data).round(3).to_dict()
    {'a': 0.75, 'b': 0.25}
    """

    n_iter: int
    tol: float = 1e-5
    prior: float = 0.0
    davidson: bool = False

    def fit(self, data: pd.DataFrame) -> BradleyTerry:
        """Fits the model to `left`, `right`, `label` (the better of the two); sets `scores_`, indexed by item."""
        compared = Comparisons.of(data)
        if not len(compared.items):
            self.scores_ = pd.Series([], dtype=np.float64, name="agg_score")
            return self
        fit = _native.bradley_terry(
            len(compared.items),
            compared.left,
            compared.right,
            compared.outcome,
            iterations=self.n_iter,
            tolerance=self.tol,
            prior=self.prior,
            davidson=self.davidson,
        )
        self.scores_ = pd.Series(fit["scores"], index=compared.items.rename(None), name="agg_score")
        self.tie_, self.converged_ = fit["tie"], fit["converged"]
        return self

    def fit_predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """Fits the model and returns `scores_`."""
        return self.fit(data).scores_
