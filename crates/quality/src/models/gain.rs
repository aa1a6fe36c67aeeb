//! What one more judgment is worth.

use super::Models;

/// Most further judgments looked ahead: one alone often cannot change the label, and would seem worthless.
const AHEAD: u32 = 3;
/// Answer sequences looked at.
const SEQUENCES: usize = 128;
/// Worth of doubt in itself, which orders tasks whose label no few judgments can change.
const DOUBT: f64 = 1e-6;

/// The largest, over m = 1..=[`AHEAD`], of the expected rise of the top probability by m judgments of the crowd, divided
/// by m; judgments are not tempered, as that would line up the tasks with fewest judgments first.
pub(super) fn gain(models: &Models, judgments: &[(u32, u16)]) -> f64 {
    let mut now = models.plain_score(judgments);
    models.calibration.shift(&mut now);
    let top = now.iter().copied().fold(0.0, f64::max);
    let classes = models.classes;
    let chance = |cell: usize| models.answers.log(cell / classes, cell % classes, classes).exp();
    let chances: Vec<f64> = (0..classes * classes).map(chance).collect();
    let rise = |ahead: u32| (expected_top(&chances, &now, ahead) - top) / f64::from(ahead);
    let few = |&ahead: &u32| ahead == 1 || classes.saturating_pow(ahead) <= SEQUENCES;
    (1..=AHEAD).filter(few).map(rise).fold(0.0, f64::max) + DOUBT * (1.0 - top)
}

/// Σ over the answers of `ahead` workers of max over classes of q(c) · P(answers | c); chances are `[answer][truth]`.
fn expected_top(chances: &[f64], joint: &[f64], ahead: u32) -> f64 {
    if ahead == 0 {
        return joint.iter().copied().fold(0.0, f64::max);
    }
    let after = |row: &[f64]| {
        let next: Vec<f64> = joint.iter().zip(row).map(|(value, chance)| value * chance).collect();
        expected_top(chances, &next, ahead - 1)
    };
    chances.chunks_exact(joint.len()).map(after).sum()
}
