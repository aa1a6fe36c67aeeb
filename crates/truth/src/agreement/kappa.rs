//! Agreement corrected for chance by the ratings' marginals: Cohen, Fleiss, Gwet.

use super::ratings::{Ratings, distinct};
use crate::error::{Error, check_size};

/// How much a pair of different answers agrees; answers are ordered by value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Weights {
    /// Not at all.
    #[default]
    Identity,
    /// `1 - |i - j| / (q - 1)` for the i-th and j-th of q answers.
    Linear,
    /// `1 - ((i - j) / (q - 1))²`.
    Quadratic,
}

/// A coefficient of agreement, `(observed - expected) / (1 - expected)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chance {
    /// The coefficient: 1 is perfect, 0 what chance gives.
    pub value: f64,
    /// Share of pairs of ratings that agree, 0..1.
    pub observed: f64,
    /// Share that would agree by chance, 0..1.
    pub expected: f64,
}

impl Chance {
    /// Where chance alone agrees always there is only one answer, and everybody gives it.
    fn new(observed: f64, expected: f64) -> Self {
        let left = 1.0 - expected;
        let value = if left > 1e-15 { (observed - expected) / left } else { 1.0 };
        Self { value, observed, expected }
    }
}

impl Weights {
    fn of(self, a: usize, b: usize, answers: usize) -> f64 {
        let distance = a.abs_diff(b) as f64 / (answers - 1).max(1) as f64;
        match self {
            Self::Identity => f64::from(u8::from(a == b)),
            Self::Linear => 1.0 - distance,
            Self::Quadratic => 1.0 - distance * distance,
        }
    }
}

/// Cohen's kappa of two workers over the units that both rated: chance uses each worker's own marginals.
///
/// A worker's last rating of a unit counts. Source: Cohen 1960, doi:10.1177/001316446002000104; weighted: Cohen
/// 1968, doi:10.1037/h0026256. Reference value of the tests: 0.4 for the table (20, 5; 10, 15).
///
/// # Errors
/// Bad columns, or no unit that both workers rated ([`Error::Missing`]).
pub fn cohen(
    ratings: &Ratings,
    first: u32,
    second: u32,
    weights: Weights,
) -> Result<Chance, Error> {
    ratings.check()?;
    let mut both = vec![[None; 2]; ratings.units];
    for (row, &worker) in ratings.worker.iter().enumerate() {
        let unit = ratings.unit[row] as usize;
        if worker == first {
            both[unit][0] = Some(ratings.value[row]);
        }
        if worker == second {
            both[unit][1] = Some(ratings.value[row]);
        }
    }
    let pairs: Vec<(f64, f64)> =
        both.into_iter().filter_map(|[first, second]| Some((first?, second?))).collect();
    if pairs.is_empty() {
        return Err(Error::Missing { method: "Cohen's kappa", what: "a unit that both rated" });
    }
    let distinct = distinct(pairs.iter().flat_map(|&(a, b)| [a, b]).collect());
    let code = |value: f64| distinct.partition_point(|&other| other < value);
    let (mut left, mut right) = (vec![0.0; distinct.len()], vec![0.0; distinct.len()]);
    let mut observed = 0.0;
    let share = 1.0 / pairs.len() as f64;
    for &(a, b) in &pairs {
        let (a, b) = (code(a), code(b));
        observed += share * weights.of(a, b, distinct.len());
        left[a] += share;
        right[b] += share;
    }
    Ok(Chance::new(observed, expected_pair(&left, &right, weights)))
}

/// Fleiss' kappa of any number of workers; units may have different numbers of ratings.
///
/// Agreement is the mean over units with at least two ratings, chance the squared mean marginals. Source: Fleiss
/// 1971, doi:10.1037/h0031619 (reference value 0.430 for his psychiatric example, 0.210 for the 14-rater one).
///
/// # Errors
/// Bad columns, or no unit with two ratings ([`Error::Missing`]).
pub fn fleiss(ratings: &Ratings, weights: Weights) -> Result<Chance, Error> {
    let table = Table::new(ratings, "Fleiss' kappa")?;
    let marginals = table.marginals();
    Ok(Chance::new(table.observed(weights), expected_pair(&marginals, &marginals, weights)))
}

