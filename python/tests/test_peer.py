"""The same numbers as crowd-kit, which the first environment has installed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from conftest import crowd, encode
from pandas.testing import assert_frame_equal, assert_series_equal

peer = pytest.importorskip("crowdkit.aggregation", reason="crowd-kit is not installed")
peer_metrics = pytest.importorskip("crowdkit.metrics.data")

from crowdsmith import aggregation as ours  # noqa: E402
from crowdsmith.metrics import data as metrics  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore")

CROWDS = [("text", 3), ("int", 4), ("bool", 2), ("text", 2)]
# crowd-kit itself fails where labels are booleans, because it indexes by them.
NOT_BOOLEAN = [crowd for crowd in CROWDS if crowd[0] != "bool"]
each_crowd = pytest.mark.parametrize("kind, classes", CROWDS)
each_but_boolean = pytest.mark.parametrize("kind, classes", NOT_BOOLEAN)


def answers_of(kind: str, classes: int) -> pd.DataFrame:
    return crowd(classes, kind=kind, classes=classes)


@each_crowd
def test_majority_vote(kind: str, classes: int) -> None:
    data = answers_of(kind, classes)
    theirs, mine = peer.MajorityVote().fit(data.copy()), ours.MajorityVote().fit(data)
    assert_series_equal(theirs.labels_, mine.labels_)
    assert_series_equal(theirs.skills_, mine.skills_)
    assert_frame_equal(theirs.probas_, mine.probas_)
    assert_series_equal(
        peer.MajorityVote().fit_predict(data.copy(), theirs.skills_),
        ours.MajorityVote().fit_predict(data, mine.skills_),
    )


@each_crowd
@pytest.mark.parametrize("name", ["Wawa", "ZeroBasedSkill", "MMSR"])
def test_learned_weights(name: str, kind: str, classes: int) -> None:
    data = answers_of(kind, classes)
    theirs, mine = getattr(peer, name)(), getattr(ours, name)()
    assert_series_equal(theirs.fit_predict(data.copy()), mine.fit_predict(data))
    assert_series_equal(theirs.skills_.sort_index(), mine.skills_.sort_index(), rtol=1e-5)
    table = "scores_" if name == "MMSR" else "probas_"
    assert_frame_equal(getattr(theirs, table), getattr(mine, table), rtol=1e-5)


@pytest.mark.parametrize("seed", range(8))
def test_signs_of_m_msr_where_few_workers_meet(seed: int) -> None:
    data = crowd(seed, tasks=14, workers=9, overlap=3)
    theirs, mine = peer.MMSR().fit(data.copy()), ours.MMSR().fit(data)
    assert_series_equal(theirs.skills_.sort_index(), mine.skills_.sort_index(), rtol=1e-5)
    assert (ours.MMSR(pairs="sharing").fit(data).skills_ > mine.skills_ + 0.1).any()


@each_crowd
def test_gold_majority_vote(kind: str, classes: int) -> None:
    data = answers_of(kind, classes)
    gold = peer.MajorityVote().fit_predict(data.copy()).iloc[:40].rename(None)
    theirs, mine = peer.GoldMajorityVote(), ours.GoldMajorityVote()
    assert_series_equal(theirs.fit_predict(data.copy(), gold), mine.fit_predict(data, gold))
    assert_series_equal(theirs.skills_, mine.skills_)
    assert_frame_equal(theirs.probas_, mine.probas_)


@each_crowd
@pytest.mark.parametrize("name", ["DawidSkene", "OneCoinDawidSkene"])
@pytest.mark.parametrize("n_iter, tol", [(0, 1e-5), (1, 1e-5), (3, 0), (50, 1e-5)])
def test_dawid_skene(name: str, n_iter: int, tol: float, kind: str, classes: int) -> None:
    data = answers_of(kind, classes)
    theirs, mine = getattr(peer, name)(n_iter, tol).fit(data.copy()), getattr(ours, name)(n_iter, tol).fit(data)
    assert_series_equal(theirs.labels_, mine.labels_)
    assert_series_equal(theirs.priors_, mine.priors_, atol=1e-5)
    assert_frame_equal(theirs.probas_, mine.probas_, atol=1e-4, check_like=True)
    same = {"check_like": True, "check_column_type": False, "check_names": name == "DawidSkene"}
    assert_frame_equal(theirs.errors_, mine.errors_, atol=1e-4, **same)
    np.testing.assert_allclose(theirs.loss_history_, mine.loss_history_, atol=1e-4)


@each_crowd
def test_dawid_skene_with_gold(kind: str, classes: int) -> None:
    data = answers_of(kind, classes)
    gold = peer.MajorityVote().fit_predict(data.copy()).iloc[:10].rename(None)
    theirs, mine = peer.DawidSkene(10).fit(data.copy(), gold), ours.DawidSkene(10).fit(data, gold)
    assert_frame_equal(theirs.probas_, mine.probas_, atol=1e-4, check_like=True)
    assert_series_equal(theirs.labels_, mine.labels_)


@pytest.mark.parametrize("strategy", ["assign", "addition"])
def test_dawid_skene_with_known_errors(strategy: str, answers: pd.DataFrame) -> None:
    known = peer.DawidSkene(3).fit(answers.copy()).errors_
    if strategy == "addition":
        known = (20 * known).iloc[:15]
    theirs = peer.DawidSkene(2, 0, strategy).fit(answers.copy(), initial_error=known.copy())
    mine = ours.DawidSkene(2, 0, strategy).fit(answers, initial_error=known)
    assert_frame_equal(theirs.probas_, mine.probas_, atol=1e-3, check_like=True)


@each_but_boolean
def test_glad(kind: str, classes: int) -> None:
    data = answers_of(kind, classes)
    theirs, mine = peer.GLAD().fit(data.copy()), ours.GLAD().fit(data)
    assert_series_equal(theirs.labels_, mine.labels_)
    # The optimisers differ, both stop early.
    np.testing.assert_allclose(theirs.probas_.to_numpy(), mine.probas_.to_numpy(), atol=5e-3)
    np.testing.assert_allclose(theirs.alphas_, mine.alphas_.reindex(theirs.alphas_.index), atol=2e-2)
    np.testing.assert_allclose(theirs.betas_, mine.betas_.reindex(theirs.betas_.index), atol=2e-2)


def test_glad_steps(answers: pd.DataFrame) -> None:
    theirs, mine = peer.GLAD(), ours.GLAD()
    gradients = []
    for model in (theirs, mine):
        model._init(answers.copy())
        table = model._join_all(answers.copy(), model.alphas_, model.betas_, model.priors_)
        gradients.append(model._gradient_Q(model._e_step(table)))
    assert_frame_equal(theirs.probas_, mine.probas_, check_names=False, check_like=True)
    for one, other in zip(*gradients):
        np.testing.assert_allclose(one.sort_index(), other.sort_index(), atol=1e-9)


@each_crowd
@pytest.mark.parametrize("method", ["vb", "em"])
def test_mace(method: str, kind: str, classes: int) -> None:
    data = answers_of(kind, classes)
    theirs, mine = peer.MACE(2, 8, method).fit(data.copy()), ours.MACE(2, 8, method).fit(data)
    np.testing.assert_allclose(theirs.thetas_, mine.thetas_, atol=1e-6)
    np.testing.assert_allclose(theirs.spamming_, mine.spamming_, atol=1e-6)
    assert_frame_equal(theirs.probas_, mine.probas_, check_like=True, atol=1e-6)
    assert_series_equal(theirs.labels_, mine.labels_)


@pytest.mark.parametrize("kind", ["text", "bool", "int"])
def test_kos(kind: str) -> None:
    data = answers_of(kind, 2)
    assert_series_equal(peer.KOS(10).fit_predict(data.copy()), ours.KOS(10).fit_predict(data))


@pytest.mark.parametrize("name", ["MajorityVote", "DawidSkene", "Wawa"])
def test_binary_relevance(name: str) -> None:
    random = np.random.RandomState(0)
    some = [list(random.choice(list("abcd"), random.randint(1, 4), replace=False)) for _ in range(60)]
    rows = [(f"t{place // 4}", f"w{place % 4}", labels) for place, labels in enumerate(some)]
    data = pd.DataFrame(rows, columns=["task", "worker", "label"])
    theirs = peer.BinaryRelevance(getattr(peer, name)()).fit_predict(data.copy())
    mine = ours.BinaryRelevance(getattr(ours, name)()).fit_predict(data)
    assert_series_equal(theirs.sort_index(), mine.sort_index())


@pytest.mark.parametrize("n_iter", [0, 1, 5, 200])
def test_bradley_terry(n_iter: int, comparisons: pd.DataFrame) -> None:
    # With a tolerance above 0 crowd-kit stops after two iterations, because it compares the scores with themselves.
    theirs, mine = peer.BradleyTerry(n_iter, 0), ours.BradleyTerry(n_iter, 0)
    assert_series_equal(theirs.fit_predict(comparisons), mine.fit_predict(comparisons))


def test_noisy_bradley_terry_ranks_alike(comparisons: pd.DataFrame) -> None:
    theirs = peer.NoisyBradleyTerry().fit_predict(comparisons)
    mine = ours.NoisyBradleyTerry().fit_predict(comparisons)
    assert theirs.corr(mine, method="spearman") > 0.9


def test_rover(texts: pd.DataFrame) -> None:
    split = lambda text: text.split(" ")  # noqa: E731
    assert_series_equal(peer.ROVER(split, " ".join).fit_predict(texts), ours.ROVER(split, " ".join).fit_predict(texts))


def test_text_rasa(texts: pd.DataFrame) -> None:
    theirs, mine = peer.TextRASA(encode), ours.TextRASA(encode)
    assert_series_equal(theirs.fit_predict(texts, None), mine.fit_predict(texts, None))
    np.testing.assert_allclose(theirs.skills_.sort_index(), mine.skills_.sort_index(), rtol=1e-6)
    np.testing.assert_allclose(theirs.prior_skills_.sort_index(), mine.prior_skills_.sort_index(), rtol=1e-6)
    assert_frame_equal(theirs.scores_[["output", "score"]], mine.scores_[["output", "score"]], atol=1e-9)


def test_text_hrrasa(texts: pd.DataFrame) -> None:
    def overlap(left: str, right: str) -> float:
        a, b = set(left.split()), set(right.split())
        return len(a & b) / len(a | b)

    theirs, mine = (module.TextHRRASA(encode, output_similarity=overlap) for module in (peer, ours))
    one, other = theirs.fit_predict(texts, None), mine.fit_predict(texts, None)
    assert_series_equal(one.sort_index(), other.sort_index())
    known = theirs.skills_.dropna()
    np.testing.assert_allclose(known, mine.skills_.reindex(known.index), rtol=1e-5)


@pytest.mark.parametrize("name", ["RASA", "HRRASA"])
def test_known_embeddings(name: str, texts: pd.DataFrame) -> None:
    data = texts.rename(columns={"text": "output"})
    data["embedding"] = [encode(text) for text in data["output"]]
    truth = data.drop_duplicates("task").set_index("task")["embedding"].iloc[:8]
    theirs = getattr(peer, name)().fit_predict(data, truth.copy())
    mine = getattr(ours, name)().fit_predict(data, truth.copy())
    if name == "RASA":
        assert_frame_equal(theirs, mine)
    else:
        # The default similarity of crowd-kit compares words with letters; known tasks do not depend on it.
        assert_frame_equal(theirs.loc[truth.index], mine.loc[truth.index])


def test_closest_to_average(texts: pd.DataFrame) -> None:
    data = texts.rename(columns={"text": "output"})
    data["embedding"] = [encode(text) for text in data["output"]]
    far = lambda a, b: float(np.linalg.norm(a - b))  # noqa: E731
    assert_frame_equal(peer.ClosestToAverage(far).fit_predict(data), ours.ClosestToAverage(far).fit_predict(data))


@pytest.mark.parametrize("name", ["SegmentationMajorityVote", "SegmentationEM", "SegmentationRASA"])
def test_masks(name: str, masks: pd.DataFrame) -> None:
    theirs, mine = getattr(peer, name)().fit(masks.copy()), getattr(ours, name)().fit(masks)
    assert_series_equal(theirs.segmentations_, mine.segmentations_)
    if name == "SegmentationEM":
        np.testing.assert_allclose(theirs.loss_history_, mine.loss_history_)


def test_masks_with_skills(masks: pd.DataFrame) -> None:
    skills = pd.Series({f"w{worker}": 1 / (worker + 1) for worker in range(5)})
    theirs = peer.SegmentationMajorityVote().fit_predict(masks.copy(), skills)
    assert_series_equal(theirs, ours.SegmentationMajorityVote().fit_predict(masks, skills))


@each_but_boolean
def test_consistency_and_uncertainty(kind: str, classes: int) -> None:
    data = answers_of(kind, classes)
    assert peer_metrics.consistency(data.copy()) == pytest.approx(metrics.consistency(data), rel=1e-12)
    assert_series_equal(peer_metrics.consistency(data.copy(), by_task=True), metrics.consistency(data, by_task=True))
    for column in ("task", "worker"):
        theirs = peer_metrics.uncertainty(data.copy(), compute_by=column, aggregate=False)
        assert_series_equal(theirs, metrics.uncertainty(data, compute_by=column, aggregate=False))


@each_crowd
def test_alpha(kind: str, classes: int) -> None:
    from nltk.metrics.distance import masi_distance

    data = answers_of(kind, classes)
    assert peer_metrics.alpha_krippendorff(data) == pytest.approx(metrics.alpha_krippendorff(data), rel=1e-12)
    sets = data.assign(label=[frozenset([label, label if row % 3 else None]) for row, label in enumerate(data.label)])
    theirs = peer_metrics.alpha_krippendorff(sets, masi_distance)
    assert theirs == pytest.approx(metrics.alpha_krippendorff(sets, masi_distance), rel=1e-12)


def test_entropy_threshold(answers: pd.DataFrame) -> None:
    from crowdkit.postprocessing import entropy_threshold as theirs

    from crowdsmith.postprocessing import entropy_threshold as mine

    assert_frame_equal(theirs(answers.copy(), percentile=30), mine(answers, percentile=30))


def test_helpers(answers: pd.DataFrame) -> None:
    from crowdkit.aggregation import utils as theirs

    from crowdsmith.aggregation import utils as mine

    weighted = answers.assign(weight=np.arange(len(answers)) % 3 + 1)
    truth = peer.MajorityVote().fit_predict(answers.copy()).rename(None)
    for by in (None, "worker", "task", "true_label"):
        one, other = theirs.get_accuracy(weighted.copy(), truth, by=by), mine.get_accuracy(weighted, truth, by=by)
        np.testing.assert_allclose(one, other)
        assert by is None or list(one.index) == list(other.index) and one.index.name == other.index.name
