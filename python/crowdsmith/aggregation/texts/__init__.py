"""Texts."""

from .medoid import SequenceRASA, TextMedoid
from .rover import ROVER
from .text_hrrasa import TextHRRASA
from .text_rasa import TextRASA

__all__ = ["ROVER", "SequenceRASA", "TextHRRASA", "TextMedoid", "TextRASA"]
