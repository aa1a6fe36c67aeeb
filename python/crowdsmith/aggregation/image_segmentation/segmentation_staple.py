"""STAPLE on pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from .segmentation_em import SegmentationEM

__all__ = ["SegmentationSTAPLE"]


@dataclass
class SegmentationSTAPLE(SegmentationEM):
    """Simultaneous truth and performance level estimation: a sensitivity and a specificity a worker.

    Sets `sensitivities_` and `specificities_` (of the last task's masks) besides what `SegmentationEM` sets.

    S. K. Warfield, K. H. Zou, W. M. Wells 2004. <https://doi.org/10.1109/TMI.2004.828354>

    Args:
        n_iter: Most iterations.
        tol: Stop when no rate moves by more than this.

    >>> import numpy as np, pandas as pd
    >>> masks = [np.array([row], dtype=bool) for row in ([1, 1, 0, 0], [1, 1, 1, 0], [1, 1, 0, 0])]
    >>> data = pd.DataFrame({"task": ["t1"] * 3, "worker": ["w1", "w2", "w3"], "segmentation": masks})
    >>> SegmentationSTAPLE().fit_predict(data)["t1"].tolist()
    [[True, True, False, False]]
    """

    n_iter: int = 100
    tol: float = 1e-7

    _method: ClassVar[str] = "staple"

    def _keep(self, fit: dict[str, Any]) -> None:
        self.sensitivities_, self.specificities_ = fit["quality"], fit["specificity"]
