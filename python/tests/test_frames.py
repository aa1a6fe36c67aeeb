"""What goes in, whatever it is made of, and what is wrong with it."""

from __future__ import annotations

import threading

import numpy as np
import pandas as pd
import pytest
from conftest import crowd
from pandas.testing import assert_series_equal

from crowdsmith import _native, aggregation, metrics
from crowdsmith._frames import Coded
from crowdsmith.aggregation import (
    KOS,
    RASA,
    Auto,
    BradleyTerry,
    DawidSkene,
    GoldMajorityVote,
    MajorityVote,
    Median,
    OrdinalWorkers,
    Wawa,
)

CATEGORICAL = [
    name
    for name in aggregation.__all__
    if isinstance(getattr(aggregation, name), type)
    and issubclass(getattr(aggregation, name), aggregation.base.BaseClassificationAggregator)
    and name not in ("BinaryRelevance", "HRRASA", "GoldMajorityVote", "ELICE", "KOS")
]


@pytest.mark.parametrize("name", CATEGORICAL)
def test_every_method_labels_every_task(name: str, answers: pd.DataFrame) -> None:
    before = answers.copy()
    labels = getattr(aggregation, name)().fit_predict(answers)
    pd.testing.assert_frame_equal(answers, before)
    assert set(labels.index) == set(answers["task"]) and set(labels) <= set(answers["label"])
    assert labels.name == "agg_label" and labels.index.name == "task"
    majority = MajorityVote().fit_predict(answers).reindex(labels.index)
    assert (labels == majority).mean() > 0.8


@pytest.mark.parametrize("name", CATEGORICAL)
@pytest.mark.parametrize("rows", [[], [("t", "w", "a")], [("t", "w", "a"), ("t", "v", "a")], [("t", "w", "a")] * 3])
def test_every_method_takes_next_to_nothing(name: str, rows: list[tuple[str, str, str]]) -> None:
    data = pd.DataFrame(rows, columns=["task", "worker", "label"])
    model = getattr(aggregation, name)()
    labels = model.fit_predict(data)
    assert labels.to_dict() == ({"t": "a"} if rows else {})
    if hasattr(model, "probas_"):
        assert not np.isnan(model.probas_.to_numpy(dtype=float)).any()


@pytest.mark.parametrize("name", ["MajorityVote", "DawidSkene", "Auto", "GLAD", "MACE"])
def test_polars(name: str, answers: pd.DataFrame) -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({column: answers[column].to_list() for column in answers.columns})
    model = getattr(aggregation, name)
    assert model().fit_predict(answers).to_dict() == model().fit_predict(frame).to_dict()
    with pytest.raises(KeyError, match="worker"):
        model().fit_predict(frame.drop("worker"))


def test_polars_for_other_answers(answers: pd.DataFrame) -> None:
    polars = pytest.importorskip("polars")
    numbers = polars.DataFrame({"task": [1, 1, 1], "worker": ["a", "b", "c"], "label": [1.0, 2.0, 9.0]})
    assert Median().fit_predict(numbers).to_dict() == {1: pytest.approx(2.0)}
    frame = polars.DataFrame({column: answers[column].to_list() for column in answers.columns})
    assert metrics.data.alpha_krippendorff(frame) == metrics.data.alpha_krippendorff(answers)
    pairs = polars.DataFrame({"left": ["a", "a"], "right": ["b", "b"], "label": ["a", None]})
    assert BradleyTerry(500).fit_predict(pairs).round(3).to_dict() == {"a": 0.75, "b": 0.25}


@pytest.mark.parametrize("dtype", ["category", "string", "object"])
def test_types_of_columns(dtype: str, answers: pd.DataFrame) -> None:
    expected = DawidSkene(5).fit_predict(answers)
    found = DawidSkene(5).fit_predict(answers.astype(dtype))
    assert expected.to_dict() == found.to_dict()


def test_labels_keep_their_type() -> None:
    for kind, dtype in (("int", np.integer), ("bool", np.bool_)):
        labels = DawidSkene(3).fit_predict(crowd(1, kind=kind, classes=2))
        assert np.issubdtype(labels.dtype, dtype)
    mixed = pd.DataFrame([["t", "w", 1], ["t", "v", "1"], ["t", "u", 1]], columns=["task", "worker", "label"])
    assert MajorityVote().fit_predict(mixed).to_dict() == {"t": 1}


