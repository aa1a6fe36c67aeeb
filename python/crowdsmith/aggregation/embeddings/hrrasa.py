"""HRRASA on embeddings and outputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ... import _native
from ..._frames import to_frame
from ..base import BaseClassificationAggregator
from ._points import Points, chosen, refuse_repeated
from .rasa import prior_skills

__all__ = ["HRRASA", "glue_similarity"]


def glue_similarity(hyp: str, ref: str) -> float:
    """Google-BLEU similarity of two texts by their words: the smaller of precision and recall over n-grams of 1 to 4.

    Wu et al.: Google's Neural Machine Translation System, 2016. <https://doi.org/10.48550/arXiv.1609.08144>

    >>> glue_similarity("the cat sat", "the cat")
    0.5
    """
    return _native.gleu(hyp.split(), ref.split())


@dataclass
class HRRASA(BaseClassificationAggregator):
    r"""Hybrid reliability and representation aware sequence aggregation.

    As `RASA`, and every answer has a local reliability on its own task, $\gamma_i^k = \lambda_{emb} \gamma_{i,emb}^k +
    \lambda_{out} \gamma_{i,out}^k$: the mean over the others of $\exp\left(-\frac{\|e_i^k - e_i^{k'}\|^2}{\|e_i^k\|^2
    \|e_i^{k'}\|^2}\right)$ and of the similarity of the outputs. It multiplies the worker's reliability, whose
    distances are divided by it. A task with one answer has that answer.

    J. Li: Crowdsourced Text Sequence Aggregation based on Hybrid Reliability and Representation. SIGIR 2020.
    <https://doi.org/10.1145/3397271.3401239>

    Args:
        n_iter: Most iterations.
        tol: Stop when the aggregates' relative squared change is less than this.
        lambda_emb: Weight of the embeddings in the local reliability.
        lambda_out: Weight of the outputs in the local reliability.
        alpha: Significance of the chi-squared quantile.
        calculate_ranks: Whether `ranks_` is computed.
        output_similarity: Similarity of two outputs; by default `glue_similarity`, computed natively.

    >>> data = pd.DataFrame(
    ...     [["t1", "w1", "a", np.array([1.0, 0.0])], ["t1", "w2", "a", np.array([1.0, 0.0])],
    ...      ["t1", "w3", "b", np.array([0.0, 1.0])]],
    ...     columns=["task", "worker", "output", "embedding"],
    ... )
    >>> HRRASA().fit_predict(data)["output"]["t1"]
    'a'
    """

    n_iter: int = 100
    tol: float = 1e-9
    lambda_emb: float = 0.5
    lambda_out: float = 0.5
    alpha: float = 0.05
    calculate_ranks: bool = False
    output_similarity: Callable[[Any, Any], float] = field(default=glue_similarity)

    def fit(self, data: pd.DataFrame, true_embeddings: pd.Series[Any] | None = None) -> HRRASA:  # type: ignore[override]
        """Fits the model to `task`, `worker`, `output`, `embedding`.

        Args:
            data: Outputs and their embeddings.
            true_embeddings: Known embeddings, indexed by task; missing ones count as unknown.

        Sets `skills_` and `prior_skills_` by worker, `weights_` by task and worker, `aggregated_embeddings_` by task,
        `loss_history_`, and `ranks_` if asked for.
        """
        refuse_repeated(true_embeddings)
        data = to_frame(data, ["task", "worker", "output", "embedding"])
        points = Points.of(data)
        native = points.native(true_embeddings)
        outputs = self._similarities(points, native, list(data["output"]))
        fit, local = _native.hrrasa(
            native,
            outputs,
            iterations=self.n_iter,
            tolerance=self.tol,
            significance=self.alpha,
            embedding_weight=self.lambda_emb,
            output_weight=self.lambda_out,
        )
        self.skills_ = pd.Series(fit["skills"], index=points.workers.rename("worker"), name="skill")
        self.prior_skills_ = prior_skills(points, self.alpha)
        self.weights_ = data[["task", "worker"]].assign(weight=fit["weights"]).set_index(["task", "worker"])
        self.aggregated_embeddings_ = points.aggregated(fit["aggregated"])
        self.loss_history_ = fit["loss"]
        self._distances = fit["distances"]
        if self.calculate_ranks:
            self.ranks_ = _ranks(data, points, fit, np.array(local))
        return self

    def _similarities(self, points: Points, native: dict[str, Any], outputs: list[Any]) -> npt.NDArray[np.float64]:
        """The mean similarity of each output to those of other workers on its task."""
        if self.output_similarity is glue_similarity:
            return np.array(_native.gleu_reliability(native, [str(output).split() for output in outputs]))
        sums = np.zeros(len(outputs))
        by_task = np.argsort(points.task, kind="stable")
        for rows in np.split(by_task, np.flatnonzero(np.diff(points.task[by_task])) + 1):
            for row in rows:
                others = (other for other in rows if points.worker[other] != points.worker[row])
                sums[row] = sum(self.output_similarity(outputs[row], outputs[other]) for other in others)
            sums[rows] /= max(len(rows) - 1, 1)
        return sums

    def _apply(self, data: pd.DataFrame) -> HRRASA:
        data = to_frame(data, ["task", "worker", "output", "embedding"])
        self.scores_, self.embeddings_and_outputs_ = chosen(data, self._distances)
        return self

    def fit_predict_scores(self, data: pd.DataFrame, true_embeddings: pd.Series[Any] | None = None) -> pd.DataFrame:
        """Fits the model and returns the cosine distances of all outputs, `scores_`."""
        return self.fit(data, true_embeddings)._apply(data).scores_

    def fit_predict(self, data: pd.DataFrame, true_embeddings: pd.Series[Any] | None = None) -> pd.DataFrame:  # type: ignore[override]
        """Fits the model and returns `embeddings_and_outputs_`."""
        return self.fit(data, true_embeddings)._apply(data).embeddings_and_outputs_


def _ranks(data: pd.DataFrame, points: Points, fit: dict[str, Any], local: npt.NDArray[np.float64]) -> pd.DataFrame:
    r"""$\beta_k \exp(-\|e - \hat e\|^2 / (\|e\|^2 \|\hat e\|^2)) + \gamma$ of every answer."""
    centers = fit["aggregated"][points.task]
    distance = ((points.values - centers) ** 2).sum(axis=1)
    norms = (points.values**2).sum(axis=1) * (centers**2).sum(axis=1)
    near = np.exp(-np.divide(distance, norms, out=np.zeros_like(norms), where=norms > 0))
    rank = fit["skills"][points.worker] * near + np.maximum(local, 0.0)
    return data[["task", "output"]].assign(rank=rank)
