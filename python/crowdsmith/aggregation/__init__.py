"""Aggregation of crowdsourced answers, with the classes of crowd-kit and more.

All take a data frame (pandas or polars) with one row for each answer and give pandas objects back. What is learned
ends in an underscore, as in scikit-learn.
"""

from . import base, utils
from .classification import (
    BWA,
    CATD,
    EBCC,
    ELICE,
    GLAD,
    IBCC,
    KOS,
    MACE,
    MMSR,
    PM,
    Auto,
    DawidSkene,
    GoldMajorityVote,
    HierarchicalDawidSkene,
    MajorityVote,
    OneCoinDawidSkene,
    OrdinalWorkers,
    Wawa,
    ZenCrowd,
    ZeroBasedSkill,
)
from .embeddings import HRRASA, RASA, ClosestToAverage
from .image_segmentation import (
    BoxConsensus,
    KeypointConsensus,
    PolygonConsensus,
    SegmentationEM,
    SegmentationMajorityVote,
    SegmentationRASA,
    SegmentationSTAPLE,
)
from .multilabel import BinaryRelevance
from .numeric import LFCN, GaussianWorkers, Mean, Median, NumericCATD, TrimmedMean
from .pairwise import BradleyTerry, CrowdBradleyTerry, NoisyBradleyTerry, PlackettLuce
from .spans import BayesianSequences, HMMCrowd
from .texts import ROVER, SequenceRASA, TextHRRASA, TextMedoid, TextRASA

__all__ = [
    "Auto",
    "BWA",
    "BayesianSequences",
    "BinaryRelevance",
    "BoxConsensus",
    "BradleyTerry",
    "CATD",
    "ClosestToAverage",
    "CrowdBradleyTerry",
    "DawidSkene",
    "EBCC",
    "ELICE",
    "GLAD",
    "GaussianWorkers",
    "GoldMajorityVote",
    "HMMCrowd",
    "HRRASA",
    "HierarchicalDawidSkene",
    "IBCC",
    "KOS",
    "KeypointConsensus",
    "LFCN",
    "MACE",
    "MMSR",
    "MajorityVote",
    "Mean",
    "Median",
    "NoisyBradleyTerry",
    "NumericCATD",
    "OneCoinDawidSkene",
    "OrdinalWorkers",
    "PM",
    "PlackettLuce",
    "PolygonConsensus",
    "RASA",
    "ROVER",
    "SegmentationEM",
    "SegmentationMajorityVote",
    "SegmentationRASA",
    "SegmentationSTAPLE",
    "SequenceRASA",
    "TextHRRASA",
    "TextMedoid",
    "TextRASA",
    "TrimmedMean",
    "Wawa",
    "ZenCrowd",
    "ZeroBasedSkill",
    "base",
    "utils",
]
