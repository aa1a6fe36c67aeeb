"""Columns of any make become the codes that pandas would give them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import crowd
from pandas.testing import assert_frame_equal, assert_series_equal

from crowdsmith import _native
from crowdsmith._frames import MISSING, code, factorize, sorted_order
from crowdsmith.aggregation import DawidSkene, MajorityVote, Median

ODD = {
    "texts": ["b", "a", "b", "", "é", "zz", "a"],
    "missing": ["b", None, "a", float("nan"), "b"],
    "pandas' missing": ["b", pd.NA, "a", "b"],
    "numpy's texts": [np.str_("b"), "a", "b"],
    "numbers": [3, 1, 3, 2],
    "mixed": ["1", 1, 2.5, None, "1"],
    "tuples": [("a", 1), ("b", 2), ("a", 1)],
    "half a character": ["a", "\ud800", "a"],
    "booleans": [True, False, True],
    "nothing": [],
    "only missing": [None, None],
}


@pytest.mark.parametrize("kind", ODD)
def test_codes_are_those_of_pandas(kind: str) -> None:
    column = pd.Series(ODD[kind], dtype=object)
    codes, names = code([column])[0]
    expected, uniques = pd.factorize(column)
    assert codes.tolist() == [int(MISSING) if place < 0 else place for place in expected]
    assert [type(name) for name in names] == [type(name) for name in uniques] and list(names) == list(uniques)
    assert factorize(column)[0].tolist() == expected.tolist()


@pytest.mark.parametrize("dtype", ["string[python]", "string[pyarrow]", "str", "category", "int64", "Int64", "float64"])
def test_codes_of_every_dtype(dtype: str) -> None:
    if "pyarrow" in dtype:
        pytest.importorskip("pyarrow")
    number = "int" in dtype.lower() or "float" in dtype
    column = pd.Series([30, 10, 30, 20] if number else ["c", "a", "c", "b"], dtype=dtype)
    for values in [column, column.iloc[::-1], column.iloc[:0]]:
        codes, names = factorize(values, sort=True)
        expected, uniques = pd.factorize(values, sort=True)
        assert codes.tolist() == expected.tolist() and names.tolist() == uniques.tolist()
        assert names.dtype == uniques.dtype


def test_many_texts_out_of_order() -> None:
    random = np.random.RandomState(1)
    texts = np.array([f"task-{number}" for number in random.randint(0, 30_000, 100_000)], dtype=object)
    codes, first = _native.code_texts([texts])[0]  # type: ignore[misc]
    expected, uniques = pd.factorize(texts)
    assert (codes == expected).all() and (texts[first] == uniques).all()


def test_order_is_pythons() -> None:
    names = ["b", "", "abcdefgh", "abcdefghi", "abcdefg", "Z", "é", "z", "\U0001f600", "\uffff", "a\0", "a"]
    index = pd.Index(names)
    assert index[sorted_order(index)].tolist() == sorted(names)
    assert _native.text_order(np.array(["a", 1], dtype=object)) is None


def test_a_missing_task_is_named() -> None:
    data = pd.DataFrame({"task": ["t", None], "worker": ["w", "v"], "label": ["a", "b"]})
    with pytest.raises(ValueError, match="row 1: task is missing"):
        MajorityVote().fit(data)


def tables(answers: pd.DataFrame) -> dict[str, Any]:
    """The same answers in every form that pyarrow has."""
    arrow = pytest.importorskip("pyarrow")
    table = arrow.table({name: answers[name].to_list() for name in answers})
    coded = arrow.table({name: table[name].dictionary_encode() for name in answers})
    parts = arrow.concat_tables([table[:50], table[50:]])
    return {"table": table, "in parts": parts, "dictionaries": coded, "batch": table.to_batches()[0]}


@pytest.mark.parametrize("form", ["table", "in parts", "dictionaries", "batch"])
@pytest.mark.parametrize("kind", ["text", "int"])
def test_pyarrow(form: str, kind: str) -> None:
    answers = crowd(3, kind=kind)
    table = tables(answers)[form]
    for model in (MajorityVote, DawidSkene):
        theirs, mine = model().fit(answers), model().fit(table)
        assert mine.labels_.to_dict() == theirs.labels_.to_dict()
        assert np.array_equal(mine.probas_.to_numpy(), theirs.probas_.to_numpy())
    with pytest.raises(KeyError, match="worker"):
        MajorityVote().fit(table.select(["task", "label"]))


def test_pyarrow_with_nulls_and_numbers() -> None:
    arrow = pytest.importorskip("pyarrow")
    table = arrow.table({"task": ["t", "t", "u"], "worker": ["v", "w", "v"], "label": ["a", None, "b"]})
    assert MajorityVote().fit_predict(table).to_dict() == {"t": "a", "u": "b"}
    numbers = arrow.table({"task": [1, 1, 2], "worker": ["v", "w", "v"], "label": [1.0, 3.0, 5.0]})
    assert Median().fit_predict(numbers).to_dict() == {1: 2.0, 2: 5.0}


def test_a_frame_of_arrow_texts_gives_the_same(answers: pd.DataFrame) -> None:
    pytest.importorskip("pyarrow")
    frame = answers.astype("string[pyarrow]")
    plain, mine = MajorityVote().fit(answers), MajorityVote().fit(frame)
    assert_series_equal(plain.labels_, mine.labels_, check_dtype=False, check_index_type=False)
    assert_frame_equal(plain.probas_, mine.probas_, check_index_type=False, check_column_type=False)
