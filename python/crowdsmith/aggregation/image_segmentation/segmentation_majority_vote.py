"""Majority vote on pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ... import _native
from ..._frames import to_frame
from ..base import BaseImageSegmentationAggregator
from ..utils import add_skills_to_data
from ._masks import combine

__all__ = ["SegmentationMajorityVote"]


@dataclass
class SegmentationMajorityVote(BaseImageSegmentationAggregator):
    """A pixel belongs to the object if at least half of the workers, or of their skill, say so.

    Args:
        default_skill: Skill of workers without one, with `on_missing_skill="value"`.
        on_missing_skill: `error`, `ignore` or `value`, as in `MajorityVote`.

    >>> masks = [np.array([[1, 0]], dtype=bool), np.array([[1, 1]], dtype=bool), np.array([[0, 0]], dtype=bool)]
    >>> data = pd.DataFrame({"task": ["t1"] * 3, "worker": ["w1", "w2", "w3"], "segmentation": masks})
    >>> SegmentationMajorityVote().fit_predict(data)["t1"].tolist()
    [[True, False]]
    """

    default_skill: float | None = None
    on_missing_skill: str = "error"

    def fit(self, data: pd.DataFrame, skills: pd.Series[Any] | None = None) -> SegmentationMajorityVote:  # type: ignore[override]
        """Counts the votes of `task`, `worker`, `segmentation`; sets `segmentations_`."""
        data = to_frame(data, ["task", "worker", "segmentation"])
        weight = np.ones(len(data))
        if skills is not None:
            data = add_skills_to_data(data, skills, self.on_missing_skill, self.default_skill)
            weight = data["skill"].to_numpy(dtype=float)

        def one(rows: npt.NDArray[np.int64], masks: npt.NDArray[np.bool_]) -> Any:
            return _native.masks("majority", masks, weights=weight[rows].tolist())["mask"]

        self.segmentations_ = combine(data, one)
        return self

    def fit_predict(self, data: pd.DataFrame, skills: pd.Series[Any] | None = None) -> pd.Series[Any]:  # type: ignore[override]
        """Counts the votes and returns `segmentations_`."""
        return self.fit(data, skills).segmentations_
