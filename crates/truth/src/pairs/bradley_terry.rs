//! Bradley-Terry strengths by minorise-maximise.

use super::comparisons::{Comparisons, Win};
use super::{Strengths, normalize};
use crate::error::{Error, check_parameter};

/// What a tie means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ties {
    /// Half a win for each side.
    #[default]
    Halves,
    /// An outcome with a probability of its own, estimated from how often ties occur: `P(tie) = ν √(pq) / D`,
    /// `P(win) = p / D` with `D = p + q + ν √(pq)`.
    Davidson,
}

/// The Bradley-Terry model: `P(i beats j) = p_i / (p_i + p_j)`.
///
/// Fitted by Hunter's minorise-maximise algorithm, `p_i ← w_i / Σ_j n_ij / (p_i + p_j)`, which climbs the
/// likelihood in every step. Without `prior` an item that never wins has strength 0 (the maximum of the
/// likelihood); with it the strengths stay inside. One update costs time linear in the comparisons.
///
/// Sources: Bradley & Terry 1952, doi:10.2307/2334029; Hunter 2004, doi:10.1214/aos/1079120141; ties: Davidson
/// 1970, doi:10.1080/01621459.1970.10481082.
///
/// ```
/// use crowdsmith_truth::pairs::{BradleyTerry, Comparisons, Outcome};
///
/// let comparisons = Comparisons {
///     items: 2,
///     workers: 1,
///     worker: vec![0; 4],
///     left: vec![0; 4],
///     right: vec![1; 4],
///     outcome: vec![Outcome::Left, Outcome::Left, Outcome::Left, Outcome::Right],
/// };
/// let fit = BradleyTerry::default().fit(&comparisons)?;
/// assert!((fit.scores[0] - 0.75).abs() < 1e-6); // three wins of four
/// # Ok::<(), crowdsmith_truth::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct BradleyTerry {
    /// Most updates.
    pub iterations: usize,
    /// Stop when the scores change by less than this in sum of absolute differences.
    pub tolerance: f64,
    /// Comparisons of every item with a typical item that are added, half of them won; at least 0.
    pub prior: f64,
    /// What a tie means.
    pub ties: Ties,
}

impl Default for BradleyTerry {
    fn default() -> Self {
        Self { iterations: 1000, tolerance: 1e-10, prior: 0.0, ties: Ties::Halves }
    }
}

impl BradleyTerry {
    /// Estimates the strengths; workers are not told apart.
    ///
    /// # Errors
    /// Columns of different length, a code out of range, a negative `prior` or `tolerance`.
    pub fn fit(&self, comparisons: &Comparisons) -> Result<Strengths, Error> {
        comparisons.check()?;
        check_parameter("tolerance", self.tolerance, self.tolerance >= 0.0, "at least 0")?;
        check_parameter("prior", self.prior, self.prior >= 0.0, "at least 0")?;
        let wins = comparisons.wins();
        let mut ascent = Ascent::new(comparisons.items, self.prior, self.ties);
        let (mut iterations, mut converged) = (0, comparisons.items == 0);
        while iterations < self.iterations && !converged {
            iterations += 1;
            converged = ascent.step(wins.iter().map(|win| (*win, win.weight))) < self.tolerance;
        }
        Ok(Strengths { scores: ascent.scores, tie: ascent.tie, iterations, converged })
    }
}

/// The state of the ascent; the mixtures over workers use it with weights of their own.
pub(super) struct Ascent {
    pub(super) scores: Vec<f64>,
    tie: f64,
    prior: f64,
    ties: Ties,
}

impl Ascent {
    pub(super) fn new(items: usize, prior: f64, ties: Ties) -> Self {
        let scores = vec![1.0 / items.max(1) as f64; items];
        let tie = if ties == Ties::Davidson { 1.0 } else { 0.0 };
        Self { scores, tie, prior, ties }
    }

    /// One update from weighted wins; says by how much scores and tie parameter moved.
    pub(super) fn step(&mut self, wins: impl Iterator<Item = (Win, f64)>) -> f64 {
        let items = self.scores.len();
        let typical = 1.0 / items as f64;
        let mut won = vec![self.prior / 2.0; items];
        let mut exposure: Vec<f64> =
            self.scores.iter().map(|&score| self.prior / (score + typical)).collect();
        let (mut tied, mut tie_exposure) = (0.0, 0.0);
        for (win, weight) in wins {
            let (p, q) = (self.scores[win.winner], self.scores[win.loser]);
            let middle = self.tie * (p * q).sqrt();
            let all = (p + q + middle).max(f64::MIN_POSITIVE);
            won[win.winner] += weight;
            exposure[win.winner] += weight * (1.0 + half_ratio(self.tie, q, p)) / all;
            exposure[win.loser] += weight * (1.0 + half_ratio(self.tie, p, q)) / all;
            tied += if win.tied { weight } else { 0.0 };
            tie_exposure += weight * (p * q).sqrt() / all;
        }
        let before = self.tie;
        if self.ties == Ties::Davidson {
            self.tie = if tie_exposure > 0.0 { (tied / tie_exposure).min(1e6) } else { 0.0 };
        }
        self.replace(&won, &exposure) + (self.tie - before).abs() / (1.0 + before)
    }

