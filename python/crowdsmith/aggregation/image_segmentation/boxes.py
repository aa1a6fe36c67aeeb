"""Objects from boxes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ... import _native
from ..._frames import factorize, required, to_frame

__all__ = ["BoxConsensus"]


@dataclass
class BoxConsensus:
    """The objects behind the boxes that many workers drew.

    Boxes are matched across workers by largest total intersection over union; an object's box is the mean of its
    boxes, weighted by the workers' precision; whether it is there at all follows from who marked it and who looked
    and did not.

    Args:
        threshold: Least intersection over union of a box and the object it belongs to.
        rounds: Rounds of matching and weighing.

    >>> data = pd.DataFrame(
    ...     [["p1", "w1", 0, 0, 10, 10], ["p1", "w2", 1, 0, 10, 10], ["p1", "w3", 2, 0, 10, 10],
    ...      ["p1", "w3", 50, 0, 10, 10]],
    ...     columns=["task", "worker", "left", "top", "width", "height"],
    ... )
    >>> objects = BoxConsensus().fit_predict(data)
    >>> objects["left"].round().tolist(), (objects["probability"] > 0.5).tolist()
    ([1.0, 50.0], [True, False])
    """

    threshold: float = 0.4
    rounds: int = 3

    def fit(self, data: pd.DataFrame) -> BoxConsensus:
        """Finds the objects.

        Args:
            data: A row for each box: `task`, `worker`, `left`, `top`, `width`, `height` in pixels, optionally `label`.
                A row without `left` says that the worker looked and drew nothing.

        Sets `objects_` (a row for each, with `probability`, `agreement` and `boxes`, how many were drawn) and
        `workers_` (`recall`, `false_marks`, `imprecision`, indexed by worker).
        """
        sides = ["left", "top", "width", "height"]
        frame = to_frame(data, ["task", "worker", *sides])
        labels = pd.Series(0, index=frame.index)
        if "label" in data.columns:
            labels = to_frame(data, ["label"])["label"]
        task, tasks = required(frame["task"], "task")
        worker, workers = required(frame["worker"], "worker")
        label, names = factorize(labels, sort=True)
        drawn = frame["left"].notna().to_numpy()
        columns = {
            "tasks": len(tasks),
            "workers": len(workers),
            "looked_task": task,
            "looked_worker": worker,
            "task": task[drawn],
            "worker": worker[drawn],
            "label": np.maximum(label[drawn], 0).astype(np.uint32),
            "shape": np.ascontiguousarray(frame.loc[drawn, sides].to_numpy(dtype=np.float64)),
        }
        fit = _native.boxes(columns, self.threshold, self.rounds)
        objects: dict[str, Any] = {"task": tasks.take(fit["task"])}
        objects.update(zip(sides, fit["boxes"].T))
        if "label" in data.columns:
            objects.update(label=names.take(fit["label"]), label_share=fit["label_share"])
        objects.update(probability=fit["probability"], agreement=fit["agreement"], boxes=fit["drawings"])
        self.objects_ = pd.DataFrame(objects)
        rates = {name: fit[name] for name in ("recall", "false_marks", "imprecision")}
        self.workers_ = pd.DataFrame(rates, index=workers.rename("worker"))
        return self

    def fit_predict(self, data: pd.DataFrame) -> pd.DataFrame:
        """Finds the objects and returns `objects_`."""
        return self.fit(data).objects_
