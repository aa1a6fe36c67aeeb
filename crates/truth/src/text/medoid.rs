//! Choosing one of the given texts by edit distance.

use rayon::prelude::*;

use super::edit::relative_distance;
use super::texts::Texts;
use crate::error::{Error, check_parameter};
use crate::fit::Convergence;
use crate::special::chi_squared_quantile;

/// The text closest to the others of its task: smallest mean relative edit distance; the first among equals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Medoid;

/// RASA on edit distance: the chosen text is the one closest to the others weighted by their workers' reliability,
/// `χ²(1 - α/2, n_w) / Σ d²` with the distances of a worker's texts from the chosen ones; both are repeated.
///
/// Without a vector space there is no average of texts, so the aggregate is always one of those given. Source of
/// the weights: Li & Fukumoto 2019, doi:10.18653/v1/D19-5904.
#[derive(Debug, Clone, PartialEq)]
pub struct SequenceRasa {
    /// Most rounds.
    pub iterations: usize,
    /// Significance α of the chi-squared quantile, inside 0..1.
    pub significance: f64,
}

/// Which text stands for each task.
#[derive(Debug, Clone, PartialEq)]
pub struct TextFit {
    /// The row of the chosen text of each task; `None` for a task without texts.
    pub chosen: Vec<Option<usize>>,
    /// Distance of every text from the chosen one of its task, 0..=1.
    pub distances: Vec<f64>,
    /// Reliability of every worker, positive, 1 on average over the texts; all 1 for [`Medoid`].
    pub reliability: Vec<f64>,
    /// How the iteration ended.
    pub convergence: Convergence,
}

impl Default for SequenceRasa {
    fn default() -> Self {
        Self { iterations: 100, significance: 0.05 }
    }
}

/// Smallest sum of squared distances of a worker: one who always gave the chosen text is good, not infinitely so.
const SMALLEST_SUM: f64 = 1e-2;

impl Medoid {
    /// Chooses a text for every task.
    ///
    /// # Errors
    /// Columns of different length, a code out of range.
    pub fn fit(&self, texts: &Texts) -> Result<TextFit, Error> {
        let tables = Tables::new(texts)?;
        let reliability = vec![1.0; texts.workers];
        let chosen = tables.choose(texts, &reliability);
        let distances = tables.distances(texts, &chosen);
        Ok(TextFit { chosen, distances, reliability, convergence: Convergence::CLOSED_FORM })
    }
}

impl SequenceRasa {
    /// Chooses a text for every task and weighs the workers.
    ///
    /// # Errors
    /// Columns of different length, a code out of range, a significance that is not inside 0..1.
    pub fn fit(&self, texts: &Texts) -> Result<TextFit, Error> {
        let inside = self.significance > 0.0 && self.significance < 1.0;
        check_parameter("significance", self.significance, inside, "inside 0..1")?;
        let tables = Tables::new(texts)?;
        let mut counts = vec![0.0; texts.workers];
        for &worker in &texts.worker {
            counts[worker as usize] += 1.0;
        }
        let quantile = |&count: &f64| match count {
            1.0.. => chi_squared_quantile(count, 1.0 - self.significance / 2.0),
            _ => 0.0,
        };
        let quantiles: Vec<f64> = counts.iter().map(quantile).collect();
        let mut fit = Medoid.fit(texts)?;
        fit.convergence = Convergence::default();
        while fit.convergence.iterations < self.iterations && !fit.convergence.converged {
            fit.convergence.iterations += 1;
            fit.reliability = reliability(texts, &fit.distances, &quantiles);
            let chosen = tables.choose(texts, &fit.reliability);
            fit.convergence.converged = chosen == fit.chosen;
            fit.chosen = chosen;
            fit.distances = tables.distances(texts, &fit.chosen);
        }
        Ok(fit)
    }
}

fn reliability(texts: &Texts, distances: &[f64], quantiles: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; quantiles.len()];
    for (&worker, distance) in texts.worker.iter().zip(distances) {
        sums[worker as usize] += distance * distance;
    }
    let mut reliability: Vec<f64> = quantiles
        .iter()
        .zip(&sums)
        .map(|(quantile, sum)| quantile / sum.max(SMALLEST_SUM))
        .collect();
    let total: f64 = texts.worker.iter().map(|&worker| reliability[worker as usize]).sum();
    let mean = total / texts.worker.len().max(1) as f64;
    for value in &mut reliability {
        // Who gave no text is like everybody.
        *value = if *value > 0.0 { *value / mean } else { 1.0 };
    }
    reliability
}

