//! RASA: reliability-aware aggregation of embeddings.

use super::embeddings::{EmbeddingFit, Embeddings, relative_change};
use crate::error::{Error, check_parameter};
use crate::fit::Convergence;
use crate::special::chi_squared_quantile;

/// The aggregate of a task is the mean of its answers' embeddings weighted by their workers' reliability
/// `β_w = χ²(1 - α/2, n_w) / Σ |e - ê|²`; both are repeated until the aggregates stay. The answer closest to the
/// aggregate (cosine) is chosen.
///
/// Source: Li & Fukumoto 2019, "A Dataset of Crowdsourced Word Sequences: Collections and Answer Aggregation for
/// Ground Truth Creation", doi:10.18653/v1/D19-5904.
#[derive(Debug, Clone, PartialEq)]
pub struct Rasa {
    /// Most rounds; 0 leaves the plain means.
    pub iterations: usize,
    /// Stop when the aggregates' squared change is less than this share of their squared size.
    pub tolerance: f64,
    /// Significance α of the chi-squared quantile, inside 0..1.
    pub significance: f64,
}

impl Default for Rasa {
    fn default() -> Self {
        Self { iterations: 100, tolerance: 1e-9, significance: 0.05 }
    }
}

impl Rasa {
    /// Aggregates and chooses.
    ///
    /// # Errors
    /// Columns of different length, a code out of range, a value that is not finite, a parameter out of range.
    pub fn fit(&self, embeddings: &Embeddings) -> Result<EmbeddingFit, Error> {
        embeddings.by_task()?;
        let rounds = Rounds {
            iterations: self.iterations,
            tolerance: self.tolerance,
            significance: self.significance,
        };
        rounds.fit(embeddings, None)
    }
}

/// The alternation that RASA and HRRASA share.
pub(super) struct Rounds {
    pub iterations: usize,
    pub tolerance: f64,
    pub significance: f64,
}

/// Smallest sum of squared distances of a worker.
const SMALLEST_SUM: f64 = 1e-5;

impl Rounds {
    /// `local` is the reliability of each answer on its own task, negative for one that cannot be compared: it
    /// takes no part. `None` for all 1. The embeddings must have been checked.
    pub(super) fn fit(
        &self,
        embeddings: &Embeddings,
        local: Option<&[f64]>,
    ) -> Result<EmbeddingFit, Error> {
        check_parameter("tolerance", self.tolerance, self.tolerance >= 0.0, "at least 0")?;
        let inside = self.significance > 0.0 && self.significance < 1.0;
        check_parameter("significance", self.significance, inside, "inside 0..1")?;
        let even = vec![1.0; embeddings.task.len()];
        let local = local.unwrap_or(&even);
        let quantiles = self.quantiles(embeddings, local);
        let mut skills = vec![1.0; embeddings.workers];
        let mut weights = answer_weights(embeddings, local, &skills);
        let mut aggregated = embeddings.aggregate(&weights);
        let mut loss = Vec::new();
        let mut convergence = Convergence::default();
        while convergence.iterations < self.iterations && !convergence.converged {
            convergence.iterations += 1;
            let next = embeddings.aggregate(&weights);
            skills = worker_skills(embeddings, &next, local, &quantiles);
            weights = answer_weights(embeddings, local, &skills);
            if convergence.iterations > 1 {
                let change = relative_change(&aggregated, &next);
                loss.push(change);
                convergence.converged = change < self.tolerance;
            }
            aggregated = next;
        }
        let (chosen, distances) = embeddings.choose(&aggregated);
        Ok(EmbeddingFit { aggregated, chosen, distances, skills, weights, loss, convergence })
    }

    fn quantiles(&self, embeddings: &Embeddings, local: &[f64]) -> Vec<f64> {
        let mut counts = vec![0u32; embeddings.workers];
        for (&worker, local) in embeddings.worker.iter().zip(local) {
            counts[worker as usize] += u32::from(*local >= 0.0);
        }
        let upper = 1.0 - self.significance / 2.0;
        let quantile = |count| match count {
            0 => 0.0,
            _ => chi_squared_quantile(f64::from(count), upper),
        };
        counts.into_iter().map(quantile).collect()
    }
}

