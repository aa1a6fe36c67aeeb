"""A client for the HTTP API of a Crowdsmith server, on the standard library and pandas."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ._frames import to_frame

__all__ = ["ApiError", "Client"]

Rows = pd.DataFrame | Iterable[Mapping[str, Any]]


class ApiError(Exception):
    """What the server refused (RFC 9457 problem details).

    Attributes:
        status: The HTTP status.
        title: What went wrong.
        detail: About this request.
        errors: `field` and `message` for each part that is wrong; `field` is a line number for uploads.
    """

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.title = str(problem.get("title") or f"HTTP status {status}")
        self.detail = str(problem.get("detail") or "")
        self.errors: list[dict[str, str]] = list(problem.get("errors") or [])
        parts = [f"{error.get('field')}: {error.get('message')}" for error in self.errors]
        super().__init__(" · ".join([self.title, *filter(None, [self.detail]), *parts]))


class Client:
    """Talks to a Crowdsmith server.

    Args:
        url: Where the server is; by default `CROWDSMITH_SERVER`, else `http://127.0.0.1:8080`.
        token: An API token; by default `CROWDSMITH_TOKEN`.
        timeout: Seconds to wait for an answer.

    Answers are the JSON objects of the API; tables are data frames. What the server refuses is an `ApiError`. See
    `/api/docs` on the server for all fields.

    >>> client = Client("http://127.0.0.1:8080", token="cs_...")
    >>> batch = client.put_batch("film-mood", "main", overlap=3, price="0.02")          # doctest: +SKIP
    >>> client.add_tasks(batch["id"], pd.DataFrame({"text": ["Fine.", "Dull."]}))       # doctest: +SKIP
    >>> client.open(batch["id"])                                                        # doctest: +SKIP
    >>> labels = client.labels(batch["id"])     # task, worker, label                   # doctest: +SKIP
    """

    def __init__(self, url: str | None = None, token: str | None = None, timeout: float = 60.0) -> None:
        self.url = (url or os.environ.get("CROWDSMITH_SERVER") or "http://127.0.0.1:8080").rstrip("/")
        self.timeout = timeout
        self._token = token or os.environ.get("CROWDSMITH_TOKEN")

    def __repr__(self) -> str:
        return f"Client({self.url!r})"

    # Projects and batches.

    def me(self) -> dict[str, Any]:
        """Whose token this is."""
        return self._json("GET", "me")

    def projects(self) -> list[dict[str, Any]]:
        """All projects."""
        return list(self._pages("projects"))

    def project(self, name: str) -> dict[str, Any]:
        """A project by its name."""
        return self._json("GET", f"projects/{_quoted(name)}")

    def put_project(self, name: str, question: Mapping[str, Any]) -> dict[str, Any]:
        """Makes or changes a project: `title`, `description`, `instructions`, `input`, `output`."""
        return self._json("PUT", f"projects/{_quoted(name)}", question)

    def put_media(self, project: str, path: str, content: bytes | Path) -> dict[str, Any]:
        """Uploads a file under a path that tasks of the project may name."""
        data = content.read_bytes() if isinstance(content, Path) else content
        place = f"projects/{_quoted(project)}/media/{urllib.parse.quote(path)}"
        return json.loads(self._send("PUT", place, data, "application/octet-stream"))

    def batches(self, project: str | None = None, state: str | None = None) -> list[dict[str, Any]]:
        """All batches, or those of a project, or in a state (`draft`, `open`, `paused`, `closed`, `archived`)."""
        return list(self._pages("batches", project=project, state=state))

    def batch(self, batch: str) -> dict[str, Any]:
        """A batch by its id, with its progress."""
        return self._json("GET", f"batches/{_quoted(batch)}")

    def put_batch(self, project: str, name: str, **settings: Any) -> dict[str, Any]:
        """Makes or changes a batch: `overlap`, `suite_size`, `time_limit_minutes`, `price`, `budget`, ..."""
        return self._json("PUT", f"projects/{_quoted(project)}/batches/{_quoted(name)}", settings)

    def open(self, batch: str) -> dict[str, Any]:
        """Lets workers work on a batch."""
        return self._json("POST", f"batches/{_quoted(batch)}/open")

    def pause(self, batch: str) -> dict[str, Any]:
        """Stops handing out tasks for now."""
        return self._json("POST", f"batches/{_quoted(batch)}/pause")

    def close(self, batch: str) -> dict[str, Any]:
        """Stops handing out tasks for good."""
        return self._json("POST", f"batches/{_quoted(batch)}/close")

    def archive(self, batch: str) -> dict[str, Any]:
        """Puts a batch away."""
        return self._json("POST", f"batches/{_quoted(batch)}/archive")

    # Tables in and out.

    def add_tasks(self, batch: str, tasks: Rows, idempotency_key: str | None = None) -> dict[str, int]:
        """Adds tasks: a column (or key) for each input field, optionally `task` for a name of one's own.

        All or nothing; tasks that are there already are left `unchanged`. Returns how many were `added`.
        """
        return self._upload(f"batches/{_quoted(batch)}/tasks", tasks, idempotency_key)

    def import_judgments(self, batch: str, judgments: Rows) -> dict[str, int]:
        """Adds judgments collected elsewhere: `task`, `worker` and a column for each output field."""
        return self._upload(f"batches/{_quoted(batch)}/judgments", judgments, None)

    def tasks(self, batch: str) -> list[dict[str, Any]]:
        """All tasks with their input and state."""
        return list(self._pages(f"batches/{_quoted(batch)}/tasks"))

    def results(self, batch: str, method: str | None = None) -> pd.DataFrame:
        """The aggregated answer of each task and its confidence, by a method of the server's (`dawid-skene`, ...)."""
        return self._table(batch, "results", method=method)

    def judgments(self, batch: str) -> pd.DataFrame:
        """All judgments: `task`, `task_id`, `worker`, a column for each output field, and when."""
        return self._table(batch, "judgments")

    def workers(self, batch: str) -> pd.DataFrame:
        """The workers of a batch: how many judgments, estimated accuracy, what they earned."""
        return self._table(batch, "workers")

    def labels(self, batch: str, field: str | None = None) -> pd.DataFrame:
        """The judgments of one output field as `task`, `worker`, `label`: what `crowdsmith.aggregation` takes.

        Args:
            batch: Id of the batch.
            field: The output field; not needed if the project has one.
        """
        if field is None:
            project = self.batch(batch)["project"]["name"]
            fields = list(self.project(project)["output"])
            if len(fields) != 1:
                raise ValueError(f"the project has several output fields, name one of {fields}")
            field = fields[0]
        judgments = self.judgments(batch)
        columns = to_frame(judgments, ["task", "worker", field]) if len(judgments) else judgments
        return columns.reindex(columns=["task", "worker", field]).rename(columns={field: "label"})

    # Work.

    def claim(self, batch: str) -> dict[str, Any] | None:
        """An assignment (`id`, `deadline`, `tasks`) for the owner of the token, `None` if there is nothing to do."""
        body = self._send("POST", f"work/batches/{_quoted(batch)}/claim")
        return json.loads(body)["assignment"] if body else None

    def submit(self, assignment: str, outputs: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """Hands in an assignment: for each task id the values of the output fields. Repeating it changes nothing."""
        judgments = [{"task": task, "output": dict(output)} for task, output in outputs.items()]
        return self._json("POST", f"work/assignments/{_quoted(assignment)}/submit", {"judgments": judgments})

    def give_back(self, assignment: str) -> dict[str, Any]:
        """Returns an assignment without judging it."""
        return self._json("POST", f"work/assignments/{_quoted(assignment)}/return")

    # The wire.

    def _send(
        self, method: str, path: str, data: bytes | None = None, content: str | None = None, **headers: str
    ) -> bytes:
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", data=data, method=method, headers=headers)
        request.add_header("Accept", "application/json, application/x-ndjson")
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        if content:
            request.add_header("Content-Type", content)
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            raise ApiError(error.code, _problem(error.read())) from None

    def _json(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        return json.loads(self._send(method, path, data, None if data is None else "application/json"))

    def _pages(self, path: str, **query: str | None) -> Iterator[dict[str, Any]]:
        after = None
        while True:
            page = self._json("GET", path + _query(after=after, **query))
            yield from page["items"]
            after = page.get("next")
            if after is None:
                return

    def _upload(self, path: str, rows: Rows, idempotency_key: str | None) -> dict[str, int]:
        headers = {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}
        lines = "".join(json.dumps(row, default=_plain) + "\n" for row in _records(rows))
        return json.loads(self._send("POST", path, lines.encode(), "application/x-ndjson", **headers))

    def _table(self, batch: str, table: str, **query: str | None) -> pd.DataFrame:
        body = self._send("GET", f"batches/{_quoted(batch)}/{table}" + _query(format="ndjson", **query))
        return pd.DataFrame([json.loads(line) for line in body.decode().splitlines() if line])


def _quoted(part: str) -> str:
    return urllib.parse.quote(part, safe="")


def _query(**parameters: str | None) -> str:
    given = {name: value for name, value in parameters.items() if value is not None}
    return "?" + urllib.parse.urlencode(given) if given else ""


def _problem(body: bytes) -> dict[str, Any]:
    """Problem details; an answer that is none (of a proxy, say) is taken as detail."""
    try:
        problem = json.loads(body)
    except ValueError:
        problem = None
    return problem if isinstance(problem, dict) else {"detail": body.decode(errors="replace").strip()[:500]}


def _records(rows: Rows) -> Iterator[dict[str, Any]]:
    """Rows as dictionaries without missing values."""
    columns = getattr(rows, "columns", None)
    records: Iterable[Mapping[Any, Any]] = rows  # type: ignore[assignment]
    if columns is not None:
        records = to_frame(rows, list(columns)).to_dict("records")
    for row in records:
        yield {str(name): value for name, value in row.items() if not _is_missing(value)}


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and value != value)


def _plain(value: Any) -> Any:
    """Numbers and arrays of numpy as JSON knows them."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON: {value!r}")
