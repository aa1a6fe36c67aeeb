//! ELICE: expert labels injected into the crowd's.

use super::common::{assemble, check_posterior, label_shares, normalise};
use super::rows::fill_rows;
use super::weighted::gold_score;
use crate::error::{Error, check_parameter};
use crate::fit::{Convergence, Estimator, Fit, Progress, argmax};
use crate::judgments::Judgments;

/// Expert-label injected crowd estimation: abilities from gold, difficulties from the crowd, logistic weights.
///
/// Ability αʷ = (share right on gold − 1/K) / (1 − 1/K), from −1/(K − 1) to 1; workers without gold have the crowd's.
/// Ease βᵗ = share of the votes that agree with the ability-weighted vote. A vote then weighs σ(`steepness` αʷ βᵗ);
/// the posterior is the share of weight. The skill of the fit is α, the difficulty 1 − β. Needs gold on judged tasks.
///
/// Khattak, Salleb-Aouissi: Quality Control of Crowd Labeling through Expert Evaluation. NIPS Workshop on
/// Computational Social Science and the Wisdom of Crowds, 2011.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Elice {
    /// How steeply weights follow ability and ease, positive.
    pub steepness: f64,
}

impl Default for Elice {
    fn default() -> Self {
        Self { steepness: 10.0 }
    }
}

impl Estimator for Elice {
    fn name(&self) -> &'static str {
        "elice"
    }

    fn fit_watched(&self, judgments: &Judgments, _progress: &Progress) -> Result<Fit, Error> {
        check_posterior(judgments)?;
        let steep = self.steepness.is_finite() && self.steepness > 0.0;
        check_parameter("steepness", self.steepness, steep, "a positive number")?;
        let abilities = abilities(judgments)
            .ok_or(Error::Missing { method: self.name(), what: "gold labels on judged tasks" })?;
        let eases = eases(judgments, &abilities);
        let prior = label_shares(judgments);
        let mut values = vec![0.0; judgments.tasks() * judgments.classes()];
        fill_rows(judgments, &mut values, |task, row| {
            for (worker, label) in judgments.task(task) {
                row[label] +=
                    1.0 / (1.0 + (-self.steepness * abilities[worker] * eases[task]).exp());
            }
            if judgments.task_len(task) == 0 {
                row.copy_from_slice(&prior);
            }
            normalise(row);
            0.0
        });
        let mut fit =
            assemble(judgments, values, prior, Some(abilities), Convergence::CLOSED_FORM)?;
        fit.task_difficulty = Some(eases.iter().map(|ease| 1.0 - ease).collect());
        Ok(fit)
    }
}

fn abilities(judgments: &Judgments) -> Option<Vec<f64>> {
    let (right, judged) = gold_score(judgments);
    let total: u32 = judged.iter().sum();
    if total == 0 {
        return None;
    }
    let chance = 1.0 / judgments.classes() as f64;
    let scale = (1.0 - chance).max(f64::EPSILON);
    let crowd = f64::from(right.iter().sum::<u32>()) / f64::from(total);
    let share = |(right, judged): (&u32, &u32)| {
        if *judged > 0 { f64::from(*right) / f64::from(*judged) } else { crowd }
    };
    Some(right.iter().zip(&judged).map(share).map(|share| (share - chance) / scale).collect())
}

fn eases(judgments: &Judgments, abilities: &[f64]) -> Vec<f64> {
    let mut scores = vec![0.0; judgments.classes()];
    let ease = |task| {
        scores.fill(0.0);
        for (worker, label) in judgments.task(task) {
            scores[label] += abilities[worker];
        }
        let expected = judgments.gold(task).unwrap_or_else(|| argmax(&scores));
        let agreeing = judgments.task(task).filter(|&(_, label)| label == expected).count();
        agreeing as f64 / judgments.task_len(task).max(1) as f64
    };
    (0..judgments.tasks()).map(ease).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::categorical::testing::{accuracy, simulated};

    #[test]
    fn gold_teaches_whom_to_trust() {
        let (data, truth) = simulated(300, 2, &[0.95, 0.9, 0.5, 0.5, 0.1], 4);
        assert!(matches!(Elice::default().fit(&data), Err(Error::Missing { .. })));
        let gold: Vec<(u32, u16)> = (0..40).map(|task| (task, truth[task as usize])).collect();
        let fit = Elice::default().fit(&data.with_gold(&gold).unwrap()).unwrap();
        assert!(accuracy(&fit.labels, &truth) > 0.9);
        let skills = fit.workers.skill.unwrap();
        assert!(skills[0] > 0.7 && skills[4] < -0.5);
    }
}
