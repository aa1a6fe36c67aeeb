"""Expectation-maximisation on pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from ... import _native
from ..._frames import to_frame
from ..base import BaseImageSegmentationAggregator
from ._masks import combine

__all__ = ["SegmentationEM"]


@dataclass
class SegmentationEM(BaseImageSegmentationAggregator):
    """Each worker is right about a pixel with one probability; it and the pixels' probabilities are estimated together.

    Rates are measured where anybody marked something; a pixel's prior is its last posterior.

    D. Jung-Lin Lee, A. Das Sarma, A. Parameswaran: Aggregating Crowdsourced Image Segmentations. HCOMP 2018.

    Args:
        n_iter: Most iterations.
        tol: Stop when the bound per pixel and mask grows by less than this.

    >>> masks = [np.array([[1, 0]], dtype=bool), np.array([[1, 1]], dtype=bool), np.array([[1, 0]], dtype=bool)]
    >>> data = pd.DataFrame({"task": ["t1"] * 3, "worker": ["w1", "w2", "w3"], "segmentation": masks})
    >>> SegmentationEM().fit_predict(data)["t1"].tolist()
    [[True, False]]
    """

    n_iter: int = 10
    tol: float = 1e-5

    _method: ClassVar[str] = "em"

    def fit(self, data: pd.DataFrame) -> SegmentationEM:
        """Combines `task`, `worker`, `segmentation`.

        Sets `segmentations_`; `posteriors_` (probability of each pixel), `errors_` (each worker's quality) and
        `loss_history_` are those of the last task.
        """
        data = to_frame(data, ["task", "worker", "segmentation"])

        def one(_: npt.NDArray[np.int64], masks: npt.NDArray[np.bool_]) -> Any:
            fit = _native.masks(self._method, masks, iterations=self.n_iter, tolerance=self.tol)
            self.posteriors_, self.errors_, self.loss_history_ = fit["probability"], fit["quality"], fit["loss"]
            self._keep(fit)
            return fit["mask"]

        self.segmentations_ = combine(data, one)
        return self

    def _keep(self, fit: dict[str, Any]) -> None:
        self.priors_ = fit["probability"]

    def fit_predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """Combines the masks and returns `segmentations_`."""
        return self.fit(data).segmentations_
