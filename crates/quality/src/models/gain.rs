//! What one more judgment is worth.

use super::Models;

/// Further judgments looked ahead: one alone often cannot change the label, and would seem worthless.
const AHEAD: usize = 3;

/// The largest, over m = 1..=[`AHEAD`], of the expected rise of the top probability by m judgments of the crowd, divided
/// by m.
pub(super) fn gain(models: &Models, judgments: &[(u32, u16)]) -> f64 {
    let now = models.posterior(judgments);
    let top = now.iter().copied().fold(0.0, f64::max);
    let rise = |ahead: usize| (expected_top(models, &now, ahead) - top) / ahead as f64;
    (1..=AHEAD).map(rise).fold(0.0, f64::max)
}

/// Σ over the answers of `ahead` workers of max over classes of q(c) · P(answers | c).
fn expected_top(models: &Models, joint: &[f64], ahead: usize) -> f64 {
    if ahead == 0 {
        return joint.iter().copied().fold(0.0, f64::max);
    }
    let classes = models.classes;
    let after = |answer: usize| {
        let row = &models.crowd.answers[answer * classes..][..classes];
        let next: Vec<f64> =
            joint.iter().zip(row).map(|(value, &share)| value * f64::from(share)).collect();
        expected_top(models, &next, ahead - 1)
    };
    (0..classes).map(after).sum()
}