/// Pairwise distances within every task.
struct Tables {
    rows: Vec<Vec<usize>>,
    distance: Vec<Vec<f64>>,
}

impl Tables {
    fn new(texts: &Texts) -> Result<Self, Error> {
        let rows = texts.by_task()?;
        let table = |rows: &Vec<usize>| -> Vec<f64> {
            let tokens = |row: &usize| texts.tokens[*row].as_slice();
            let pairs = rows.iter().flat_map(|a| rows.iter().map(move |b| (a, b)));
            pairs.map(|(a, b)| relative_distance(tokens(a), tokens(b))).collect()
        };
        let distance = rows.par_iter().map(table).collect();
        Ok(Self { rows, distance })
    }

    fn choose(&self, texts: &Texts, reliability: &[f64]) -> Vec<Option<usize>> {
        let best = |(rows, distance): (&Vec<usize>, &Vec<f64>)| {
            let cost = |place: usize| -> f64 {
                let from = &distance[place * rows.len()..][..rows.len()];
                let weights = rows.iter().map(|&row| reliability[texts.worker[row] as usize]);
                from.iter().zip(weights).map(|(distance, weight)| distance * weight).sum()
            };
            let costs = (0..rows.len()).map(|place| (place, cost(place)));
            costs.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(place, _)| rows[place])
        };
        self.rows.iter().zip(&self.distance).map(best).collect()
    }

    fn distances(&self, texts: &Texts, chosen: &[Option<usize>]) -> Vec<f64> {
        let mut distances = vec![0.0; texts.task.len()];
        for (task, rows) in self.rows.iter().enumerate() {
            let Some(place) = rows.iter().position(|row| Some(*row) == chosen[task]) else {
                continue;
            };
            for (row, distance) in rows.iter().zip(&self.distance[task][place * rows.len()..]) {
                distances[*row] = *distance;
            }
        }
        distances
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// (task, worker, text)
    fn texts(rows: &[(u32, u32, &str)]) -> Texts {
        Texts {
            tasks: 3,
            workers: 4,
            task: rows.iter().map(|row| row.0).collect(),
            worker: rows.iter().map(|row| row.1).collect(),
            tokens: (rows.iter())
                .map(|row| row.2.split_whitespace().map(str::to_owned).collect())
                .collect(),
        }
    }

    #[test]
    fn the_medoid_is_in_the_middle() {
        let fit =
            Medoid.fit(&texts(&[(0, 0, "a b c d"), (0, 1, "a b c"), (0, 2, "a b x")])).unwrap();
        assert_eq!(fit.chosen, [Some(1), None, None]);
        assert!((fit.distances[0] - 0.25).abs() < 1e-12 && fit.distances[1].abs() < 1e-12);
    }

    #[test]
    fn a_reliable_worker_decides_where_the_others_scatter() {
        let rows = [
            (0, 0, "one two three four"),
            (0, 1, "one two three four"),
            (0, 2, "nine eight"),
            (1, 0, "five six seven"),
            (1, 1, "five six seven"),
            (1, 2, "zero"),
            (2, 2, "red red green blue"),
            (2, 0, "red green"),
        ];
        let fit = SequenceRasa::default().fit(&texts(&rows)).unwrap();
        assert!(fit.reliability[0] > 3.0 * fit.reliability[2], "{fit:?}");
        assert_eq!(fit.chosen, [Some(0), Some(3), Some(7)]);
        assert!(fit.convergence.converged);
    }

    proptest! {
        #[test]
        fn chooses_a_text_of_the_task(
            rows in prop::collection::vec((0..3u32, 0..4u32, "[ab ]{0,6}"), 0..15),
        ) {
            let rows: Vec<_> = rows.iter().map(|row| (row.0, row.1, row.2.as_str())).collect();
            let texts = texts(&rows);
            let fit = SequenceRasa::default().fit(&texts).unwrap();
            for (task, chosen) in fit.chosen.iter().enumerate() {
                let given = texts.task.iter().any(|&other| other as usize == task);
                prop_assert_eq!(given, chosen.is_some_and(|row| texts.task[row] as usize == task));
            }
            prop_assert!(fit.reliability.iter().all(|value| value.is_finite() && *value > 0.0));
        }
    }
}
