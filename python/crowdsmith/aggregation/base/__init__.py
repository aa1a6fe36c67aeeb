"""What the aggregators of each kind of answer have in common."""

from __future__ import annotations

from typing import Any

import pandas as pd

__all__ = [
    "BaseClassificationAggregator",
    "BaseEmbeddingsAggregator",
    "BaseImageSegmentationAggregator",
    "BasePairwiseAggregator",
    "BaseTextsAggregator",
    "NotFittedError",
]


class NotFittedError(ValueError, AttributeError):
    """A result was asked for before `fit`."""


def check_is_fitted(aggregator: Any, attribute: str) -> None:
    """Raises `NotFittedError` while the attribute is not there."""
    if not hasattr(aggregator, attribute):
        raise NotFittedError(f"call fit of this {type(aggregator).__name__} first")


class BaseClassificationAggregator:
    """Categorical labels in (`task`, `worker`, `label`), one label for each task out."""

    labels_: pd.Series[Any]
    """The label of each task, indexed by `task`."""

    def fit(self, data: pd.DataFrame) -> BaseClassificationAggregator:
        """Fits the model to the labels."""
        raise NotImplementedError

    def fit_predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """Fits the model and returns `labels_`."""
        raise NotImplementedError


class BaseImageSegmentationAggregator:
    """Masks in (`task`, `worker`, `segmentation`), one mask for each task out."""

    segmentations_: pd.Series[Any]
    """The mask of each task as a boolean array, indexed by `task`."""

    def fit(self, data: pd.DataFrame) -> BaseImageSegmentationAggregator:
        """Fits the model to the masks."""
        raise NotImplementedError

    def fit_predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """Fits the model and returns `segmentations_`."""
        raise NotImplementedError


class BaseEmbeddingsAggregator:
    """Outputs with embeddings in (`task`, `worker`, `output`, `embedding`), one output for each task out."""

    embeddings_and_outputs_: pd.DataFrame
    """The chosen `output` of each task and its `embedding`, indexed by `task`."""

    def fit(self, data: pd.DataFrame) -> BaseEmbeddingsAggregator:
        """Fits the model to the embeddings."""
        raise NotImplementedError

    def fit_predict(self, data: pd.DataFrame) -> pd.DataFrame:
        """Fits the model and returns `embeddings_and_outputs_`."""
        raise NotImplementedError


class BaseTextsAggregator:
    """Texts in (`task`, `worker`, `text`), one text for each task out."""

    texts_: pd.Series[Any]
    """The text of each task, indexed by `task`."""

    def fit(self, data: pd.DataFrame) -> BaseTextsAggregator:
        """Fits the model to the texts."""
        raise NotImplementedError

    def fit_predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """Fits the model and returns `texts_`."""
        raise NotImplementedError


class BasePairwiseAggregator:
    """Comparisons in (`worker`, `left`, `right`, `label`), one score for each item out."""

    scores_: pd.Series[Any]
    """The score of each item, larger is better, indexed by item."""

    def fit(self, data: pd.DataFrame) -> BasePairwiseAggregator:
        """Fits the model to the comparisons."""
        raise NotImplementedError

    def fit_predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """Fits the model and returns `scores_`."""
        raise NotImplementedError
