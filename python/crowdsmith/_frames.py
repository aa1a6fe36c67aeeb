"""Data frames to dense codes and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from . import _native


def to_frame(data: Any, columns: Sequence[str]) -> pd.DataFrame:
    """The named columns of a pandas or polars frame as a pandas frame; `KeyError` for a column that is not there."""
    if not isinstance(data, pd.DataFrame):
        if not hasattr(data, "columns") or not hasattr(data, "__getitem__"):
            raise TypeError(f"expected a pandas or polars data frame, got {type(data).__name__}")
        names = getattr(data, "column_names", None) or list(data.columns)
        missing = [name for name in columns if name not in names]
        if missing:
            raise KeyError(f"{missing} not in the columns")
        return pd.DataFrame({name: _column(data[name]) for name in columns})
    return data[list(columns)]


def _column(values: Any) -> Any:
    """A polars series as something pandas takes without loss: numbers as an array, all else as Python objects."""
    listed = values.to_list()
    plain = bool(listed) and all(type(value) in (int, float, bool) for value in listed[:1] + listed[-1:])
    return values.to_numpy() if plain and not values.null_count() else listed


def factorize(values: pd.Series[Any], sort: bool = False) -> tuple[npt.NDArray[np.int64], pd.Index[Any]]:
    """Codes and distinct values; sorted if that is possible, else in order of first appearance. -1 is missing."""
    try:
        codes, names = pd.factorize(values, sort=sort)
    except TypeError:
        codes, names = pd.factorize(values, sort=False)
    return codes.astype(np.int64), pd.Index(names)


def required(values: pd.Series[Any], column: str) -> tuple[npt.NDArray[np.uint32], pd.Index[Any]]:
    """Codes in order of first appearance of a column in which nothing may be missing."""
    codes, names = factorize(values)
    if (codes < 0).any():
        row = int(np.flatnonzero(codes < 0)[0])
        raise ValueError(f"row {row}: {column} is missing")
    return codes.astype(np.uint32), names


def places(index: pd.Index[Any], values: Any) -> npt.NDArray[np.int64]:
    """The place of each value in an index without repetitions, -1 for one that is not there."""
    return np.asarray(index.get_indexer(pd.Index(values, tupleize_cols=False)), dtype=np.int64)


def sorted_order(index: pd.Index[Any]) -> npt.NDArray[np.int64]:
    """The positions that sort an index; as it is where its values cannot be compared."""
    try:
        return np.asarray(index.argsort(), dtype=np.int64)
    except TypeError:
        return np.arange(len(index))


@dataclass
class Coded:
    """Categorical judgments as codes: tasks and workers in order of first appearance, labels sorted."""

    tasks: pd.Index[Any]
    workers: pd.Index[Any]
    labels: pd.Index[Any]
    task: npt.NDArray[np.uint32]
    worker: npt.NDArray[np.uint32]
    label: npt.NDArray[np.uint16]

    @classmethod
    def of(cls, data: Any, extra_labels: Sequence[Any] = ()) -> Coded:
        """Codes the columns `task`, `worker`, `label`; a row without label is no judgment and left out."""
        frame = to_frame(data, ["task", "worker", "label"])
        present = frame["label"].notna().to_numpy()
        if not present.all():
            frame = frame[present]
        label, labels = factorize(frame["label"], sort=True)
        new = [value for value in extra_labels if value not in labels]
        if new:
            labels = pd.Index(list(labels) + new, dtype=labels.dtype if len(labels) else None)
        if len(labels) > 65535:
            raise ValueError(f"{len(labels)} labels are more than a categorical method takes (at most 65535)")
        task, tasks = required(frame["task"], "task")
        worker, workers = required(frame["worker"], "worker")
        return cls(tasks, workers, labels, task, worker, label.astype(np.uint16))

    def judgments(self, gold: pd.Series[Any] | None = None) -> _native.Judgments:
        """The native judgments; `gold` is indexed by task, its other tasks are left out."""
        gold_task = gold_label = None
        if gold is not None:
            place = places(self.tasks, gold.index)
            code = places(self.labels, gold)
            known = (place >= 0) & (code >= 0)
            gold_task = place[known].astype(np.uint32)
            gold_label = code[known].astype(np.uint16)
        return _native.Judgments(
            len(self.tasks),
            len(self.workers),
            len(self.labels),
            self.task,
            self.worker,
            self.label,
            gold_task,
            gold_label,
        )

    def probabilities(self, table: npt.NDArray[np.float64], sort: bool = False) -> pd.DataFrame:
        """A frame indexed by `task` with a column for each label."""
        index, columns = self.tasks.rename("task"), self.labels.rename("label")
        frame = pd.DataFrame(table, index=index, columns=columns)
        return frame.iloc[sorted_order(index)] if sort else frame

    def by_worker(self, values: npt.NDArray[np.float64], name: str, sort: bool = False) -> pd.Series[Any]:
        """A series indexed by `worker`."""
        series = pd.Series(values, index=self.workers.rename("worker"), name=name)
        return series.iloc[sorted_order(series.index)] if sort else series

    def most_probable(self, probas: pd.DataFrame) -> pd.Series[Any]:
        """The label of the largest probability of each row, the first among equals."""
        best = probas.to_numpy().argmax(axis=1) if len(probas) else np.empty(0, dtype=np.int64)
        return pd.Series(self.labels.take(best), index=probas.index, name="agg_label")


def named(series: pd.Series[Any], name: str) -> pd.Series[Any]:
    """The series under another name, its data shared."""
    return series.rename(name)
