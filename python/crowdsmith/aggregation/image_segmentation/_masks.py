"""Masks by task."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..._frames import required, sorted_order

Mask = npt.NDArray[np.bool_]


def by_task(data: pd.DataFrame) -> Iterator[tuple[Any, npt.NDArray[np.int64], npt.NDArray[np.bool_], tuple[int, ...]]]:
    """Each task in sorted order with the positions of its rows, its masks as `[mask][pixel]`, and their shape."""
    codes, tasks = required(data["task"], "task")
    masks = list(data["segmentation"])
    for code in sorted_order(tasks):
        rows = np.flatnonzero(codes == code)
        shape = np.shape(masks[rows[0]])
        for row in rows:
            if np.shape(masks[row]) != shape:
                raise ValueError(f"row {row}: the mask has shape {np.shape(masks[row])}, expected {shape}")
        stacked = np.stack([np.asarray(masks[row], dtype=bool).ravel() for row in rows])
        yield tasks[code], rows, np.ascontiguousarray(stacked), shape


def combine(data: pd.DataFrame, one: Callable[[npt.NDArray[np.int64], npt.NDArray[np.bool_]], Any]) -> pd.Series[Any]:
    """The mask of each task, as `one` makes it."""
    names, combined = [], []
    for task, rows, masks, shape in by_task(data):
        names.append(task)
        combined.append(np.asarray(one(rows, masks)).reshape(shape))
    values = np.empty(len(combined), dtype=object)
    for place, mask in enumerate(combined):
        values[place] = mask
    return pd.Series(values, index=pd.Index(names, name="task"), name="agg_segmentation")
