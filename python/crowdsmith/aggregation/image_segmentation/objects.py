"""Objects from boxes, polygons and keypoints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ... import _native
from ..._frames import factorize, required, to_frame

__all__ = ["BoxConsensus", "KeypointConsensus", "PolygonConsensus"]


class _Objects:
    """Drawings of many workers to objects."""

    _kind: ClassVar[str]
    _columns: ClassVar[list[str]]

    threshold: float
    rounds: int

    objects_: pd.DataFrame
    """A row for each object: `task`, the shape, `probability` that it is there, `agreement` of its drawings, how many
    there are (`drawings`), and `label`, `label_share` where the drawings have labels."""
    workers_: pd.DataFrame
    """`recall`, rate of `false_marks` and `imprecision` of each worker, indexed by `worker`."""

    def fit(self, data: pd.DataFrame) -> _Objects:
        """Finds the objects.

        Args:
            data: A row for each drawing: `task`, `worker`, the shape, optionally `label`. A row with a missing shape
                says that the worker looked and drew nothing.
        """
        frame = to_frame(data, ["task", "worker", *self._columns])
        labels = to_frame(data, ["label"])["label"] if "label" in data.columns else pd.Series(0, index=frame.index)
        task, tasks = required(frame["task"], "task")
        worker, workers = required(frame["worker"], "worker")
        label, names = factorize(labels, sort=True)
        drawn = frame[self._columns[0]].notna().to_numpy()
        columns = {
            "tasks": len(tasks),
            "workers": len(workers),
            "looked_task": task,
            "looked_worker": worker,
            "task": task[drawn],
            "worker": worker[drawn],
            "label": np.maximum(label[drawn], 0).astype(np.uint32),
            "shape": self._flat(frame[drawn]),
        }
        fit = _native.objects(self._kind, columns, self.threshold, self.rounds)
        objects: dict[str, Any] = {"task": tasks.take(fit["task"]), **self._shapes(fit["shape"])}
        if "label" in data.columns:
            objects.update(label=names.take(fit["label"]), label_share=fit["label_share"])
        objects.update({name: fit[name] for name in ("probability", "agreement", "drawings")})
        self.objects_ = pd.DataFrame(objects)
        rates = {name: fit[name] for name in ("recall", "false_marks", "imprecision")}
        self.workers_ = pd.DataFrame(rates, index=workers.rename("worker"))
        return self

    def fit_predict(self, data: pd.DataFrame) -> pd.DataFrame:
        """Finds the objects and returns `objects_`."""
        return self.fit(data).objects_

    def _flat(self, frame: pd.DataFrame) -> list[list[float]]:
        """Each shape as a flat list of numbers."""
        flat = []
        for row, points in zip(frame.index, frame["points"]):
            numbers = np.asarray([(np.nan, np.nan) if point is None else point for point in points], dtype=float)
            if numbers.size and numbers.shape[1:] != (2,):
                raise ValueError(f"row {row}: a point needs x and y")
            flat.append(numbers.ravel().tolist())
        return flat

    def _shapes(self, flat: list[list[float]]) -> dict[str, Any]:
        """The columns of the objects' shapes."""
        points = np.empty(len(flat), dtype=object)
        for place, numbers in enumerate(flat):
            pairs = zip(numbers[::2], numbers[1::2])
            points[place] = [None if np.isnan(x) else (x, y) for x, y in pairs]
        return {"points": points}


@dataclass
class BoxConsensus(_Objects):
    """The objects behind the boxes that many workers drew.

    Boxes are matched across workers by largest total intersection over union; an object's box is the mean of its
    boxes, weighted by the workers' precision; whether it is there at all follows from who marked it and who looked
    and did not. Columns of the shape: `left`, `top`, `width`, `height` in pixels.

    S. Branson, G. Van Horn, P. Perona: Lean Crowdsourcing 2017. <https://doi.org/10.1109/CVPR.2017.648>

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

    _kind: ClassVar[str] = "box"
    _columns: ClassVar[list[str]] = ["left", "top", "width", "height"]

    def _flat(self, frame: pd.DataFrame) -> list[list[float]]:
        return frame[self._columns].to_numpy(dtype=np.float64).tolist()

    def _shapes(self, flat: list[list[float]]) -> dict[str, Any]:
        return dict(zip(self._columns, np.asarray(flat, dtype=float).reshape(-1, 4).T))


@dataclass
class PolygonConsensus(_Objects):
    """The objects behind the polygons that many workers drew.

    As `BoxConsensus`; an object's polygon is the one most alike to all of its polygons. Column of the shape: `points`,
    a list of corners (x, y) in pixels.

    Args:
        threshold: Least intersection over union of a polygon and the object it belongs to.
        rounds: Rounds of matching and weighing.

    >>> triangles = [[(x, 0), (x + 10, 0), (x, 10)] for x in (0, 1, 2)]
    >>> data = pd.DataFrame({"task": ["p1"] * 3, "worker": ["w1", "w2", "w3"], "points": triangles})
    >>> PolygonConsensus().fit_predict(data)["points"][0]
    [(1.0, 0.0), (11.0, 0.0), (1.0, 10.0)]
    """

    threshold: float = 0.4
    rounds: int = 3

    _kind: ClassVar[str] = "polygon"
    _columns: ClassVar[list[str]] = ["points"]


@dataclass
class KeypointConsensus(_Objects):
    """The objects behind the keypoints that many workers set.

    As `BoxConsensus`, by object keypoint similarity; a point is the weighted mean of those set, and there if at least
    half of the weight set it. Column of the shape: `points`, a list of (x, y) in pixels in a fixed order, `None` for a
    point that is not there.

    Args:
        threshold: Least similarity of a set of points and the object it belongs to.
        rounds: Rounds of matching and weighing.

    >>> said = [[(0, 0), (10, 20), None], [(2, 0), (10, 20), None]]
    >>> data = pd.DataFrame({"task": ["p1"] * 2, "worker": ["w1", "w2"], "points": said})
    >>> [point and round(point[0]) for point in KeypointConsensus().fit_predict(data)["points"][0]]
    [1, 10, None]
    """

    threshold: float = 0.4
    rounds: int = 3

    _kind: ClassVar[str] = "keypoints"
    _columns: ClassVar[list[str]] = ["points"]
