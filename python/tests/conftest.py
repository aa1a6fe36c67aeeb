"""Crowds made up for the tests."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

LABELS = {"text": ["cat", "dog", "ant", "bee"], "int": [3, 1, 4, 15], "bool": [True, False]}


def crowd(seed: int, kind: str = "text", classes: int = 3, tasks: int = 60, workers: int = 12, overlap: int = 4):
    """Labels by workers of different skill, in random order, with names whose order of appearance is not sorted."""
    random = np.random.RandomState(seed)
    labels = LABELS[kind][:classes]
    skills = random.beta(4, 1.5, workers)
    rows = []
    for task in range(tasks):
        truth = random.randint(len(labels))
        for worker in random.choice(workers, overlap, replace=False):
            right = random.rand() < skills[worker]
            label = truth if right else random.randint(len(labels))
            rows.append((f"t{task * 37 % tasks}", f"w{worker * 7 % workers}", labels[label]))
    frame = pd.DataFrame(rows, columns=["task", "worker", "label"])
    return frame.sample(frac=1, random_state=seed).reset_index(drop=True)


@pytest.fixture
def answers() -> pd.DataFrame:
    """Three labels, sixty tasks, twelve workers."""
    return crowd(0)


@pytest.fixture
def texts() -> pd.DataFrame:
    """Sentences with words changed and left out."""
    random = np.random.RandomState(0)
    words = "the cat sat on a mat with big red dog and its old friend".split()
    rows = []
    for task in range(25):
        sentence = [words[place] for place in random.randint(len(words), size=8)]
        for worker in range(random.randint(1, 7)):
            kept = [word for word in sentence if random.rand() < 0.9]
            said = [word if random.rand() < 0.8 else words[random.randint(len(words))] for word in kept]
            rows.append((f"t{task}", f"w{(worker * 3 + task) % 9}", " ".join(said) or "a"))
    return pd.DataFrame(rows, columns=["task", "worker", "text"]).drop_duplicates(["task", "worker"])


@pytest.fixture
def masks() -> pd.DataFrame:
    """A rectangle on each of six pictures, with more and more pixels wrong from worker to worker."""
    random = np.random.RandomState(0)
    truth = np.zeros((9, 11), dtype=bool)
    truth[2:7, 3:8] = True
    rows = [(task, f"w{w}", truth ^ (random.rand(9, 11) < 0.05 * (w + 1))) for task in range(6) for w in range(5)]
    return pd.DataFrame(rows, columns=["task", "worker", "segmentation"])


@pytest.fixture
def comparisons() -> pd.DataFrame:
    """Three hundred comparisons of seven items."""
    random = np.random.RandomState(0)
    strength = dict(zip("abcdefg", np.exp(random.randn(7))))
    rows = []
    for _ in range(300):
        left, right = random.choice(list(strength), 2, replace=False)
        wins = random.rand() < strength[left] / (strength[left] + strength[right])
        rows.append((f"w{random.randint(6)}", left, right, left if wins else right))
    return pd.DataFrame(rows, columns=["worker", "left", "right", "label"])


def encode(text: str) -> np.ndarray:
    """A crude embedding: how often some letters occur."""
    return np.array([text.count(letter) + 0.1 * len(text) for letter in "abcdehilmnorst"], dtype=float)
