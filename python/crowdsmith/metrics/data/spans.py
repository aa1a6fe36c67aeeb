"""Agreement and quality of spans."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ... import _native
from ...aggregation.spans import TaggedDocuments

__all__ = ["span_agreement", "span_f1"]


def span_f1(truth: pd.Series[Any], found: pd.Series[Any]) -> tuple[float, float, float]:
    """Precision, recall and F1 of spans: a span counts if start, end and kind are right.

    E. F. Tjong Kim Sang, F. De Meulder 2003. <https://doi.org/10.3115/1119176.1119195>

    Args:
        truth: A list of BIO tags for each document, indexed by document.
        found: The same of what was found; documents without truth do not count.

    >>> span_f1(pd.Series({"d1": ["B-X", "I-X", "O", "B-X"]}), pd.Series({"d1": ["B-X", "I-X", "O", "O"]}))[:2]
    (1.0, 0.5)
    """
    both = [document for document in truth.index if document in found.index]
    names = sorted({str(tag) for series in (truth, found) for tags in series.loc[both] for tag in tags})
    code = {name: place for place, name in enumerate(names)}
    coded = [[[code[str(tag)] for tag in series[document]] for document in both] for series in (truth, found)]
    return _native.span_f1(names, coded[0], coded[1])


def span_agreement(answers: pd.DataFrame) -> float:
    """The mean F1 between the spans of two workers, over all pairs with a document in common.

    G. Hripcsak, A. S. Rothschild 2005. <https://doi.org/10.1197/jamia.M1733>

    Args:
        answers: `task` (a document), `worker`, `label` (a list of BIO tags).

    >>> rows = [["d1", "A", ["B-X", "O"]], ["d1", "B", ["B-X", "O"]]]
    >>> span_agreement(pd.DataFrame(rows, columns=["task", "worker", "label"]))
    1.0
    """
    tagged = TaggedDocuments.of(answers)
    return _native.span_agreement(tagged.tags, len(tagged.workers), tagged.lengths, tagged.rows)[0]
