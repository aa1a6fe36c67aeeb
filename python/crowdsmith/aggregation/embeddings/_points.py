"""Embeddings to arrays and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..._frames import places, required, sorted_order


@dataclass
class Points:
    """Answers with embeddings as codes and one matrix."""

    tasks: pd.Index[Any]
    workers: pd.Index[Any]
    task: npt.NDArray[np.uint32]
    worker: npt.NDArray[np.uint32]
    values: npt.NDArray[np.float64]

    @classmethod
    def of(cls, data: pd.DataFrame) -> Points:
        """Codes `task`, `worker`, `embedding`; a `ValueError` names the row of an embedding that does not fit."""
        task, tasks = required(data["task"], "task")
        worker, workers = required(data["worker"], "worker")
        return cls(tasks, workers, task, worker, _matrix(list(data["embedding"]), "embedding"))

    def native(self, truth: pd.Series[Any] | None) -> dict[str, Any]:
        """The columns for the native functions."""
        known = {} if truth is None else {task: value for task, value in truth.items() if _is_vector(value)}
        place = places(self.tasks, list(known)) if known else np.empty(0, dtype=int)
        rows = [value for value, found in zip(known.values(), place >= 0) if found]
        true_values = _matrix(rows, "true embedding") if rows else np.empty((0, self.values.shape[1]))
        return {
            "tasks": len(self.tasks),
            "workers": len(self.workers),
            "task": self.task,
            "worker": self.worker,
            "values": self.values,
            "true_task": place[place >= 0].astype(np.uint32),
            "true_values": true_values,
        }

    def aggregated(self, table: npt.NDArray[np.float64]) -> pd.Series[Any]:
        """A vector for each task, indexed by the sorted tasks."""
        vectors = np.empty(len(self.tasks), dtype=object)
        vectors[:] = list(table)
        series = pd.Series(vectors, index=self.tasks.rename("task"))
        return series.iloc[sorted_order(series.index)]


def _is_vector(value: Any) -> bool:
    return isinstance(value, (np.ndarray, list, tuple)) and not np.isnan(np.asarray(value, dtype=float)).any()


def _matrix(vectors: list[Any], what: str) -> npt.NDArray[np.float64]:
    if not vectors:
        return np.empty((0, 0))
    width = np.size(vectors[0])
    for row, vector in enumerate(vectors):
        if np.ndim(vector) != 1 or np.size(vector) != width:
            raise ValueError(f"row {row}: {what} has shape {np.shape(vector)}, expected ({width},)")
    return np.ascontiguousarray(np.stack([np.asarray(vector, dtype=np.float64) for vector in vectors]))


def chosen(data: pd.DataFrame, distances: npt.NDArray[np.float64]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All scores by task, and the output with the smallest distance of each task, the first among equals."""
    scores = data[["task", "output", "embedding"]].assign(score=distances)
    first = scores.reset_index(drop=True)
    best = first.sort_values("score", kind="stable").drop_duplicates("task")
    order = sorted_order(pd.Index(best["task"]))
    outputs = best.iloc[order].set_index("task")[["output", "embedding"]]
    return scores.set_index("task")[["output", "score", "embedding"]], outputs


def refuse_repeated(truth: pd.Series[Any] | None) -> None:
    """One true embedding a task."""
    if truth is not None and not truth.index.is_unique:
        raise ValueError(
            "Incorrect data in true_embeddings: multiple true embeddings for a single task are not supported."
        )
