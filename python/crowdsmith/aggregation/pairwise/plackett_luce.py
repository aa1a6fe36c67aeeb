"""Plackett-Luce."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ... import _native
from ..._frames import factorize, required, to_frame

__all__ = ["PlackettLuce"]


@dataclass
class PlackettLuce:
    """The Plackett-Luce model: a ranking is made by choosing the next item with probability proportional to strength.

    R. L. Plackett: The Analysis of Permutations 1975. <https://doi.org/10.2307/2346567>
    D. R. Hunter 2004. <https://doi.org/10.1214/aos/1079120141>

    Args:
        n_iter: Most iterations.
        tol: Stop when the scores change by less than this in sum of absolute differences.
        prior: Choices between a typical item and every item that are added, half of them won.

    >>> data = pd.DataFrame(
    ...     [["w1", "a", 1], ["w1", "b", 2], ["w1", "c", 3], ["w2", "b", 1], ["w2", "a", 2], ["w2", "c", 3]],
    ...     columns=["ranking", "item", "place"],
    ... )
    >>> PlackettLuce().fit_predict(data).round(3).to_dict()
    {'a': 0.5, 'b': 0.5, 'c': 0.0}
    """

    n_iter: int = 1000
    tol: float = 1e-10
    prior: float = 0.0

    def fit(self, data: pd.DataFrame) -> PlackettLuce:
        """Fits the model to `ranking`, `item`, `place` (smaller is better, equal is a tie); sets `scores_` by item."""
        frame = to_frame(data, ["ranking", "item", "place"])
        ranking, rankings = required(frame["ranking"], "ranking")
        required(frame["item"], "item")
        required(frame["place"], "place")
        item, items = factorize(frame["item"], sort=True)
        place = factorize(frame["place"], sort=True)[0].astype(np.uint32)
        fit = _native.plackett_luce(
            len(items),
            len(rankings),
            ranking,
            item.astype(np.uint32),
            place,
            iterations=self.n_iter,
            tolerance=self.tol,
            prior=self.prior,
        )
        self.scores_ = pd.Series(fit["scores"], index=items.rename("item"), name="agg_score")
        self.converged_ = fit["converged"]
        return self

    def fit_predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """Fits the model and returns `scores_`."""
        return self.fit(data).scores_
