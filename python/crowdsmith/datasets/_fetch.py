"""Archives from the network to folders, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import urllib.request
import zipfile
from pathlib import Path

TIMEOUT = 60.0
"""Seconds without an answer after which a download fails."""


def data_folder(data_dir: str | os.PathLike[str] | None = None) -> Path:
    """Where data sets are kept: `data_dir`, the environment variable `CROWDKIT_DATA`, or `~/crowdkit_data`."""
    given = data_dir if data_dir is not None else os.environ.get("CROWDKIT_DATA", "~/crowdkit_data")
    return Path(given).expanduser()


def fetch(name: str, archive_url: str, checksum_url: str, folder: Path) -> Path:
    """The folder of a data set, downloaded unless it is there.

    Raises `OSError` if the archive cannot be had or does not have the MD5 that stands beside it.
    """
    target = folder / name
    if target.is_dir():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        archive = Path(scratch) / "archive.zip"
        with urllib.request.urlopen(archive_url, timeout=TIMEOUT) as source, archive.open("wb") as sink:
            shutil.copyfileobj(source, sink)
        with urllib.request.urlopen(checksum_url, timeout=TIMEOUT) as source:
            expected = source.read().decode().split()[0]
        found = _md5(archive)
        if found != expected:
            raise OSError(f"{archive_url} has the MD5 {found}, {checksum_url} says {expected}; try again later")
        unpacked = Path(scratch) / "unpacked"
        with zipfile.ZipFile(archive) as files:
            files.extractall(unpacked)
        inside = [path for path in unpacked.iterdir() if path.name != "__MACOSX"]
        os.replace(inside[0] if len(inside) == 1 and inside[0].is_dir() else unpacked, target)
    return target


def _md5(path: Path) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
