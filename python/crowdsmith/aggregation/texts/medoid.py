"""Choosing one of the given texts by edit distance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ... import _native
from ..._frames import required, to_frame
from ..base import BaseTextsAggregator

__all__ = ["SequenceRASA", "TextMedoid"]


def _choose(data: Any, tokenizer: Callable[[str], list[str]], **options: Any) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """The chosen text of each task, and each worker's reliability."""
    frame = to_frame(data, ["task", "worker", "text"])
    task, tasks = required(frame["task"], "task")
    worker, workers = required(frame["worker"], "worker")
    required(frame["text"], "text")
    tokens = [list(tokenizer(text)) for text in frame["text"]]
    fit = _native.medoid(len(tasks), len(workers), task, worker, tokens, **options)
    texts = frame["text"].iloc[fit["chosen"]].to_numpy()
    chosen = pd.Series(texts, index=tasks.rename("task"), name="agg_text")
    return chosen, pd.Series(fit["reliability"], index=workers.rename("worker"), name="skill")


@dataclass
class TextMedoid(BaseTextsAggregator):
    """The text with the smallest mean edit distance to the others of its task.

    Args:
        tokenizer: Text to tokens; by default the words.

    >>> data = pd.DataFrame(
    ...     [["t1", "w1", "a b c"], ["t1", "w2", "a b"], ["t1", "w3", "a x"]], columns=["task", "worker", "text"]
    ... )
    >>> TextMedoid().fit_predict(data)["t1"]
    'a b'
    """

    tokenizer: Callable[[str], list[str]] = str.split

    def fit(self, data: pd.DataFrame) -> TextMedoid:
        """Chooses from `task`, `worker`, `text`; sets `texts_`."""
        self.texts_, _ = _choose(data, self.tokenizer)
        return self

    def fit_predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """Chooses and returns `texts_`."""
        return self.fit(data).texts_


@dataclass
class SequenceRASA(BaseTextsAggregator):
    """RASA without embeddings: the text closest by edit distance to the others, weighted by their workers' reliability.

    J. Li, F. Fukumoto 2019. <https://doi.org/10.18653/v1/D19-5904>

    Args:
        tokenizer: Text to tokens; by default the words.
        n_iter: Most iterations.
        alpha: Significance of the chi-squared quantile.

    >>> data = pd.DataFrame(
    ...     [["t1", "w1", "a b c"], ["t1", "w2", "a b"], ["t1", "w3", "a x"]], columns=["task", "worker", "text"]
    ... )
    >>> SequenceRASA().fit_predict(data)["t1"]
    'a b'
    """

    tokenizer: Callable[[str], list[str]] = str.split
    n_iter: int = 100
    alpha: float = 0.05

    def fit(self, data: pd.DataFrame) -> SequenceRASA:
        """Chooses from `task`, `worker`, `text`; sets `texts_` and `skills_`."""
        self.texts_, self.skills_ = _choose(data, self.tokenizer, iterations=self.n_iter, significance=self.alpha)
        return self

    def fit_predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """Chooses and returns `texts_`."""
        return self.fit(data).texts_
