"""Pixels by votes weighted by overlap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from .segmentation_em import SegmentationEM

__all__ = ["SegmentationRASA"]


@dataclass
class SegmentationRASA(SegmentationEM):
    r"""Votes weighted by each mask's overlap with the result: $w \propto \ln(1 + 1/(1 - J))$ with the Jaccard index $J$
    of mask and result, repeated.

    Sets `weights_` (of the last task's masks) and `mv_` (its result) besides what `SegmentationEM` sets.

    Args:
        n_iter: Most iterations.
        tol: Stop when the votes' relative squared change is less than this.

    >>> import numpy as np, pandas as pd
    >>> masks = [np.array([[1, 0]], dtype=bool), np.array([[1, 1]], dtype=bool), np.array([[1, 0]], dtype=bool)]
    >>> data = pd.DataFrame({"task": ["t1"] * 3, "worker": ["w1", "w2", "w3"], "segmentation": masks})
    >>> SegmentationRASA().fit_predict(data)["t1"].tolist()
    [[True, False]]
    """

    _method: ClassVar[str] = "rasa"

    def _keep(self, fit: dict[str, Any]) -> None:
        self.weights_, self.mv_ = fit["quality"], fit["mask"]
