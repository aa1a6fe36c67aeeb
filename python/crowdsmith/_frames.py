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
    """The named columns of a pandas, polars or pyarrow table as a pandas frame; `KeyError` if one is missing."""
    if isinstance(data, pd.DataFrame):
        return data[list(columns)]
    return pd.DataFrame(dict(zip(columns, to_columns(data, columns))))


def to_columns(data: Any, columns: Sequence[str]) -> list[pd.Series[Any]]:
    """The named columns of a pandas, polars or pyarrow table (or record batch); `KeyError` if one is missing."""
    if not hasattr(data, "columns") or not hasattr(data, "__getitem__"):
        raise TypeError(f"expected a data frame of pandas or polars or a table of pyarrow, got {type(data).__name__}")
    # The columns of pyarrow are the columns themselves, their names stand in the schema.
    schema: Any = getattr(data, "schema", None)
    names = schema.names if hasattr(schema, "field") else list(data.columns)
    missing = [name for name in columns if name not in names]
    if missing:
        raise KeyError(f"{missing} not in the columns")
    return [_series(data[name]) for name in columns]


def _series(values: Any) -> pd.Series[Any]:
    """A column as something pandas takes without loss: numbers as an array, all else as Python objects."""
    if isinstance(values, pd.Series):
        return values
    if hasattr(values, "to_pylist"):
        # As a category it would have the order of the dictionary.
        values = values.cast(values.type.value_type) if hasattr(values.type, "index_type") else values
        return values.to_pandas() if values.null_count == 0 else pd.Series(values.to_pylist(), dtype=object)
    listed = values.to_list()
    plain = bool(listed) and all(type(value) in (int, float, bool) for value in listed[:1] + listed[-1:])
    return pd.Series(values.to_numpy() if plain and not values.null_count() else listed)


MISSING = np.uint32(2**32 - 1)
"""The code of a missing value."""


def code(columns: Sequence[pd.Series[Any]]) -> list[tuple[npt.NDArray[np.uint32], pd.Index[Any]]]:
    """Codes in order of first appearance, `MISSING` for what is missing, and the distinct values of each column."""
    objects = [_objects(column) for column in columns]
    texts = iter(_native.code_texts([column for column in objects if column is not None]))
    coded = []
    for column, values in zip(columns, objects):
        found = None if values is None else next(texts)
        if found is None:
            codes, names = _distinct(column)
            coded.append((codes.astype(np.uint32), pd.Index(names)))
        else:
            codes, first = found
            coded.append((codes, pd.Index(column.array.take(first), dtype=column.dtype)))
    return coded


def _objects(column: pd.Series[Any]) -> npt.NDArray[np.object_] | None:
    """The Python objects of a column that may hold texts; `None` if it holds none."""
    if not isinstance(column, pd.Series):
        return None
    texts = isinstance(column.dtype, pd.StringDtype) and column.dtype.storage == "python"
    if column.dtype != object and not texts:
        return None
    return np.ascontiguousarray(column.to_numpy(dtype=object))


def _distinct(column: pd.Series[Any]) -> tuple[npt.NDArray[Any], Any]:
    """What pandas makes of a column of something else than Python's texts."""
    if isinstance(column.dtype, pd.StringDtype) or "pyarrow" in str(column.dtype):
        encoded = column.array.__arrow_array__().dictionary_encode()
        encoded = encoded.combine_chunks() if hasattr(encoded, "combine_chunks") else encoded
        codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        return codes, column.array._from_sequence(encoded.dictionary.to_pylist(), dtype=column.dtype)
    return pd.factorize(column)


def factorize(values: pd.Series[Any], sort: bool = False) -> tuple[npt.NDArray[np.int64], pd.Index[Any]]:
    """Codes and distinct values; sorted if that is possible, else in order of first appearance. -1 is missing."""
    coded, names = code([values])[0]
    # The code of what is missing is -1 as a number of 32 bits with a sign.
    codes = coded.view(np.int32).astype(np.int64)
    if sort:
        order = sorted_order(names)
        ranks = np.empty(len(names) + 1, dtype=np.int64)
        ranks[order], ranks[-1] = np.arange(len(names)), -1
        codes, names = ranks[codes], names.take(order)
    return codes, names


def required(values: pd.Series[Any], column: str) -> tuple[npt.NDArray[np.uint32], pd.Index[Any]]:
    """Codes in order of first appearance of a column in which nothing may be missing."""
    codes, names = code([values])[0]
    return _nothing_missing(codes, column), names


def _nothing_missing(codes: npt.NDArray[np.uint32], column: str) -> npt.NDArray[np.uint32]:
    missing = codes == MISSING
    if missing.any():
        raise ValueError(f"row {int(missing.argmax())}: {column} is missing")
    return codes


def places(index: pd.Index[Any], values: Any) -> npt.NDArray[np.int64]:
    """The place of each value in an index without repetitions, -1 for one that is not there."""
    return np.asarray(index.get_indexer(pd.Index(values, tupleize_cols=False)), dtype=np.int64)


def sorted_order(index: pd.Index[Any]) -> npt.NDArray[np.int64]:
    """The positions that sort an index; as it is where its values cannot be compared."""
    if index.dtype == object or isinstance(index.dtype, pd.StringDtype):
        order = _native.text_order(np.ascontiguousarray(index.to_numpy(dtype=object)))
        if order is not None:
            return order.astype(np.int64)
    try:
        return np.asarray(index.argsort(), dtype=np.int64)
    except TypeError:
        return np.arange(len(index))


def best(table: npt.NDArray[np.float64]) -> npt.NDArray[np.uint16]:
    """The column of the largest value of each row, the first among equals."""
    return (table.argmax(axis=1) if len(table) else np.empty(0)).astype(np.uint16)


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
        names = ["task", "worker", "label"]
        columns = to_columns(data, names)
        (task, tasks), (worker, workers), (label, labels) = code(columns)
        present = label != MISSING
        if not present.all():
            columns = [column[present] for column in columns]
            (task, tasks), (worker, workers), (label, labels) = code(columns)
        order = sorted_order(labels)
        ranks = np.empty(len(labels), dtype=np.uint32)
        ranks[order] = np.arange(len(labels))
        label, labels = ranks[label], labels.take(order)
        new = [value for value in extra_labels if value not in labels]
        if new:
            labels = pd.Index(list(labels) + new, dtype=labels.dtype if len(labels) else None)
        if len(labels) > 65535:
            raise ValueError(f"{len(labels)} labels are more than a categorical method takes (at most 65535)")
        _nothing_missing(task, "task")
        _nothing_missing(worker, "worker")
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
        return pd.Series(self.labels.take(best(probas.to_numpy())), index=probas.index, name="agg_label")


def named(series: pd.Series[Any], name: str) -> pd.Series[Any]:
    """The series under another name, its data shared."""
    return series.rename(name)
