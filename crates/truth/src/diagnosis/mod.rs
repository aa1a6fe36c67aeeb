//! Workers who need a look: spammers, and pairs who agree too well.

use std::collections::BTreeMap;

use crate::error::{Error, check_parameter};
use crate::fit::{Confusions, Fit};
use crate::judgments::Judgments;

/// How far a worker's answers depend on the truth: 1 for a worker whose answers determine it, 0 for a spammer.
///
/// S = 1/(K(K−1)) Σ over c < c′ Σ over answers (π(c, y) − π(c′, y))²; with two classes (sensitivity + specificity −
/// 1)². An adversary who always answers wrongly is no spammer: the answers can be turned round. 0 for one class.
///
/// Raykar, Yu: Eliminating Spammers and Ranking Annotators for Crowdsourced Labeling Tasks. JMLR 13, 2012,
/// <https://jmlr.org/papers/v13/raykar12a.html>.
pub fn spammer_scores(confusions: &Confusions) -> Vec<f64> {
    let classes = confusions.classes();
    let pairs = (classes * classes.saturating_sub(1)).max(1) as f64;
    let score = |worker: usize| {
        let mut sum = 0.0;
        for truth in 0..classes {
            for other in 0..truth {
                let rows = confusions.row(worker, truth).iter().zip(confusions.row(worker, other));
                sum += rows.map(|(a, b)| (a - b).powi(2)).sum::<f64>();
            }
        }
        (sum / pairs).min(1.0)
    };
    (0..confusions.workers()).map(score).collect()
}

/// Two workers who judged some tasks in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The worker of the lower code.
    pub first: u32,
    /// The worker of the higher code.
    pub second: u32,
    /// Tasks that both judged.
    pub common: u32,
    /// Tasks on which they gave the same answer.
    pub equal: u32,
    /// Equal answers expected of two workers who answer independently given the truth.
    pub expected: f64,
    /// (equal − expected) in standard deviations.
    pub excess: f64,
}

/// Pairs who agree more often than two workers who answer independently given the truth, by falling excess.
///
/// The truth of a task is judged by all but the two: q₋(t, c) ∝ q(t, c) / (πᵛ(c, yᵛ) πʷ(c, yʷ)); aᵛ and aʷ are their
/// accuracies under it. Equal answers are then expected with p(t) = aᵛaʷ + (1 − aᵛ)(1 − aʷ) Σ q₋(t, c) h(c), h(c) the
/// probability that two wrong answers of the crowd are the same; the excess is (equal − Σ p)/√(n p̄ (1 − p̄)).
/// Pairs with fewer than `common` tasks or less than `excess` are left out. Workers who copy from each other, share an
/// account or follow the same script have an excess of many standard deviations; so have, less, those who
/// misunderstand in the same way. Where a copying pair leads the consensus astray, honest pairs gain some excess too:
/// look at the first pair, take it out, and look again. Takes time quadratic in the judgments of a task.
///
/// # Errors
/// A fit without confusion matrices or of other judgments; an excess that is not a number.
pub fn close_pairs(
    judgments: &Judgments,
    fit: &Fit,
    common: u32,
    excess: f64,
) -> Result<Vec<Pair>, Error> {
    check_parameter("excess", excess, true, "a number")?;
    let confusions = fit
        .workers
        .confusions
        .as_ref()
        .ok_or(Error::Missing { method: "close pairs", what: "a fit with confusion matrices" })?;
    for (what, expected, found) in [
        ("posterior", judgments.tasks(), fit.posterior.tasks()),
        ("confusions", judgments.workers(), confusions.workers()),
    ] {
        if expected != found && judgments.classes() > 0 {
            return Err(Error::Shape { what, expected, found });
        }
    }
    let coincidence = coincidence(confusions);
    let mut sums: BTreeMap<(u32, u32), Sums> = BTreeMap::new();
    let mut without = vec![0.0; judgments.classes()];
    for task in 0..judgments.tasks() {
        let judged: Vec<(usize, usize)> = judgments.task(task).collect();
        for (index, &second) in judged.iter().enumerate() {
            for &first in judged[..index].iter().filter(|first| first.0 != second.0) {
                leave_out(confusions, fit.posterior.row(task), [first, second], &mut without);
                let (low, high) =
                    if first.0 < second.0 { (first, second) } else { (second, first) };
                let sum = sums.entry((low.0 as u32, high.0 as u32)).or_default();
                sum.common += 1;
                sum.equal += u32::from(low.1 == high.1);
                sum.right[0] += without[low.1];
                sum.right[1] += without[high.1];
                sum.coincidence +=
                    without.iter().zip(&coincidence).map(|(q, h)| q * h).sum::<f64>();
            }
        }
    }
    let mut pairs: Vec<Pair> = sums
        .into_iter()
        .map(|((first, second), sums)| sums.pair(first, second))
        .filter(|pair| pair.common >= common && pair.excess >= excess)
        .collect();
    pairs.sort_by(|a, b| b.excess.total_cmp(&a.excess));
    Ok(pairs)
}

