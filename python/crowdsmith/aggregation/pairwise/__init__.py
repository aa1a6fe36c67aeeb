"""Pairwise comparisons and rankings."""

from .bradley_terry import BradleyTerry
from .noisy_bt import CrowdBradleyTerry, NoisyBradleyTerry
from .plackett_luce import PlackettLuce

__all__ = ["BradleyTerry", "CrowdBradleyTerry", "NoisyBradleyTerry", "PlackettLuce"]
