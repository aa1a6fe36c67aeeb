"""Spans, as one tag for each token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from .. import _native
from .._frames import factorize, required, to_frame

__all__ = ["BayesianSequences", "HMMCrowd"]


@dataclass
class TaggedDocuments:
    """Documents, workers and tags as codes."""

    documents: pd.Index[Any]
    workers: pd.Index[Any]
    tags: list[str]
    lengths: list[int]
    rows: list[tuple[int, int, Any]]

    @classmethod
    def of(cls, data: Any) -> TaggedDocuments:
        """Codes `task` (a document), `worker`, `label` (a list of BIO tags, `None` for a token left open)."""
        frame = to_frame(data, ["task", "worker", "label"])
        document, documents = required(frame["task"], "task")
        worker, workers = required(frame["worker"], "worker")
        lists = [list(tags) for tags in frame["label"]]
        flat = pd.Series([tag for tags in lists for tag in tags], dtype=object)
        codes, names = factorize(flat, sort=True)
        lengths: dict[int, int] = {}
        rows, start = [], 0
        for row, tags in enumerate(lists):
            if lengths.setdefault(int(document[row]), len(tags)) != len(tags):
                expected = lengths[int(document[row])]
                raise ValueError(f"row {row}: {len(tags)} tags, another worker gave {expected} for this task")
            own = codes[start : start + len(tags)]
            rows.append((int(document[row]), int(worker[row]), np.where(own < 0, 65535, own).astype(np.uint16)))
            start += len(tags)
        names_of_tags = [str(name) for name in names]
        return cls(documents, workers, names_of_tags, [lengths[place] for place in range(len(documents))], rows)


class _Spans:
    _sequential: ClassVar[bool]

    n_iter: int
    tol: float
    pooling: float

    labels_: pd.Series[Any]
    """The list of tags of each document, indexed by `task`."""
    probas_: pd.DataFrame
    """Probability of each tag, indexed by `task` and `token`."""

    def _options(self) -> dict[str, Any]:
        return {"iterations": self.n_iter, "tolerance": self.tol, "pooling": self.pooling}

    def fit(self, data: pd.DataFrame) -> _Spans:
        """Fits the model to `task` (a document), `worker`, `label` (a list of BIO tags, one for each token)."""
        tagged = TaggedDocuments.of(data)
        fit = _native.tag_sequences(
            tagged.tags, len(tagged.workers), tagged.lengths, tagged.rows, self._sequential, **self._options()
        )
        tags = [tagged.tags[tag] for tag in fit["tags"]]
        ends = np.cumsum(tagged.lengths)
        lists = np.empty(len(tagged.lengths), dtype=object)
        lists[:] = [tags[end - length : end] for end, length in zip(ends, tagged.lengths)]
        index = tagged.documents.rename("task")
        self.labels_ = pd.Series(lists, index=index, name="agg_label")
        token = [place for length in tagged.lengths for place in range(length)]
        both = pd.MultiIndex.from_arrays([index.repeat(tagged.lengths), token], names=["task", "token"])
        self.probas_ = pd.DataFrame(fit["posterior"], index=both, columns=pd.Index(tagged.tags, name="label"))
        self.confusions_ = dict(zip(tagged.workers, fit["confusions"]))
        self.converged_ = fit["converged"]
        return self

    def fit_predict(self, data: pd.DataFrame) -> pd.Series[Any]:
        """Fits the model and returns `labels_`."""
        return self.fit(data).labels_


@dataclass
class HMMCrowd(_Spans):
    """HMM-crowd: true tags form a Markov chain, every worker has a confusion matrix; by variational Bayes.

    Tags are `O`, `B-KIND`, `I-KIND`; results keep to the scheme.

    A. T. Nguyen et al.: Aggregating and Predicting Sequence Labels from Crowd Annotations. ACL 2017.
    <https://doi.org/10.18653/v1/P17-1028>

    Args:
        n_iter: Most iterations.
        tol: Stop when no probability moves by more than this.
        pooling: Pseudo-answers of the crowd in every row of a worker's matrix.

    >>> said = {"w1": ["B-X", "I-X", "O"], "w2": ["B-X", "I-X", "O"], "w3": ["O", "I-X", "O"]}
    >>> data = pd.DataFrame([["d1", w, tags] for w, tags in said.items()], columns=["task", "worker", "label"])
    >>> HMMCrowd().fit_predict(data)["d1"]
    ['B-X', 'I-X', 'O']
    """

    n_iter: int = 100
    tol: float = 1e-4
    pooling: float = 10.0
    _sequential: ClassVar[bool] = False


@dataclass
class BayesianSequences(_Spans):
    """Bayesian sequence combination: as `HMMCrowd`, and a worker's tag also depends on the worker's last one.

    E. Simpson, I. Gurevych: A Bayesian Approach for Sequence Tagging with Crowds. EMNLP 2019.
    <https://doi.org/10.18653/v1/D19-1101>

    Args:
        n_iter: Most iterations.
        tol: Stop when no probability moves by more than this.
        pooling: Pseudo-answers of the crowd in every row of a worker's matrix.
        context_pooling: Pseudo-answers of a worker's row in each of its contexts.

    >>> said = {"w1": ["B-X", "I-X", "O"], "w2": ["B-X", "I-X", "O"], "w3": ["O", "I-X", "O"]}
    >>> data = pd.DataFrame([["d1", w, tags] for w, tags in said.items()], columns=["task", "worker", "label"])
    >>> BayesianSequences().fit_predict(data)["d1"]
    ['B-X', 'I-X', 'O']
    """

    n_iter: int = 100
    tol: float = 1e-4
    pooling: float = 10.0
    context_pooling: float = 10.0
    _sequential: ClassVar[bool] = True

    def _options(self) -> dict[str, Any]:
        return {**super()._options(), "context_pooling": self.context_pooling}
