"""RASA on texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy.typing as npt
import pandas as pd

from ..._frames import to_frame
from ..base import BaseTextsAggregator
from ..embeddings.rasa import RASA

__all__ = ["TextRASA"]


class TextRASA(BaseTextsAggregator):
    """`RASA` on the embeddings that an encoder gives; attributes of the fitted `RASA` are attributes of this.

    Args:
        encoder: Text to vector, such as the `encode` of a sentence transformer.
        n_iter: Most iterations.
        tol: Stop when the aggregates' relative squared change is less than this.
        alpha: Significance of the chi-squared quantile.

    >>> import numpy as np
    >>> data = pd.DataFrame(
    ...     [["t1", "w1", "aab"], ["t1", "w2", "aab"], ["t1", "w3", "bbb"]], columns=["task", "worker", "text"]
    ... )
    >>> TextRASA(lambda text: np.array([text.count("a"), text.count("b")], dtype=float)).fit_predict(data)["t1"]
    'aab'
    """

    def __init__(
        self,
        encoder: Callable[[str], npt.NDArray[Any]],
        n_iter: int = 100,
        tol: float = 1e-5,
        alpha: float = 0.05,
    ) -> None:
        self.encoder = encoder
        self._rasa = RASA(n_iter, tol, alpha)

    def __getattr__(self, name: str) -> Any:
        if name == "_rasa":
            raise AttributeError(name)
        return getattr(self._rasa, name)

    def fit(self, data: pd.DataFrame, true_objects: pd.Series[Any] | None = None) -> TextRASA:
        """Fits the model to `task`, `worker`, `text`; `true_objects` are known texts, indexed by task."""
        self._rasa.fit(encoded(data, self.encoder), encoded_truth(true_objects, self.encoder))
        return self

    def fit_predict_scores(self, data: pd.DataFrame, true_objects: pd.Series[Any] | None = None) -> pd.DataFrame:
        """Fits the model and returns the cosine distances of all texts."""
        return self._rasa.fit_predict_scores(encoded(data, self.encoder), encoded_truth(true_objects, self.encoder))

    def fit_predict(self, data: pd.DataFrame, true_objects: pd.Series[Any] | None = None) -> pd.Series[Any]:  # type: ignore[override]
        """Fits the model and returns `texts_`."""
        outputs = self._rasa.fit_predict(encoded(data, self.encoder), encoded_truth(true_objects, self.encoder))
        self.texts_ = outputs["output"].rename("agg_text")
        return self.texts_


def encoded(data: pd.DataFrame, encoder: Callable[[str], Any]) -> pd.DataFrame:
    """`task`, `worker`, `output` (the text) and its `embedding`."""
    frame = to_frame(data, ["task", "worker", "text"]).rename(columns={"text": "output"})
    return frame.assign(embedding=[encoder(text) for text in frame["output"]])


def encoded_truth(true_objects: pd.Series[Any] | None, encoder: Callable[[str], Any]) -> pd.Series[Any] | None:
    """The embeddings of known texts."""
    return None if true_objects is None else true_objects.dropna().apply(encoder)
