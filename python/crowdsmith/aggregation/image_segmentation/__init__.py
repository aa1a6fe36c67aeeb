"""Pictures: masks pixel by pixel, and objects in boxes, polygons and keypoints."""

from .objects import BoxConsensus, KeypointConsensus, PolygonConsensus
from .segmentation_em import SegmentationEM
from .segmentation_majority_vote import SegmentationMajorityVote
from .segmentation_rasa import SegmentationRASA
from .segmentation_staple import SegmentationSTAPLE

__all__ = [
    "BoxConsensus",
    "KeypointConsensus",
    "PolygonConsensus",
    "SegmentationEM",
    "SegmentationMajorityVote",
    "SegmentationRASA",
    "SegmentationSTAPLE",
]
