"""Any outputs, by their embeddings."""

from .closest_to_average import ClosestToAverage
from .hrrasa import HRRASA
from .rasa import RASA

__all__ = ["HRRASA", "RASA", "ClosestToAverage"]
