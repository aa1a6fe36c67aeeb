"""What every metric asks of its input."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..._frames import to_frame


def checked(answers: Any) -> pd.DataFrame:
    """The answers as a pandas frame.

    `TypeError` for what is no data frame, `AssertionError` for a column that is not there.
    """
    for column in ("task", "worker", "label"):
        if hasattr(answers, "columns") and column not in list(answers.columns):
            raise AssertionError(f'There is no "{column}" column in answers')
    return answers if isinstance(answers, pd.DataFrame) else to_frame(answers, ["task", "worker", "label"])