/// Gwet's AC1 (identity weights) or AC2 (others): like [`fleiss`], but a chance that stays sane when one answer
/// dominates.
///
/// Expected agreement is `T_w / (q (q - 1)) Σ π_k (1 - π_k)` with the sum of weights `T_w`. Source: Gwet 2008,
/// doi:10.1348/000711006X126600 (reference value of the tests: 0.77544 on the 4 × 12 table with missing values).
///
/// # Errors
/// Bad columns, or no unit with two ratings ([`Error::Missing`]).
pub fn gwet(ratings: &Ratings, weights: Weights) -> Result<Chance, Error> {
    let table = Table::new(ratings, "Gwet's AC")?;
    let answers = table.answers;
    let marginals = table.marginals();
    let spread: f64 = marginals.iter().map(|share| share * (1.0 - share)).sum();
    let total: f64 = (0..answers * answers)
        .map(|cell| weights.of(cell / answers, cell % answers, answers))
        .sum();
    let pairs = (answers * (answers - 1)) as f64;
    let expected = if answers > 1 { total / pairs * spread } else { 0.0 };
    Ok(Chance::new(table.observed(weights), expected))
}

fn expected_pair(left: &[f64], right: &[f64], weights: Weights) -> f64 {
    let answers = left.len();
    let mut expected = 0.0;
    for (a, left) in left.iter().enumerate() {
        for (b, right) in right.iter().enumerate() {
            expected += weights.of(a, b, answers) * left * right;
        }
    }
    expected
}

/// How often each answer was given to each unit that has ratings.
struct Table {
    answers: usize,
    units: Vec<Vec<f64>>,
}

impl Table {
    fn new(ratings: &Ratings, method: &'static str) -> Result<Self, Error> {
        ratings.check()?;
        let (distinct, coded) = ratings.coded();
        let answers = distinct.len();
        if !coded.iter().any(|unit| unit.len() > 1) {
            return Err(Error::Missing { method, what: "a unit with at least two ratings" });
        }
        check_size("table of answers", &[coded.len(), answers], 1 << 28)?;
        let counts = |unit: Vec<usize>| {
            let mut counts = vec![0.0; answers];
            for code in unit {
                counts[code] += 1.0;
            }
            counts
        };
        let units = coded.into_iter().filter(|unit| !unit.is_empty()).map(counts).collect();
        Ok(Self { answers, units })
    }

    fn observed(&self, weights: Weights) -> f64 {
        let (mut sum, mut units) = (0.0, 0.0);
        for counts in &self.units {
            let total: f64 = counts.iter().sum();
            if total < 2.0 {
                continue;
            }
            let mut agree = 0.0;
            for (a, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0.0) {
                let weighted: f64 = (counts.iter().enumerate())
                    .map(|(b, other)| weights.of(a, b, self.answers) * other)
                    .sum();
                agree += count * (weighted - 1.0);
            }
            sum += agree / (total * (total - 1.0));
            units += 1.0;
        }
        sum / units
    }

