"""ROVER."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ... import _native
from ..._frames import required, sorted_order, to_frame
from ..base import BaseTextsAggregator

__all__ = ["ROVER"]


@dataclass
class ROVER(BaseTextsAggregator):
    """Recogniser output voting error reduction: texts are aligned word by word, and each place is voted on.

    Each text is aligned with those before it at the lowest edit cost; in every place the word with most votes stays,
    where "no word" is a candidate too. A tie goes to the longer word, then to the later one in the alphabet.

    J. G. Fiscus: A post-processing system to yield reduced word error rates 1997.
    <https://doi.org/10.1109/ASRU.1997.659110>

    Args:
        tokenizer: Text to tokens.
        detokenizer: Tokens to text.
        silent: Kept for compatibility; nothing is printed.

    >>> data = pd.DataFrame(
    ...     [["t1", "w1", "a b c d"], ["t1", "w2", "b z d e"], ["t1", "w3", "b c d e f"]],
    ...     columns=["task", "worker", "text"],
    ... )
    >>> ROVER(str.split, " ".join).fit_predict(data)["t1"]
    'b c d e'
    """

    tokenizer: Callable[[str], list[str]]
    detokenizer: Callable[[list[str]], str]
    silent: bool = True

    def fit(self, data: pd.DataFrame) -> ROVER:
        """Combines `task`, `text`; sets `texts_`."""
        frame = to_frame(data, ["task", "text"])
        task, tasks = required(frame["task"], "task")
        required(frame["text"], "text")
        tokens = [list(self.tokenizer(text)) for text in frame["text"]]
        combined = _native.rover(len(tasks), 1, task, np.zeros(len(task), dtype=np.uint32), tokens)
        texts = [self.detokenizer(words) for words in combined]
        series = pd.Series(texts, index=tasks.rename("task"), name="agg_text")
        self.texts_ = series.iloc[sorted_order(series.index)]
        return self

    def fit_predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """Combines the texts and returns `texts_`."""
        return self.fit(data).texts_
