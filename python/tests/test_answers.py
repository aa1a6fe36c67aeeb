"""Numbers, scales, pairs, texts, pictures, spans: what crowd-kit does not have."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crowdsmith.aggregation import (
    LFCN,
    MACE,
    Auto,
    BayesianSequences,
    BoxConsensus,
    BradleyTerry,
    CrowdBradleyTerry,
    DawidSkene,
    GaussianWorkers,
    HMMCrowd,
    Mean,
    NoisyBradleyTerry,
    NumericCATD,
    OrdinalWorkers,
    PlackettLuce,
    SegmentationSTAPLE,
    SequenceRASA,
    TextMedoid,
    TrimmedMean,
)
from crowdsmith.metrics.data import (
    crowd_truth,
    evaluate_probabilities,
    fleiss_kappa,
    gwet_ac,
    judgments_needed,
    krippendorff_alpha,
    span_agreement,
    span_f1,
    uncertainty,
)
from crowdsmith.metrics.workers import spammer_scores


@pytest.fixture
def measurements() -> tuple[pd.DataFrame, pd.Series]:
    random = np.random.RandomState(1)
    truth = pd.Series(random.normal(50, 10, 80), index=[f"t{task}" for task in range(80)])
    noise = {"w1": 0.5, "w2": 1.0, "w3": 5.0, "w4": 12.0}
    rows = [
        (task, w, value + (6 if w == "w1" else 0) + s * random.randn())
        for task, value in truth.items()
        for w, s in noise.items()
    ]
    return pd.DataFrame(rows, columns=["task", "worker", "label"]), truth


def test_numbers(measurements: tuple[pd.DataFrame, pd.Series]) -> None:
    data, truth = measurements
    error = {}
    for model in (Mean(), TrimmedMean(0.25), LFCN(), NumericCATD(), GaussianWorkers()):
        values = model.fit_predict(data).reindex(truth.index)
        error[type(model).__name__] = float(((values - values.mean()) - (truth - truth.mean())).abs().mean())
    assert min(error, key=error.get) == "GaussianWorkers", error
    model = GaussianWorkers().fit(data)
    assert model.workers_["bias"].idxmax() == "w1" and model.workers_["variance"].idxmax() == "w4"
    assert (model.deviations_ > 0).all()


def test_known_numbers(measurements: tuple[pd.DataFrame, pd.Series]) -> None:
    data, truth = measurements
    shifted = data.assign(label=data["label"] + 20)
    known = pd.concat([truth.iloc[:25], pd.Series({"nowhere": 1.0, "t30": float("nan")})])
    rest = truth.index[25:]
    assert (GaussianWorkers().fit_predict(shifted)[rest] - truth[rest]).abs().mean() > 15
    model = GaussianWorkers().fit(shifted, known)
    assert (model.values_[rest] - truth[rest]).abs().mean() < 2
    assert abs(model.workers_["bias"]["w1"] - 26) < 1.5
    for model in (Mean(), LFCN(), NumericCATD(), GaussianWorkers()):
        model.fit(shifted, true_labels=known)
        assert np.allclose(model.values_[truth.index[:25]], truth.iloc[:25])
        assert (model.deviations_[truth.index[:25]] == 0).all() and (model.deviations_[rest] > 0).all()
    with pytest.raises(ValueError, match="gold value is inf"):
        Mean().fit(data, pd.Series({"t0": float("inf")}))


def test_scales() -> None:
    random = np.random.RandomState(2)
    truth = random.randint(1, 6, 150)
    widths = {"w1": 0.3, "w2": 0.4, "w3": 1.5, "w4": 2.5}
    rows = [
        (task, w, int(np.clip(round(value + s * random.randn()), 1, 5)))
        for task, value in enumerate(truth)
        for w, s in widths.items()
    ]
    model = OrdinalWorkers().fit(pd.DataFrame(rows, columns=["task", "worker", "label"]))
    assert np.abs(model.expectations_ - truth).mean() < 0.15
    assert model.skills_["w1"] > model.skills_["w3"] > model.skills_["w4"]


def test_ties_pull_together() -> None:
    rows = [["a", "b", "a"]] * 6 + [["a", "b", "b"]] * 2
    columns = ["left", "right", "label"]
    decided = BradleyTerry(500, 0).fit_predict(pd.DataFrame(rows, columns=columns))
    tied = pd.DataFrame(rows + [["a", "b", None]] * 8, columns=columns)
    assert decided["a"] > BradleyTerry(500, 0).fit_predict(tied)["a"] > 0.5
    davidson = BradleyTerry(2000, 1e-12, davidson=True).fit(tied)
    assert davidson.scores_["a"] == pytest.approx(0.75, abs=0.05) and davidson.tie_ > 1


def test_workers_who_lie_or_do_not_look(comparisons: pd.DataFrame) -> None:
    honest = BradleyTerry(1000).fit_predict(comparisons)
    sides = comparisons[["left", "right"]].to_numpy()
    order = honest[sides[:, 0]].to_numpy() > honest[sides[:, 1]].to_numpy()
    liar = comparisons.assign(worker="liar", label=np.where(order, sides[:, 1], sides[:, 0]))
    lazy = comparisons.assign(worker="lazy", label=sides[:, 0])
    data = pd.concat([comparisons, liar[:80], lazy])
    crowd = CrowdBradleyTerry().fit(data)
    assert crowd.skills_.idxmin() == "liar"
    noisy = NoisyBradleyTerry(500).fit(data)
    assert noisy.biases_.idxmax() == "lazy" and (noisy.scores_ > 0).all() and (noisy.scores_ < 1).all()


def test_rankings() -> None:
    orders = ["abcd", "abdc", "bacd", "abcd"]
    rows = [(ranking, item, place) for ranking, order in enumerate(orders) for place, item in enumerate(order)]
    scores = PlackettLuce(prior=0.1).fit_predict(pd.DataFrame(rows, columns=["ranking", "item", "place"]))
    assert scores.sort_values(ascending=False).index.to_list() == list("abcd")
    assert scores.sum() == pytest.approx(1)


def test_texts_are_chosen_among_those_given(texts: pd.DataFrame) -> None:
    for model in (TextMedoid(), SequenceRASA()):
        chosen = model.fit_predict(texts)
        given = texts.groupby("task")["text"].agg(set)
        assert all(chosen[task] in given[task] for task in given.index)
    assert (SequenceRASA().fit(texts).skills_ > 0).all()


def test_masks_by_staple(masks: pd.DataFrame) -> None:
    truth = np.zeros((9, 11), dtype=bool)
    truth[2:7, 3:8] = True
    model = SegmentationSTAPLE().fit(masks)
    wrong = np.mean([np.mean(mask != truth) for mask in model.segmentations_])
    assert wrong < 0.05 and model.specificities_[0] > model.specificities_[4]


def test_boxes_with_labels_and_empty_pictures() -> None:
    rows = [
        ("p1", "w1", 0, 0, 10, 10, "car"),
        ("p1", "w2", 1, 0, 10, 10, "car"),
        ("p1", "w3", 0, 1, 10, 10, "van"),
        ("p1", "w3", 70, 70, 9, 9, "van"),
        ("p2", "w1", None, None, None, None, None),
        ("p2", "w2", None, None, None, None, None),
    ]
    names = ["task", "worker", "left", "top", "width", "height", "label"]
    model = BoxConsensus().fit(pd.DataFrame(rows, columns=names))
    assert model.objects_["drawings"].to_list() == [3, 1] and model.objects_["label"].to_list() == ["car", "van"]
    assert model.objects_["label_share"].iloc[0] == pytest.approx(2 / 3, abs=0.05)
    assert model.objects_["probability"].iloc[0] > 0.8 > model.objects_["probability"].iloc[1]
    assert set(model.workers_.index) == {"w1", "w2", "w3"}


def test_spans() -> None:
    good, short = ["O", "B-X", "I-X", "O"], ["O", "B-X", "O", "O"]
    rows = [(f"d{d}", w, good) for d in range(10) for w in ("w1", "w2")] + [(f"d{d}", "w3", short) for d in range(10)]
    data = pd.DataFrame(rows, columns=["task", "worker", "label"])
    truth = pd.Series({f"d{d}": good for d in range(10)})
    for model in (HMMCrowd(), BayesianSequences()):
        found = model.fit_predict(data)
        assert span_f1(truth, found) == (1.0, 1.0, 1.0)
        assert model.probas_.loc[("d0", 2), "I-X"] > 0.9
    assert span_agreement(data) == pytest.approx(1 / 3)
    with pytest.raises(ValueError, match="row 1: 3 tags, another worker gave 4"):
        HMMCrowd().fit(pd.DataFrame([("d", "a", good), ("d", "b", good[:3])], columns=data.columns))


def test_agreement_of_the_published_example() -> None:
    table = ["1111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", " 555", "  11", " 3  "]
    table[0] = "11 1"
    rows = [(u, w, int(v)) for u, line in enumerate(table) for w, v in enumerate(line) if v != " "]
    data = pd.DataFrame(rows, columns=["task", "worker", "label"])
    published = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}
    for level, value in published.items():
        assert krippendorff_alpha(data, level)[0] == pytest.approx(value, abs=6e-4)
    alpha, (low, high) = krippendorff_alpha(data, "interval", resamples=200)
    assert low < alpha < high
    assert gwet_ac(data) == pytest.approx(0.77544, abs=1e-5) and fleiss_kappa(data) == pytest.approx(0.76117, abs=1e-5)


def test_crowd_truth_with_several_labels() -> None:
    rows = [("u1", "a", ["x", "y"]), ("u1", "b", ["x"]), ("u2", "a", ["z"]), ("u2", "b", ["z"])]
    scores = crowd_truth(pd.DataFrame(rows, columns=["task", "worker", "label"]))
    assert scores.labels["z"] > scores.labels["y"] and scores.support.loc["u1", "x"] == pytest.approx(1)


def test_uncertainty_asks_for_every_skill(answers: pd.DataFrame) -> None:
    with pytest.raises(AssertionError, match="Did not provide skills"):
        uncertainty(answers, pd.Series({"w1": 1.0}))
    with pytest.raises(KeyError):
        uncertainty(answers, compute_by="nothing")


def test_mace_with_aligned_tables_does_not_depend_on_names(answers: pd.DataFrame) -> None:
    renamed = answers.assign(worker=answers["worker"].map(lambda name: f"x{100 - int(name[1:])}"))
    one, other = (MACE(aligned=True).fit(data).probas_ for data in (answers, renamed))
    np.testing.assert_allclose(one.to_numpy(), other.to_numpy())


def test_scores_of_probabilities(answers: pd.DataFrame) -> None:
    model = Auto().fit(answers)
    truth = DawidSkene().fit_predict(answers)
    scores = evaluate_probabilities(model.probas_, truth)
    assert scores.tasks == 60 and 0.9 < scores.accuracy <= 1 and 0 <= scores.ece < 0.5
    assert scores.curve["tasks"].sum() == 60 and 0 <= scores.brier <= 2
    unknown = evaluate_probabilities(model.probas_, pd.Series({"t0": "unicorn", "nowhere": "cat"}))
    assert unknown.tasks == 1 and unknown.accuracy == 0
    assert ((model.accuracies_["low"] < model.accuracies_["mean"]) & (model.accuracies_["high"] <= 1)).all()
    needed = judgments_needed(model.probas_, answers, target=0.999)
    sure = model.probas_.max(axis=1)
    assert needed[sure.idxmin()] > needed[sure.idxmax()] >= 0


def test_spammers_score_low(answers: pd.DataFrame) -> None:
    spam = pd.DataFrame({"task": answers["task"].unique(), "worker": "spam", "label": "cat"})
    scores = spammer_scores(DawidSkene().fit(pd.concat([answers, spam], ignore_index=True)).errors_)
    assert scores.idxmin() == "spam" and scores["spam"] < 0.01 and (scores <= 1).all()