/// What the common tasks of a pair add up to.
#[derive(Default)]
struct Sums {
    common: u32,
    equal: u32,
    right: [f64; 2],
    coincidence: f64,
}

impl Sums {
    fn pair(&self, first: u32, second: u32) -> Pair {
        let count = f64::from(self.common);
        // One right and one wrong judgment are added, so that few tasks prove nothing.
        let [a, b] = self.right.map(|right| (right + 1.0) / (count + 2.0));
        let share = a * b + (1.0 - a) * (1.0 - b) * self.coincidence / count;
        let deviation = (count * share * (1.0 - share)).max(1e-9).sqrt();
        let expected = count * share;
        let excess = (f64::from(self.equal) - expected) / deviation;
        Pair { first, second, common: self.common, equal: self.equal, expected, excess }
    }
}

/// Probability that two wrong answers are the same, for each truth, from the crowd's pooled confusions.
fn coincidence(confusions: &Confusions) -> Vec<f64> {
    let classes = confusions.classes();
    let of = |truth: usize| {
        let mut pooled = vec![0.0; classes];
        for worker in 0..confusions.workers() {
            let weight = confusions.weight(worker, truth);
            for (sum, value) in pooled.iter_mut().zip(confusions.row(worker, truth)) {
                *sum += weight * value;
            }
        }
        pooled[truth] = 0.0;
        let total: f64 = pooled.iter().sum();
        pooled.iter().map(|value| (value / total.max(1e-12)).powi(2)).sum()
    };
    (0..classes).map(of).collect()
}

/// The posterior of a task without two of its judgments.
fn leave_out(
    confusions: &Confusions,
    posterior: &[f64],
    judged: [(usize, usize); 2],
    without: &mut [f64],
) {
    for (truth, place) in without.iter_mut().enumerate() {
        let [first, second] =
            judged.map(|(worker, answer)| confusions.row(worker, truth)[answer].max(1e-6));
        *place = posterior[truth].max(1e-12) / (first * second);
    }
    let total: f64 = without.iter().sum();
    for value in without {
        *value /= total;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::categorical::HierarchicalDawidSkene;
    use crate::categorical::testing::{judgments, simulated};
    use crate::fit::Estimator as _;

    #[test]
    fn scores_are_zero_for_spammers_and_one_for_the_sure() {
        let rows =
            vec![1.0, 0.0, 0.0, 1.0, 0.7, 0.3, 0.7, 0.3, 0.0, 1.0, 1.0, 0.0, 0.9, 0.1, 0.3, 0.7];
        let scores = spammer_scores(&Confusions::new(2, rows, vec![1.0; 8]).unwrap());
        let expected = [1.0, 0.0, 1.0, (0.9f64 + 0.7 - 1.0).powi(2)];
        assert!(
            scores.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-12)
        );
    }

    #[test]
    fn a_copier_is_found_and_the_independent_are_not() {
        let (data, _) = simulated(300, 3, &[0.7, 0.7, 0.7, 0.7, 0.7], 3);
        let mut rows = Vec::new();
        for task in 0..data.tasks() {
            for (worker, label) in data.task(task) {
                rows.push((task as u32, worker as u32, label as u16));
                if worker == 2 {
                    rows.push((task as u32, 5, label as u16));
                }
            }
        }
        let data = judgments(300, 6, 3, &rows);
        let fit = HierarchicalDawidSkene::default().fit(&data).unwrap();
        let pairs = close_pairs(&data, &fit, 20, 8.0).unwrap();
        assert_eq!(
            pairs.iter().map(|pair| (pair.first, pair.second)).collect::<Vec<_>>(),
            [(2, 5)]
        );
        assert_eq!((pairs[0].common, pairs[0].equal), (300, 300));
    }
}
