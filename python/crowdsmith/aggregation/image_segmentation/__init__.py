"""Pictures: masks pixel by pixel, and objects in boxes."""

from .boxes import BoxConsensus
from .segmentation_em import SegmentationEM
from .segmentation_majority_vote import SegmentationMajorityVote
from .segmentation_rasa import SegmentationRASA
from .segmentation_staple import SegmentationSTAPLE

__all__ = [
    "BoxConsensus",
    "SegmentationEM",
    "SegmentationMajorityVote",
    "SegmentationRASA",
    "SegmentationSTAPLE",
]
