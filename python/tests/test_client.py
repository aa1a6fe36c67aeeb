"""The client against a real server, if one has been built."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crowdsmith import Client
from crowdsmith.aggregation import Auto
from crowdsmith.client import ApiError

BINARY = Path(os.environ.get("CROWDSMITH_BINARY", Path(__file__).parents[2] / "target/debug/crowdsmith"))

MOOD = {
    "title": "Is this review positive?",
    "description": "Read one sentence, choose its mood.",
    "input": {"text": {"type": "text"}},
    "output": {"mood": {"type": "choice", "options": [{"value": "good"}, {"value": "bad"}]}},
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(server: subprocess.Popen[bytes], url: str) -> None:
    for _ in range(200):
        if server.poll() is not None:
            pytest.fail(f"the server ended with status {server.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail("the server did not start")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    if not BINARY.is_file():
        pytest.skip("no server has been built (cargo build)")
    data = str(tmp_path_factory.mktemp("crowdsmith"))
    owner = ["--email", "ada@example.org", "--name", "Ada", "--workspace", "Acme", "--password-stdin"]
    made = subprocess.run(
        [str(BINARY), "admin", "create-owner", "--data", data, *owner],
        input=b"correct horse battery",
        capture_output=True,
        check=True,
    )
    token = next(word for word in made.stdout.decode().split() if word.startswith("cs_"))
    address = f"127.0.0.1:{free_port()}"
    with (Path(data) / "log").open("wb") as log:
        server = subprocess.Popen([str(BINARY), "serve", "--data", data, "--listen", address], stdout=log, stderr=log)
        try:
            wait_for(server, f"http://{address}/healthz")
            yield Client(f"http://{address}/", token)
        finally:
            server.terminate()
            server.wait(timeout=20)


@pytest.fixture
def batch(client: Client, request: pytest.FixtureRequest) -> str:
    """A batch of its own for every test, with three tasks."""
    client.put_project("film-mood", MOOD)
    name = request.node.name.replace("_", "-").removeprefix("test-")[:40]
    made = client.put_batch("film-mood", name, overlap=1, suite_size=2, time_limit_minutes=20)
    tasks = pd.DataFrame({"task": ["a", "b", "c"], "text": ["Fine.", "Dull.", "Long."], "none": [None] * 3})
    assert client.add_tasks(made["id"], tasks[["task", "text"]]) == {"added": 3, "unchanged": 0}
    return made["id"]


def test_projects_and_batches(client: Client, batch: str) -> None:
    assert client.me()["email"] == "ada@example.org"
    assert [project["name"] for project in client.projects()] == ["film-mood"]
    assert client.batch(batch)["state"] == "draft"
    assert client.open(batch)["state"] == "open"
    assert client.pause(batch)["state"] == "paused"
    assert batch in [found["id"] for found in client.batches(project="film-mood", state="paused")]
    assert client.close(batch)["state"] == "closed"
    assert [task["name"] for task in client.tasks(batch)] == ["a", "b", "c"]


def test_the_same_tasks_again_change_nothing(client: Client, batch: str) -> None:
    rows = [{"task": "a", "text": "Fine."}, {"task": "d", "text": "New."}]
    assert client.add_tasks(batch, rows) == {"added": 1, "unchanged": 1}


def test_judgments_from_elsewhere_become_results(client: Client, batch: str) -> None:
    said = {"w1": "good bad bad", "w2": "good bad good", "w3": "good good bad"}
    rows = [[task, worker, label] for worker, labels in said.items() for task, label in zip("abc", labels.split())]
    data = pd.DataFrame(rows, columns=["task", "worker", "mood"])
    assert client.import_judgments(batch, data)["added"] == 9
    labels = client.labels(batch)
    assert sorted(map(tuple, labels.to_numpy().tolist())) == sorted(map(tuple, rows))
    results = client.results(batch, method="majority-vote").set_index("task")["mood"]
    assert results.to_dict() == {"a": "good", "b": "bad", "c": "bad"}
    assert Auto().fit_predict(labels).to_dict() == results.to_dict()
    assert set(client.workers(batch)["worker"]) == set(said)


def test_work(client: Client, batch: str) -> None:
    client.open(batch)
    first = client.claim(batch)
    assert first is not None and len(first["tasks"]) == 2
    outputs = {task["id"]: {"mood": "good"} for task in first["tasks"]}
    done = client.submit(first["id"], outputs)
    assert done["judgments"] == 2 and client.submit(first["id"], outputs) == done
    last = client.claim(batch)
    assert last is not None and client.give_back(last["id"])["assignment"]["state"] == "returned"
    judgments = client.judgments(batch)
    assert len(judgments) == 2 and set(judgments["mood"]) == {"good"}


def test_what_is_wrong_is_named(client: Client, batch: str) -> None:
    with pytest.raises(ApiError, match="line 2") as refused:
        client.add_tasks(batch, [{"text": "Fine."}, {"wrong": "field"}])
    assert refused.value.status in (400, 422) and refused.value.errors
    with pytest.raises(ApiError) as unknown:
        client.batch("0000000000000")
    assert unknown.value.status == 404
    with pytest.raises(ApiError) as nobody:
        Client(client.url, "cs_wrong").me()
    assert nobody.value.status == 401


def test_labels_of_a_batch_without_judgments(client: Client, batch: str) -> None:
    empty = client.labels(batch)
    assert empty.empty and list(empty.columns) == ["task", "worker", "label"]


def test_rows_of_numpy_values() -> None:
    from crowdsmith.client import _plain, _records

    rows = list(_records(pd.DataFrame({"n": [1, 2], "x": [0.5, np.nan]})))
    assert rows == [{"n": 1, "x": 0.5}, {"n": 2}]
    assert _plain(np.int64(3)) == 3 and _plain(np.array([1, 2])) == [1, 2]
