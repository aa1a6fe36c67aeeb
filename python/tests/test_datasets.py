"""Data sets are downloaded once, checked, and read into the frames that crowd-kit's users know."""

from __future__ import annotations

import functools
import hashlib
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from crowdsmith import datasets
from crowdsmith.datasets import load_dataset


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the address under which it is served."""
    folder = tmp_path / "site"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def publish(monkeypatch: pytest.MonkeyPatch, site: tuple[Path, str], name: str, files: dict[str, str | bytes]) -> Path:
    """Serves an archive with these files in the place of a data set."""
    folder, address = site
    archive = folder / "set.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for path, content in files.items():
            target.writestr(path, content)
    (folder / "set.md5").write_text(hashlib.md5(archive.read_bytes()).hexdigest() + "\n")
    served = replace(datasets.SETS[name], archive=f"{address}/set.zip", checksum=f"{address}/set.md5")
    monkeypatch.setitem(datasets.SETS, name, served)
    return archive


LABELS = {"data/crowd_labels.csv": "performer,task,label\nw1,t1,1\nw2,t1,0\n", "data/gt.csv": "task,label\nt1,1\n"}


def test_labels_are_loaded_once(monkeypatch: pytest.MonkeyPatch, site: tuple[Path, str], tmp_path: Path) -> None:
    archive = publish(monkeypatch, site, "relevance-2", LABELS)
    labels, truth = load_dataset("relevance-2", data_dir=tmp_path / "kept")
    assert list(labels.columns) == ["worker", "task", "label"] and labels["label"].tolist() == [1, 0]
    assert (truth.name, truth.index.name, truth.to_dict()) == ("true_label", "task", {"t1": 1})
    archive.unlink()
    again, _ = load_dataset("relevance-2", data_dir=tmp_path / "kept")
    assert again.equals(labels)
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["relevance-2"]


def test_comparisons_name_the_winner(monkeypatch: pytest.MonkeyPatch, site: tuple[Path, str], tmp_path: Path) -> None:
    files = {
        "crowd_labels.csv": "performer,left,right,label\n1,a,b,left\n2,a,b,right\n",
        "gt.csv": "label,score\na,30\nb,20\n",
    }
    publish(monkeypatch, site, "imdb-wiki-sbs", files)
    monkeypatch.setenv("CROWDKIT_DATA", str(tmp_path / "kept"))
    labels, truth = load_dataset("imdb-wiki-sbs")
    assert labels["label"].tolist() == ["a", "b"] and truth.to_dict() == {"a": 30, "b": 20}


def test_masks(monkeypatch: pytest.MonkeyPatch, site: tuple[Path, str], tmp_path: Path) -> None:
    mask = np.eye(3, dtype=bool)
    for name, key in (("crowd_labels", "7\tw1"), ("gt", "7")):
        np.savez(tmp_path / f"{name}.npz", **{key: mask})
    files = {f"m/{name}.npz": (tmp_path / f"{name}.npz").read_bytes() for name in ("crowd_labels", "gt")}
    publish(monkeypatch, site, "mscoco_small", files)
    labels, truth = load_dataset("mscoco_small", data_dir=tmp_path / "kept")
    assert labels[["task", "worker"]].to_numpy().tolist() == [[7, "w1"]]
    assert truth.name == "true_segmentation" and (truth[7] == labels["segmentation"][0]).all()


def test_a_damaged_archive_is_refused_and_not_kept(
    monkeypatch: pytest.MonkeyPatch, site: tuple[Path, str], tmp_path: Path
) -> None:
    publish(monkeypatch, site, "relevance-5", LABELS)
    (site[0] / "set.md5").write_text("0" * 32)
    with pytest.raises(OSError, match="has the MD5"):
        load_dataset("relevance-5", data_dir=tmp_path / "kept")
    assert not list((tmp_path / "kept").iterdir())


def test_an_unknown_set_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no data set 'relevance-3'"):
        load_dataset("relevance-3")
