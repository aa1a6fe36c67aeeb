"""Metrics of data: agreement, consistency, uncertainty, spans."""

from .agreement import alpha_krippendorff, cohen_kappa, fleiss_kappa, gwet_ac, krippendorff_alpha
from .classification import consistency, uncertainty
from .crowd_truth import CrowdTruthScores, crowd_truth
from .spans import span_agreement, span_f1

__all__ = [
    "CrowdTruthScores",
    "alpha_krippendorff",
    "cohen_kappa",
    "consistency",
    "crowd_truth",
    "fleiss_kappa",
    "gwet_ac",
    "krippendorff_alpha",
    "span_agreement",
    "span_f1",
    "uncertainty",
]
