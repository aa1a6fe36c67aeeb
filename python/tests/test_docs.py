"""The examples in the documents run, and say what the documents say."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

DOCUMENTS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("name", ["truth.md"])
def test_examples_of(name: str) -> None:
    text = (DOCUMENTS / name).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, name, name, 0)
    assert len(examples.examples) > 20
    report: list[str] = []
    results = doctest.DocTestRunner().run(examples, out=report.append)
    assert not results.failed, "".join(report)