def test_a_missing_label_is_no_judgment(answers: pd.DataFrame) -> None:
    extra = pd.DataFrame([["t0", "w0", None], ["new", "w0", np.nan]], columns=["task", "worker", "label"])
    both = pd.concat([answers, extra], ignore_index=True)
    assert MajorityVote().fit_predict(answers).to_dict() == MajorityVote().fit_predict(both).to_dict()


def test_errors_name_the_row() -> None:
    rows = [["t1", "w1", "a"], ["t2", None, "a"]]
    with pytest.raises(ValueError, match="row 1: worker is missing"):
        DawidSkene().fit(pd.DataFrame(rows, columns=["task", "worker", "label"]))
    numbers = pd.DataFrame([["t1", "w1", 1.0], ["t1", "w2", np.inf]], columns=["task", "worker", "label"])
    with pytest.raises(ValueError, match="row 1: value is inf"):
        Median().fit(numbers)
    pairs = pd.DataFrame([["a", "b", "a"], ["a", "b", "c"]], columns=["left", "right", "label"])
    with pytest.raises(ValueError, match="row 1: label 'c' is neither left nor right"):
        BradleyTerry(10).fit(pairs)
    vectors = [["t", "w1", np.ones(2)], ["t", "w2", np.ones(3)]]
    with pytest.raises(ValueError, match=r"row 1: embedding has shape \(3,\), expected \(2,\)"):
        RASA().fit(pd.DataFrame(vectors, columns=["task", "worker", "embedding"]))


def test_wrong_parameters_and_input() -> None:
    with pytest.raises(ValueError, match="tolerance"):
        OrdinalWorkers(tol=-1).fit(crowd(0))
    with pytest.raises(TypeError, match="data frame"):
        DawidSkene().fit([("t", "w", "a")])  # type: ignore[arg-type]
    with pytest.raises(KeyError):
        DawidSkene().fit(pd.DataFrame({"task": ["t"], "worker": ["w"]}))
    with pytest.raises(ValueError, match="binary classification only"):
        KOS().fit(crowd(0))
    with pytest.raises(aggregation.base.NotFittedError):
        Wawa().predict(crowd(0))
    with pytest.raises(ValueError, match="no workers with known skills"):
        MajorityVote(on_missing_skill="ignore").fit_predict(crowd(0), pd.Series([], dtype=float))


def test_gold_unknown_to_the_labels(answers: pd.DataFrame) -> None:
    gold = pd.Series({"t0": "unicorn", "elsewhere": "cat"})
    model = DawidSkene(5).fit(answers, gold)
    assert model.labels_["t0"] == "unicorn" and model.probas_.loc["t0", "unicorn"] == 1.0
    assert Auto().fit(answers, pd.Series({"t0": "cat"})).labels_["t0"] == "cat"


def test_several_true_labels_of_a_task() -> None:
    rows = [["t1", "w1", "a"], ["t1", "w2", "b"], ["t1", "w3", "c"]]
    data = pd.DataFrame(rows, columns=["task", "worker", "label"])
    model = GoldMajorityVote().fit(data, pd.Series(["a", "b"], index=["t1", "t1"]))
    assert model.skills_.to_dict() == {"w1": 1.0, "w2": 1.0, "w3": 0.0}


def test_the_interpreter_is_free_while_it_computes() -> None:
    data = crowd(0, tasks=20_000, workers=200)
    judgments = Coded.of(data).judgments()
    done, ticks = threading.Event(), 0

    def compute() -> None:
        _native.fit(judgments, "dawid-skene", iterations=300, tolerance=0.0)
        done.set()

    thread = threading.Thread(target=compute)
    thread.start()
    while not done.wait(0.001):
        ticks += 1
    thread.join()
    assert ticks > 20


def test_same_input_same_output(answers: pd.DataFrame) -> None:
    for name in CATEGORICAL:
        one, other = getattr(aggregation, name)().fit(answers), getattr(aggregation, name)().fit(answers)
        for model in (one, other):
            if not hasattr(model, "labels_"):
                model.predict(answers)
        assert_series_equal(one.labels_, other.labels_)
