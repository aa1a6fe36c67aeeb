"""Metrics of data: agreement, calibration, consistency, uncertainty, spans."""

from .agreement import alpha_krippendorff, cohen_kappa, fleiss_kappa, gwet_ac, krippendorff_alpha
from .calibration import Evaluation, evaluate_probabilities, judgments_needed
from .classification import consistency, uncertainty
from .crowd_truth import CrowdTruthScores, crowd_truth
from .spans import span_agreement, span_f1

__all__ = [
    "CrowdTruthScores",
    "Evaluation",
    "alpha_krippendorff",
    "cohen_kappa",
    "consistency",
    "crowd_truth",
    "evaluate_probabilities",
    "fleiss_kappa",
    "gwet_ac",
    "judgments_needed",
    "krippendorff_alpha",
    "span_agreement",
    "span_f1",
    "uncertainty",
]
