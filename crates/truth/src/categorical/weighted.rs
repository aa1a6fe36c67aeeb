//! Votes weighted by how often a worker agrees with others or with gold.

use super::common::{assemble, check_posterior, label_shares, vote_shares};
use super::majority::MajorityVote;
use crate::error::{Error, check_parameter};
use crate::fit::{Convergence, Estimator, Fit, Progress, argmax};
use crate::judgments::Judgments;

/// Worker agreement with aggregate: votes weighted by the worker's share of agreement with the majority.
///
/// sʷ = share of w's judgments that equal the majority's label; the posterior is the share of weighted votes. The
/// worker's skill of the fit is sʷ. "Worker Agreement With Aggregate", Appen (`CrowdFlower`) help pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wawa;

impl Estimator for Wawa {
    fn name(&self) -> &'static str {
        "wawa"
    }

    fn fit_watched(&self, judgments: &Judgments, _progress: &Progress) -> Result<Fit, Error> {
        let majority = MajorityVote::default().fit(judgments)?;
        weighted_vote(judgments, agreement(judgments, &majority.labels), Convergence::CLOSED_FORM)
    }
}

/// Majority vote weighted by each worker's accuracy on gold.
///
/// A worker without gold counts as the crowd's accuracy on gold. Needs gold on judged tasks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GoldMajorityVote;

impl Estimator for GoldMajorityVote {
    fn name(&self) -> &'static str {
        "gold-majority-vote"
    }

    fn fit_watched(&self, judgments: &Judgments, _progress: &Progress) -> Result<Fit, Error> {
        let (right, judged) = gold_score(judgments);
        let total: u32 = judged.iter().sum();
        if total == 0 {
            return Err(Error::Missing {
                method: self.name(),
                what: "gold labels on judged tasks",
            });
        }
        let crowd = f64::from(right.iter().sum::<u32>()) / f64::from(total);
        let skill = |(right, judged): (u32, u32)| {
            if judged > 0 { f64::from(right) / f64::from(judged) } else { crowd }
        };
        let skills = right.into_iter().zip(judged).map(skill).collect();
        weighted_vote(judgments, skills, Convergence::CLOSED_FORM)
    }
}

/// Zero-based skill: weights and votes refine each other at a falling learning rate.
///
/// Skills start at 1/K + `margin` and move towards the agreement with the weighted vote:
/// s ← s + r (agreement − s), where r is multiplied by `rate_factor` every `rate_steps` iterations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZeroBasedSkill {
    /// Iterations made.
    pub iterations: usize,
    /// First learning rate, in (0, 1].
    pub rate: f64,
    /// Iterations between reductions of the rate, at least 1.
    pub rate_steps: usize,
    /// What the rate is multiplied by, in (0, 1].
    pub rate_factor: f64,
    /// How much the first skill exceeds chance.
    pub margin: f64,
}

impl Default for ZeroBasedSkill {
    fn default() -> Self {
        Self { iterations: 100, rate: 1.0, rate_steps: 20, rate_factor: 0.5, margin: 1e-5 }
    }
}

impl Estimator for ZeroBasedSkill {
    fn name(&self) -> &'static str {
        "zero-based-skill"
    }

    fn fit_watched(&self, judgments: &Judgments, progress: &Progress) -> Result<Fit, Error> {
        let unit = |value: f64| value > 0.0 && value <= 1.0;
        check_parameter("rate", self.rate, unit(self.rate), "a number in (0, 1]")?;
        check_parameter(
            "rate_factor",
            self.rate_factor,
            unit(self.rate_factor),
            "a number in (0, 1]",
        )?;
        check_parameter("rate_steps", self.rate_steps as f64, self.rate_steps > 0, "at least 1")?;
        let margin = self.margin.is_finite() && self.margin >= 0.0;
        check_parameter("margin", self.margin, margin, "a finite number of at least 0")?;
        check_posterior(judgments)?;
        let mut skills =
            vec![1.0 / judgments.classes().max(1) as f64 + self.margin; judgments.workers()];
        let mut rate = self.rate;
        for iteration in 1..=self.iterations {
            if iteration % self.rate_steps == 0 {
                rate *= self.rate_factor;
            }
            let labels = weighted_labels(judgments, &skills);
            for (skill, agreement) in skills.iter_mut().zip(agreement(judgments, &labels)) {
                *skill += rate * (agreement - *skill);
            }
            progress.step();
        }
        let convergence = Convergence { iterations: self.iterations, ..Convergence::CLOSED_FORM };
        weighted_vote(judgments, skills, convergence)
    }
}

