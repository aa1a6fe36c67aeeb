"""The output closest to the average."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..._frames import to_frame
from ..base import BaseEmbeddingsAggregator
from ._points import Points, chosen, refuse_repeated

__all__ = ["ClosestToAverage"]


@dataclass
class ClosestToAverage(BaseEmbeddingsAggregator):
    """Chooses the output whose embedding is closest to the mean of its task.

    Args:
        distance: Distance of two vectors.

    >>> data = pd.DataFrame(
    ...     [["t1", "w1", "a", np.array([1.0, 0.0])], ["t1", "w2", "b", np.array([0.0, 1.0])],
    ...      ["t1", "w3", "c", np.array([1.0, 0.2])]],
    ...     columns=["task", "worker", "output", "embedding"],
    ... )
    >>> ClosestToAverage(lambda a, b: float(np.linalg.norm(a - b))).fit_predict(data)["output"]["t1"]
    'c'
    """

    distance: Callable[[npt.NDArray[Any], npt.NDArray[Any]], float]

    def fit(  # type: ignore[override]
        self,
        data: pd.DataFrame,
        aggregated_embeddings: pd.Series[Any] | None = None,
        true_embeddings: pd.Series[Any] | None = None,
    ) -> ClosestToAverage:
        """Chooses from `task`, `worker`, `output`, `embedding`.

        Args:
            data: Outputs and their embeddings.
            aggregated_embeddings: What to be close to in place of the mean, indexed by task.
            true_embeddings: Known embeddings that replace the mean, indexed by task.

        Sets `scores_` (the distances) and `embeddings_and_outputs_`.
        """
        refuse_repeated(true_embeddings)
        data = to_frame(data, ["task", "worker", "output", "embedding"])
        if aggregated_embeddings is None:
            centers = _means(Points.of(data), true_embeddings)
        else:
            centers = dict(aggregated_embeddings.items())
        pairs = zip(data["embedding"], data["task"])
        distances = np.array([self.distance(embedding, centers[task]) for embedding, task in pairs], dtype=np.float64)
        self.scores_, self.embeddings_and_outputs_ = chosen(data, distances)
        return self

    def fit_predict_scores(
        self, data: pd.DataFrame, aggregated_embeddings: pd.Series[Any] | None = None
    ) -> pd.DataFrame:
        """Chooses and returns `scores_`."""
        return self.fit(data, aggregated_embeddings).scores_

    def fit_predict(  # type: ignore[override]
        self, data: pd.DataFrame, aggregated_embeddings: pd.Series[Any] | None = None
    ) -> pd.DataFrame:
        """Chooses and returns `embeddings_and_outputs_`."""
        return self.fit(data, aggregated_embeddings).embeddings_and_outputs_


def _means(points: Points, true_embeddings: pd.Series[Any] | None) -> dict[Any, npt.NDArray[np.float64]]:
    """The mean embedding of each task, the true one where it is known."""
    sums = np.zeros((len(points.tasks), points.values.shape[1]))
    np.add.at(sums, points.task, points.values)
    means = sums / np.bincount(points.task, minlength=len(points.tasks))[:, None]
    known = points.native(true_embeddings)
    means[known["true_task"]] = known["true_values"].reshape(-1, means.shape[1])
    return dict(zip(points.tasks, means))