    fn replace(&mut self, won: &[f64], exposure: &[f64]) -> f64 {
        // An item nobody compared keeps its place; one that never won goes to 0.
        let mut next: Vec<f64> = (won.iter().zip(exposure).zip(&self.scores))
            .map(|((&won, &exposure), &old)| if exposure > 0.0 { won / exposure } else { old })
            .collect();
        normalize(&mut next);
        let change = next.iter().zip(&self.scores).map(|(new, old)| (new - old).abs()).sum();
        self.scores = next;
        change
    }
}

/// `ν/2 · √(other / own)`, the part of a tie that minorises into an item's own strength.
fn half_ratio(tie: f64, other: f64, own: f64) -> f64 {
    if tie > 0.0 && own > 0.0 { tie / 2.0 * (other / own).sqrt() } else { 0.0 }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::super::Outcome;
    use super::*;

    pub(in crate::pairs) fn comparisons(rows: &[(u32, u32, u32, Outcome)]) -> Comparisons {
        let mut columns = Comparisons::default();
        for &(worker, left, right, outcome) in rows {
            columns.items = columns.items.max(left.max(right) as usize + 1);
            columns.workers = columns.workers.max(worker as usize + 1);
            columns.worker.push(worker);
            columns.left.push(left);
            columns.right.push(right);
            columns.outcome.push(outcome);
        }
        columns
    }

    #[test]
    fn agresti_baseball_1987() {
        // American League 1987, wins of row over column; log-strengths relative to Baltimore as in Agresti,
        // Categorical Data Analysis, table 11.9 (Milwaukee 1.58, Detroit 1.44, Toronto 1.29, New York 1.25,
        // Boston 1.11, Cleveland 0.68).
        let wins = [
            [0, 7, 9, 7, 7, 9, 11],
            [6, 0, 7, 5, 11, 9, 9],
            [4, 6, 0, 7, 7, 8, 12],
            [6, 8, 6, 0, 6, 7, 10],
            [6, 2, 6, 7, 0, 7, 12],
            [4, 4, 5, 6, 6, 0, 6],
            [2, 4, 1, 3, 1, 7, 0],
        ];
        let mut rows = Vec::new();
        for (left, row) in wins.iter().enumerate() {
            for (right, &count) in row.iter().enumerate() {
                rows.extend((0..count).map(|_| (0, left as u32, right as u32, Outcome::Left)));
            }
        }
        let fit = BradleyTerry::default().fit(&comparisons(&rows)).unwrap();
        let published = [1.58, 1.44, 1.29, 1.25, 1.11, 0.68, 0.0];
        for (score, expected) in fit.scores.iter().zip(published) {
            assert!(((score / fit.scores[6]).ln() - expected).abs() < 0.006, "{fit:?}");
        }
        assert!(fit.converged);
    }

    #[test]
    fn a_cycle_is_even_and_no_iteration_is_uniform() {
        let rows = [(0, 0, 1, Outcome::Left), (0, 1, 2, Outcome::Left), (0, 2, 0, Outcome::Left)];
        for iterations in [0, 50] {
            let model = BradleyTerry { iterations, ..BradleyTerry::default() };
            let fit = model.fit(&comparisons(&rows)).unwrap();
            assert!(fit.scores.iter().all(|score| (score - 1.0 / 3.0).abs() < 1e-12));
        }
    }

    #[test]
    fn davidson_recovers_the_tie_rate_between_equals() {
        // Two equal items, half of the outcomes tied: ν / (2 + ν) = 1/2, so ν = 2.
        let rows = [
            (0, 0, 1, Outcome::Left),
            (0, 0, 1, Outcome::Right),
            (0, 0, 1, Outcome::Tie),
            (0, 0, 1, Outcome::Tie),
        ];
        let model = BradleyTerry { ties: Ties::Davidson, ..BradleyTerry::default() };
        let fit = model.fit(&comparisons(&rows)).unwrap();
        assert!((fit.tie - 2.0).abs() < 1e-6 && (fit.scores[0] - 0.5).abs() < 1e-9, "{fit:?}");
    }

    #[test]
    fn names_the_row_of_an_unknown_item() {
        let mut columns = comparisons(&[(0, 0, 1, Outcome::Left), (0, 1, 0, Outcome::Tie)]);
        columns.right[1] = 7;
        let error = BradleyTerry::default().fit(&columns).unwrap_err();
        assert_eq!(error.to_string(), "row 1: right code 7 is out of range, there are 2");
    }

    proptest! {
        #[test]
        fn scores_are_a_distribution(
            rows in prop::collection::vec((0..3u32, 0..6u32, 0..6u32, 0..3u8), 0..40),
            prior in 0.0..2.0f64,
            davidson: bool,
        ) {
            let rows: Vec<_> = (rows.into_iter())
                .map(|(worker, left, right, outcome)| {
                    let outcomes = [Outcome::Left, Outcome::Right, Outcome::Tie];
                    (worker, left, right, outcomes[outcome as usize])
                })
                .collect();
            let ties = if davidson { Ties::Davidson } else { Ties::Halves };
            let model = BradleyTerry { iterations: 60, prior, ties, ..BradleyTerry::default() };
            let fit = model.fit(&comparisons(&rows)).unwrap();
            prop_assert!(fit.scores.iter().all(|score| score.is_finite() && *score >= 0.0));
            prop_assert!(fit.scores.is_empty() || (fit.scores.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert!(fit.tie.is_finite());
        }
    }
}
