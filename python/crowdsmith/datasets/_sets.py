"""Which data sets there are, and how their files become frames."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ._fetch import data_folder, fetch

_STORE = "https://tlk.s3.yandex.net/dataset/crowd-kit"
_HUB = "https://huggingface.co/datasets"
_COCO = f"{_HUB}/toloka/crowdkit-datasets/resolve"
_NETEASE = f"{_HUB}/liuhyuu/NetEaseCrowd/resolve/58cab8743581a2647dcc86590a5a2aaf5429fa8c/NetEaseCrowd"

Loaded = tuple[pd.DataFrame, "pd.Series[Any]"]


@dataclass(frozen=True)
class Set:
    """A data set: what it holds, where it comes from, how its folder is read."""

    description: str
    archive: str
    checksum: str
    read: Callable[[Path], Loaded]


def _table(folder: Path, name: str, **options: Any) -> pd.DataFrame:
    return pd.read_csv(folder / name, **options)


def _read_labels(folder: Path) -> Loaded:
    labels = _table(folder, "crowd_labels.csv").rename(columns={"performer": "worker"})
    return labels, _table(folder, "gt.csv").set_index("task")["label"].rename("true_label")


def _read_texts(folder: Path) -> Loaded:
    labels = _table(folder, "crowd_labels.csv").rename(columns={"output": "text", "performer": "worker"})
    return labels, _table(folder, "gt.csv").set_index("task")["output"].rename("true_label")


def _read_comparisons(folder: Path) -> Loaded:
    labels = _table(folder, "crowd_labels.csv").rename(columns={"performer": "worker"})
    for side in ("left", "right"):
        labels["label"] = labels["label"].where(labels["label"] != side, labels[side])
    return labels, _table(folder, "gt.csv").set_index("label")["score"].rename("true_label")


def _read_netease(folder: Path) -> Loaded:
    columns = {"workerId": "worker", "taskId": "task", "answer": "label"}
    labels = _table(folder, "crowd_labels.csv", usecols=list(columns)).rename(columns=columns)
    truth = _table(folder, "gt.csv").rename(columns=columns)
    return labels, truth.set_index("task")["truth"].rename("true_label")


def _read_masks(folder: Path) -> Loaded:
    with np.load(folder / "crowd_labels.npz") as masks:
        rows = [(int(task), worker, masks[f"{task}\t{worker}"]) for task, worker in (k.split("\t") for k in masks)]
    with np.load(folder / "gt.npz") as masks:
        known = {int(task): masks[task] for task in masks}
    truth = pd.Series(list(known.values()), index=pd.Index(list(known), name="task"), name="true_segmentation")
    return pd.DataFrame(rows, columns=["task", "worker", "segmentation"]), truth


def _stored(description: str, read: Callable[[Path], Loaded], name: str) -> Set:
    return Set(description, f"{_STORE}/{name}.zip", f"{_STORE}/{name}.md5", read)


def _speech(name: str) -> Set:
    part = name.removeprefix("crowdspeech-")
    return _stored(f"Transcripts of the LibriSpeech recordings {part} by crowd workers (CC BY 4.0).", _read_texts, name)


SETS: dict[str, Set] = {
    "relevance-2": _stored(
        "Relevance of documents to queries, yes or no: half a million labels, Yandex 2016.", _read_labels, "relevance-2"
    ),
    "relevance-5": _stored(
        "Relevance of documents to queries from 1 to 5: a million labels, Yandex 2016.", _read_labels, "relevance-5"
    ),
    "netease_crowd": Set(
        "Six million labels of a million tasks by 2,400 workers of NetEase's platform (CC BY-SA 4.0).",
        f"{_NETEASE}.zip",
        f"{_NETEASE}.md5",
        _read_netease,
    ),
    "mscoco": Set(
        "Masks of 2,000 images of MS COCO by nine workers each (CC BY 4.0).",
        f"{_COCO}/af2c00549cc026eaea80c18c54a686d98a58fd6e/mscoco.zip",
        f"{_COCO}/79d5468d12d233153c0fdcee0dd61b98980ff7a4/mscoco.md5",
        _read_masks,
    ),
    "mscoco_small": Set(
        "Masks of 100 images of MS COCO by nine workers each (CC BY 4.0).",
        f"{_COCO}/0e0cac7f51869d4b20d83842c578ca3d013af7b7/mscoco_small.zip",
        f"{_COCO}/bb48658b78db95845ff2a8d3db3e533a493ab819/mscoco_small.md5",
        _read_masks,
    ),
    "crowdspeech-dev-clean": _speech("crowdspeech-dev-clean"),
    "crowdspeech-test-clean": _speech("crowdspeech-test-clean"),
    "crowdspeech-dev-other": _speech("crowdspeech-dev-other"),
    "crowdspeech-test-other": _speech("crowdspeech-test-other"),
    "imdb-wiki-sbs": _stored(
        "Which of two faces of IMDB-WIKI is older: comparisons of 2,497 images of known age.",
        _read_comparisons,
        "imdb-wiki-sbs",
    ),
    "nist-trec-relevance": _stored(
        "Relevance of web pages, TREC Relevance Feedback Track 2010: 98,453 judgments by 766 workers.",
        _read_labels,
        "relevance",
    ),
}
"""The data sets by name."""


def get_datasets_list() -> list[tuple[str, str]]:
    """Name and description of each data set that `load_dataset` knows.

    >>> sorted(name for name, _ in get_datasets_list())[-2:]
    ['relevance-2', 'relevance-5']
    """
    return [(name, found.description) for name, found in SETS.items()]


def load_dataset(dataset: str, data_dir: str | os.PathLike[str] | None = None) -> tuple[pd.DataFrame, pd.Series[Any]]:
    """Judgments and truth of a data set, downloaded unless it is in `data_dir` already.

    Args:
        dataset: A name of `get_datasets_list`; `ValueError` for another.
        data_dir: Where data sets are kept; the environment variable `CROWDKIT_DATA` or `~/crowdkit_data` by default.
    """
    if dataset not in SETS:
        raise ValueError(f"there is no data set {dataset!r}; there are {', '.join(SETS)}")
    found = SETS[dataset]
    return found.read(fetch(dataset, found.archive, found.checksum, data_folder(data_dir)))
