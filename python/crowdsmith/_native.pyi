"""Types of the native module; arrays are contiguous and of exactly these types."""

from typing import Any

import numpy as np
import numpy.typing as npt

_U16 = npt.NDArray[np.uint16]
_U32 = npt.NDArray[np.uint32]
_F64 = npt.NDArray[np.float64]
_Tags = tuple[int, int, _U16]

__version__: str

class Judgments:
    def __init__(
        self,
        tasks: int,
        workers: int,
        classes: int,
        task: _U32,
        worker: _U32,
        label: _U16,
        gold_task: _U32 | None = None,
        gold_label: _U16 | None = None,
    ) -> None: ...

def code_texts(columns: list[npt.NDArray[np.object_]]) -> list[tuple[_U32, _U32] | None]: ...
def text_order(names: npt.NDArray[np.object_]) -> _U32 | None: ...
def fit(judgments: Judgments, method: str, **options: Any) -> dict[str, Any]: ...
def agreement(judgments: Judgments, labels: _U16) -> _F64: ...
def weighted_votes(tasks: int, classes: int, task: _U32, label: _U16, weight: _F64 | None = None) -> _F64: ...
def glad_step(
    judgments: Judgments,
    class_prior: _F64,
    ability_prior: _F64,
    ease_prior: _F64,
    ability: _F64,
    ease: _F64,
    posterior: _F64 | None = None,
) -> dict[str, Any]: ...
def mace(judgments: Judgments, spamming: _F64, strategies: _F64, settings: dict[str, Any]) -> dict[str, Any]: ...
def bradley_terry(
    items: int, left: _U32, right: _U32, outcome: npt.NDArray[np.uint8], **options: Any
) -> dict[str, Any]: ...
def worker_bradley_terry(
    items: int,
    workers: int,
    worker: _U32,
    left: _U32,
    right: _U32,
    outcome: npt.NDArray[np.uint8],
    noisy: bool,
    **options: Any,
) -> dict[str, Any]: ...
def plackett_luce(
    items: int, rankings: int, ranking: _U32, item: _U32, place: _U32, **options: Any
) -> dict[str, Any]: ...
def rover(
    tasks: int,
    workers: int,
    task: _U32,
    worker: _U32,
    tokens: list[list[str]],
    weights: list[float] | None = None,
) -> list[list[str]]: ...
def medoid(
    tasks: int,
    workers: int,
    task: _U32,
    worker: _U32,
    tokens: list[list[str]],
    iterations: int = 100,
    significance: float | None = None,
) -> dict[str, Any]: ...
def rasa(points: dict[str, Any], **options: Any) -> dict[str, Any]: ...
def hrrasa(points: dict[str, Any], outputs: _F64, **options: Any) -> tuple[dict[str, Any], list[float]]: ...
def gleu(left: list[str], right: list[str]) -> float: ...
def gleu_reliability(points: dict[str, Any], tokens: list[list[str]]) -> list[float]: ...
def chi_squared_quantile(degrees: list[float], p: float) -> list[float]: ...
def masks(method: str, masks: npt.NDArray[np.bool_], **options: Any) -> dict[str, Any]: ...
def objects(kind: str, drawn: dict[str, Any], threshold: float, rounds: int) -> dict[str, Any]: ...
def numeric(
    method: str,
    tasks: int,
    workers: int,
    task: _U32,
    worker: _U32,
    value: _F64,
    gold_task: _U32,
    gold_value: _F64,
    **options: Any,
) -> dict[str, Any]: ...
def tag_sequences(
    names: list[str], workers: int, lengths: list[int], rows: list[_Tags], sequential: bool, **options: Any
) -> dict[str, Any]: ...
def span_f1(names: list[str], truth: list[list[int]], found: list[list[int]]) -> tuple[float, float, float]: ...
def span_agreement(names: list[str], workers: int, lengths: list[int], rows: list[_Tags]) -> tuple[float, int]: ...
def alpha(
    rated: dict[str, Any],
    level: str,
    distances: _F64 | None = None,
    resamples: int = 0,
    confidence: float = 0.95,
    seed: int = 0,
) -> tuple[float, tuple[float, float] | None]: ...
def cohen(rated: dict[str, Any], first: int, second: int, weight: str) -> tuple[float, float, float]: ...
def fleiss(rated: dict[str, Any], weight: str) -> tuple[float, float, float]: ...
def gwet(rated: dict[str, Any], weight: str) -> tuple[float, float, float]: ...
def consistency(judgments: Judgments, skills: _F64, labels: _U16) -> list[float]: ...
def uncertainty(judgments: Judgments, skills: _F64, group: _U32, groups: int) -> list[float]: ...
def crowd_truth(
    units: int,
    workers: int,
    annotations: int,
    unit: _U32,
    worker: _U32,
    annotation: _U32,
    iterations: int = 100,
    tolerance: float = 1e-4,
) -> dict[str, Any]: ...
def evaluation(probabilities: _F64, truth: _U32) -> dict[str, Any]: ...
def spammer_scores(confusions: _F64) -> list[float]: ...
def close_pairs(judgments: Judgments, common: int, excess: float) -> dict[str, Any]: ...
def judgments_needed(
    probabilities: _F64, judged: npt.NDArray[np.uint64], target: float, accuracy: float, dependence: float
) -> list[float]: ...
def beta_intervals(alpha: _F64, beta: _F64, level: float) -> list[tuple[float, float]]: ...