/// Share of each worker's judgments that equal the given labels; 0 for a worker without judgments.
pub(crate) fn agreement(judgments: &Judgments, labels: &[u16]) -> Vec<f64> {
    let mut equal = vec![0u32; judgments.workers()];
    for (task, &given) in labels.iter().enumerate() {
        for (worker, label) in judgments.task(task) {
            equal[worker] += u32::from(label == given as usize);
        }
    }
    let counts = judgments.judgments_per_worker();
    equal
        .into_iter()
        .zip(counts)
        .map(|(equal, all)| f64::from(equal) / f64::from(all.max(1)))
        .collect()
}

/// How many gold tasks each worker judged right, and judged at all.
pub(crate) fn gold_score(judgments: &Judgments) -> (Vec<u32>, Vec<u32>) {
    let (mut right, mut judged) = (vec![0; judgments.workers()], vec![0; judgments.workers()]);
    for task in 0..judgments.tasks() {
        let Some(gold) = judgments.gold(task) else { continue };
        for (worker, label) in judgments.task(task) {
            right[worker] += u32::from(label == gold);
            judged[worker] += 1;
        }
    }
    (right, judged)
}

fn weighted_labels(judgments: &Judgments, weights: &[f64]) -> Vec<u16> {
    let mut row = vec![0.0; judgments.classes()];
    let label = |task| {
        row.fill(0.0);
        for (worker, label) in judgments.task(task) {
            row[label] += weights[worker];
        }
        judgments.gold(task).unwrap_or_else(|| argmax(&row)) as u16
    };
    (0..judgments.tasks()).map(label).collect()
}

fn weighted_vote(
    judgments: &Judgments,
    skills: Vec<f64>,
    convergence: Convergence,
) -> Result<Fit, Error> {
    check_posterior(judgments)?;
    let prior = label_shares(judgments);
    let values = vote_shares(judgments, |worker| skills[worker], &prior);
    assemble(judgments, values, prior, Some(skills), convergence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::categorical::testing::judgments;

    /// Tasks 0: 0 0 1, 1: 1 1 1, 2: 1 0: agreement of worker 0, 1, 2 with the majority (tie to 0) is 2/3, 1, 1/2.
    #[test]
    fn wawa_weights_by_agreement() {
        let data = judgments(
            3,
            3,
            2,
            &[
                (0, 0, 0),
                (0, 1, 0),
                (0, 2, 1),
                (1, 0, 1),
                (1, 1, 1),
                (1, 2, 1),
                (2, 0, 1),
                (2, 1, 0),
            ],
        );
        let fit = Wawa.fit(&data).unwrap();
        assert_eq!(fit.workers.skill.unwrap(), [2.0 / 3.0, 1.0, 0.5]);
        assert!((fit.posterior.row(2)[0] - 0.6).abs() < 1e-12);
        let zero = ZeroBasedSkill::default().fit(&data).unwrap();
        assert_eq!(zero.labels, fit.labels);
    }

    #[test]
    fn gold_weights_need_gold() {
        let data = judgments(2, 3, 2, &[(0, 0, 0), (0, 1, 1), (1, 0, 0), (1, 1, 1), (1, 2, 1)]);
        assert!(matches!(GoldMajorityVote.fit(&data), Err(Error::Missing { .. })));
        let fit = GoldMajorityVote.fit(&data.with_gold(&[(0, 0)]).unwrap()).unwrap();
        assert_eq!(fit.workers.skill.unwrap(), [1.0, 0.0, 0.5]);
        assert_eq!(fit.labels, [0, 0]);
    }
}
