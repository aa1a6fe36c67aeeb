"""HRRASA on texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy.typing as npt
import pandas as pd

from ..base import BaseTextsAggregator
from ..embeddings.hrrasa import HRRASA, glue_similarity
from .text_rasa import encoded, encoded_truth

__all__ = ["TextHRRASA"]


class TextHRRASA(BaseTextsAggregator):
    """`HRRASA` on the embeddings that an encoder gives; attributes of the fitted `HRRASA` are attributes of this.

    Args:
        encoder: Text to vector, such as the `encode` of a sentence transformer.
        n_iter: Most iterations.
        tol: Stop when the aggregates' relative squared change is less than this.
        lambda_emb: Weight of the embeddings in the local reliability.
        lambda_out: Weight of the texts in the local reliability.
        alpha: Significance of the chi-squared quantile.
        calculate_ranks: Whether `ranks_` is computed.
        output_similarity: Similarity of two texts; by default Google-BLEU.

    >>> import numpy as np
    >>> data = pd.DataFrame(
    ...     [["t1", "w1", "a b"], ["t1", "w2", "a b"], ["t1", "w3", "b c"]], columns=["task", "worker", "text"]
    ... )
    >>> TextHRRASA(lambda text: np.array([text.count("a"), text.count("b")], dtype=float)).fit_predict(data)["t1"]
    'a b'
    """

    def __init__(
        self,
        encoder: Callable[[str], npt.ArrayLike],
        n_iter: int = 100,
        tol: float = 1e-5,
        lambda_emb: float = 0.5,
        lambda_out: float = 0.5,
        alpha: float = 0.05,
        calculate_ranks: bool = False,
        output_similarity: Callable[[Any, Any], float] = glue_similarity,
    ) -> None:
        self.encoder = encoder
        self._hrrasa = HRRASA(n_iter, tol, lambda_emb, lambda_out, alpha, calculate_ranks, output_similarity)

    def __getattr__(self, name: str) -> Any:
        if name == "_hrrasa":
            raise AttributeError(name)
        return getattr(self._hrrasa, name)

    def fit(self, data: pd.DataFrame, true_objects: pd.Series[Any] | None = None) -> TextHRRASA:
        """Fits the model to `task`, `worker`, `text`; `true_objects` are known texts, indexed by task."""
        self._hrrasa.fit(encoded(data, self.encoder), encoded_truth(true_objects, self.encoder))
        return self

    def fit_predict_scores(self, data: pd.DataFrame, true_objects: pd.Series[Any] | None = None) -> pd.DataFrame:
        """Fits the model and returns the cosine distances of all texts."""
        truth = encoded_truth(true_objects, self.encoder)
        return self._hrrasa.fit_predict_scores(encoded(data, self.encoder), truth)

    def fit_predict(self, data: pd.DataFrame, true_objects: pd.Series[Any] | None = None) -> pd.Series[Any]:  # type: ignore[override]
        """Fits the model and returns `texts_`."""
        outputs = self._hrrasa.fit_predict(encoded(data, self.encoder), encoded_truth(true_objects, self.encoder))
        self.texts_ = outputs["output"].rename("agg_text")
        return self.texts_