    fn marginals(&self) -> Vec<f64> {
        let mut marginals = vec![0.0; self.answers];
        for counts in &self.units {
            let total: f64 = counts.iter().sum();
            for (marginal, count) in marginals.iter_mut().zip(counts) {
                *marginal += count / total / self.units.len() as f64;
            }
        }
        marginals
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::krippendorff::tests::hayes;
    use super::*;

    fn pairs(table: &[(f64, f64, usize)]) -> Ratings {
        let mut ratings = Ratings { workers: 2, ..Ratings::default() };
        for &(first, second, count) in table {
            for _ in 0..count {
                for (worker, value) in [(0, first), (1, second)] {
                    ratings.unit.push(ratings.units as u32);
                    ratings.worker.push(worker);
                    ratings.value.push(value);
                }
                ratings.units += 1;
            }
        }
        ratings
    }

    #[test]
    fn cohen_reference() {
        let table = pairs(&[(1.0, 1.0, 20), (1.0, 0.0, 5), (0.0, 1.0, 10), (0.0, 0.0, 15)]);
        let kappa = cohen(&table, 0, 1, Weights::Identity).unwrap();
        assert!((kappa.observed - 0.7).abs() < 1e-12 && (kappa.value - 0.4).abs() < 1e-12);
        // Two answers leave nothing to weigh.
        let weighted = cohen(&table, 0, 1, Weights::Quadratic).unwrap();
        assert!((weighted.value - 0.4).abs() < 1e-12);
    }

    #[test]
    fn fleiss_reference() {
        // Ten subjects, fourteen raters, five categories.
        let table = [
            [0, 0, 0, 0, 14],
            [0, 2, 6, 4, 2],
            [0, 0, 3, 5, 6],
            [0, 3, 9, 2, 0],
            [2, 2, 8, 1, 1],
            [7, 7, 0, 0, 0],
            [3, 2, 6, 3, 0],
            [2, 5, 3, 2, 2],
            [6, 5, 2, 1, 0],
            [0, 2, 2, 3, 7],
        ];
        let mut ratings = Ratings { units: 10, workers: 14, ..Ratings::default() };
        for (unit, row) in table.iter().enumerate() {
            let mut worker = 0;
            for (answer, &count) in row.iter().enumerate() {
                for _ in 0..count {
                    ratings.unit.push(unit as u32);
                    ratings.worker.push(worker);
                    ratings.value.push(answer as f64);
                    worker += 1;
                }
            }
        }
        let kappa = fleiss(&ratings, Weights::Identity).unwrap();
        assert!((kappa.value - 0.210).abs() < 0.0005, "{kappa:?}");
        assert!((kappa.observed - 0.378).abs() < 0.0005 && (kappa.expected - 0.213).abs() < 0.0005);
    }

    #[test]
    fn gwet_and_fleiss_with_missing_values() {
        let ac1 = gwet(&hayes(), Weights::Identity).unwrap();
        assert!((ac1.value - 0.77544).abs() < 0.00001, "{ac1:?}");
        let kappa = fleiss(&hayes(), Weights::Identity).unwrap();
        assert!((kappa.value - 0.76117).abs() < 0.00001, "{kappa:?}");
    }

    #[test]
    fn gwet_forgives_near_misses_on_an_ordered_scale() {
        let near = pairs(&[(1.0, 2.0, 10), (2.0, 2.0, 10), (4.0, 4.0, 10), (5.0, 4.0, 10)]);
        let nominal = gwet(&near, Weights::Identity).unwrap().value;
        assert!(gwet(&near, Weights::Quadratic).unwrap().value > nominal + 0.2);
    }

    proptest! {
        #[test]
        fn coefficients_are_finite_and_at_most_one(
            rows in prop::collection::vec((0..5u32, 0..3u32, 0..4u8), 1..40),
            weights in 0..3usize,
        ) {
            let ratings = Ratings {
                units: 5,
                workers: 3,
                unit: rows.iter().map(|row| row.0).collect(),
                worker: rows.iter().map(|row| row.1).collect(),
                value: rows.iter().map(|row| f64::from(row.2)).collect(),
            };
            let weights = [Weights::Identity, Weights::Linear, Weights::Quadratic][weights];
            let all = [
                cohen(&ratings, 0, 1, weights),
                fleiss(&ratings, weights),
                gwet(&ratings, weights),
            ];
            for chance in all.into_iter().flatten() {
                prop_assert!(chance.value.is_finite() && chance.value <= 1.0 + 1e-9, "{:?}", chance);
            }
        }
    }
}
