"""Categorical labels."""

from .dawid_skene import DawidSkene, OneCoinDawidSkene
from .further import (
    BWA,
    CATD,
    EBCC,
    ELICE,
    IBCC,
    PM,
    Auto,
    HierarchicalDawidSkene,
    OrdinalWorkers,
    ZenCrowd,
)
from .glad import GLAD
from .gold_majority_vote import GoldMajorityVote
from .kos import KOS
from .m_msr import MMSR
from .mace import MACE
from .majority_vote import MajorityVote
from .wawa import Wawa
from .zero_based_skill import ZeroBasedSkill

__all__ = [
    "Auto",
    "BWA",
    "CATD",
    "DawidSkene",
    "EBCC",
    "ELICE",
    "GLAD",
    "GoldMajorityVote",
    "HierarchicalDawidSkene",
    "IBCC",
    "KOS",
    "MACE",
    "MMSR",
    "MajorityVote",
    "OneCoinDawidSkene",
    "OrdinalWorkers",
    "PM",
    "Wawa",
    "ZenCrowd",
    "ZeroBasedSkill",
]
