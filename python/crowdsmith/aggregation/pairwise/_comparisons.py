"""Comparisons to codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..._frames import factorize, places, to_frame


@dataclass
class Comparisons:
    """Items in sorted order; outcomes 0 (left), 1 (right), 2 (tie)."""

    items: pd.Index[Any]
    left: npt.NDArray[np.uint32]
    right: npt.NDArray[np.uint32]
    outcome: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, data: Any) -> Comparisons:
        """Codes `left`, `right`, `label`; a missing label is a tie, any other that is neither side a `ValueError`."""
        frame = to_frame(data, ["left", "right", "label"])
        sides = pd.concat([frame["left"], frame["right"]], ignore_index=True)
        codes, items = factorize(sides, sort=True)
        if (codes < 0).any():
            row = int(np.flatnonzero(codes < 0)[0]) % len(frame)
            raise ValueError(f"row {row}: an item is missing")
        left, right = codes[: len(frame)], codes[len(frame) :]
        label = places(items, frame["label"]) if len(frame) else codes
        tie = frame["label"].isna().to_numpy()
        outcome = np.where(tie, 2, np.where(label == left, 0, np.where(label == right, 1, 3)))
        if (outcome == 3).any():
            row = int(np.flatnonzero(outcome == 3)[0])
            raise ValueError(f"row {row}: label {frame['label'].iloc[row]!r} is neither left nor right")
        return cls(items, left.astype(np.uint32), right.astype(np.uint32), outcome.astype(np.uint8))