fn worker_skills(
    embeddings: &Embeddings,
    aggregated: &[f64],
    local: &[f64],
    quantiles: &[f64],
) -> Vec<f64> {
    let mut sums = vec![0.0; embeddings.workers];
    let distances = embeddings.squared_distances(aggregated);
    for ((&worker, distance), local) in embeddings.worker.iter().zip(&distances).zip(local) {
        if *local >= 0.0 {
            sums[worker as usize] += distance / local.max(f64::MIN_POSITIVE);
        }
    }
    let bounded = |sum: f64| sum.clamp(SMALLEST_SUM, f64::MAX);
    let mut skills: Vec<f64> =
        quantiles.iter().zip(sums).map(|(quantile, sum)| quantile / bounded(sum)).collect();
    let known = quantiles.iter().filter(|quantile| **quantile > 0.0).count();
    let mean = if known > 0 { skills.iter().sum::<f64>() / known as f64 } else { 1.0 };
    for (skill, quantile) in skills.iter_mut().zip(quantiles) {
        *skill = if *quantile > 0.0 { *skill } else { mean };
    }
    skills
}

fn answer_weights(embeddings: &Embeddings, local: &[f64], skills: &[f64]) -> Vec<f64> {
    let weight = |(&worker, &local): (&u32, &f64)| {
        // The only answer of a task is its aggregate, whatever it weighs.
        if local >= 0.0 { skills[worker as usize] * local } else { 1.0 }
    };
    embeddings.worker.iter().zip(local).map(weight).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::super::{Hrrasa, gleu_reliability};
    use super::*;

    pub(in crate::text) fn embeddings(rows: &[(u32, u32, [f64; 2])]) -> Embeddings {
        Embeddings {
            tasks: 3,
            workers: 4,
            dimensions: 2,
            task: rows.iter().map(|row| row.0).collect(),
            worker: rows.iter().map(|row| row.1).collect(),
            values: rows.iter().flat_map(|row| row.2).collect(),
            truth: Vec::new(),
        }
    }

    #[test]
    fn one_round_by_hand() {
        // One task; the mean is (1, 1), squared distances 1, 1 and 2, χ²(0.975, 1) = 5.023886.
        let rows = [(0, 0, [0.0, 1.0]), (0, 1, [1.0, 0.0]), (0, 2, [2.0, 2.0])];
        let fit = Rasa { iterations: 1, ..Rasa::default() }.fit(&embeddings(&rows)).unwrap();
        assert!((fit.aggregated[0] - 1.0).abs() < 1e-12 && (fit.aggregated[1] - 1.0).abs() < 1e-12);
        for (worker, sum) in [1.0, 1.0, 2.0].into_iter().enumerate() {
            assert!((fit.skills[worker] - 5.023_886_187_314_888 / sum).abs() < 1e-6);
        }
        assert_eq!(fit.chosen[0], Some(2)); // the only one in the direction of (1, 1)
    }

    #[test]
    fn a_known_embedding_stays_and_teaches() {
        let rows = [(0, 0, [1.0, 0.0]), (0, 1, [0.0, 1.0]), (1, 0, [1.0, 0.1]), (1, 1, [0.1, 1.0])];
        let mut columns = embeddings(&rows);
        columns.truth = vec![(0, vec![1.0, 0.0])];
        let fit = Rasa::default().fit(&columns).unwrap();
        assert_eq!(fit.aggregated[..2], [1.0, 0.0]);
        assert_eq!(fit.chosen, [Some(0), Some(2), None]);
        assert!(fit.skills[0] > 10.0 * fit.skills[1]);
    }

    #[test]
    fn names_what_does_not_fit() {
        let mut columns = embeddings(&[(0, 0, [1.0, 0.0]), (0, 1, [f64::NAN, 0.0])]);
        let error = Rasa::default().fit(&columns).unwrap_err();
        assert_eq!(error.to_string(), "row 1: embedding is NaN, expected a finite number");
        columns.values.pop();
        let error = Rasa::default().fit(&columns).unwrap_err();
        assert_eq!(error.to_string(), "`embeddings` has 3 entries, expected 4");
    }

    proptest! {
        #[test]
        fn both_stay_finite(
            rows in prop::collection::vec((0..3u32, 0..4u32, [-9.0..9.0f64, -9.0..9.0f64]), 0..20),
            zero: bool,
        ) {
            let rows: Vec<_> = rows.into_iter()
                .map(|(t, w, e)| (t, w, if zero { [0.0, 0.0] } else { e }))
                .collect();
            let columns = embeddings(&rows);
            let tokens: Vec<Vec<u32>> = rows.iter().map(|row| vec![row.0, row.1]).collect();
            let outputs = gleu_reliability(&columns, &tokens).unwrap();
            let fits = [Rasa::default().fit(&columns), Hrrasa::default().fit(&columns, &outputs)];
            for fit in fits {
                let fit = fit.unwrap();
                let all = fit.aggregated.iter().chain(&fit.skills).chain(&fit.weights);
                prop_assert!(all.into_iter().all(|value| value.is_finite()), "{:?}", fit);
                prop_assert!(!fit.distances.iter().any(|distance| distance.is_nan()));
            }
        }
    }
}
