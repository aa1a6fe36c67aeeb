//! Krippendorff's alpha.

use super::ratings::Ratings;
use crate::error::{Error, check_parameter, check_size};
use crate::rng::Rng;

/// What a difference between two values means; δ² is the squared distance in the disagreement.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Level {
    /// Equal or not: δ² = 0 or 1.
    #[default]
    Nominal,
    /// Ranks count: δ = number of ratings between the two values, each value counting half of its own.
    Ordinal,
    /// Differences count: δ = a − b.
    Interval,
    /// Ratios count: δ = (a − b) / (a + b), for values of at least 0.
    Ratio,
    /// δ² given for every pair of distinct values (ascending), row-major.
    Distances(Vec<f64>),
}

/// Krippendorff's alpha, `1 - D_o / D_e`: the disagreement within units against that between all ratings.
///
/// 1 is perfect agreement, 0 what chance gives, below 0 is systematic disagreement. Units with fewer than two
/// ratings do not count; any number of workers and any missing values are fine. Where all ratings that count are
/// equal there is nothing to disagree about and alpha is 1. Nominal, ordinal and interval take time linear in the
/// ratings, the others also quadratic in the distinct values.
///
/// The interval is a percentile bootstrap over units. Source: Krippendorff 2011, "Computing Krippendorff's
/// Alpha-Reliability"; Hayes & Krippendorff 2007, doi:10.1080/19312450709336664, whose example is the reference
/// of the tests.
///
/// ```
/// use crowdsmith_truth::agreement::{Krippendorff, Ratings};
///
/// let ratings = Ratings {
///     units: 3,
///     workers: 2,
///     unit: vec![0, 0, 1, 1, 2, 2],
///     worker: vec![0, 1, 0, 1, 0, 1],
///     value: vec![1.0, 1.0, 0.0, 0.0, 1.0, 0.0],
/// };
/// let alpha = Krippendorff::default().fit(&ratings)?;
/// assert!((alpha.value - 4.0 / 9.0).abs() < 1e-12);
/// # Ok::<(), crowdsmith_truth::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Krippendorff {
    /// What a difference means.
    pub level: Level,
    /// Bootstrap samples for the interval; 0 for none.
    pub resamples: usize,
    /// Share of the bootstrap distribution that the interval covers, inside 0..1.
    pub confidence: f64,
    /// Seed of the bootstrap.
    pub seed: u64,
}

/// Alpha and its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alpha {
    /// The coefficient, at most 1.
    pub value: f64,
    /// Bootstrap interval (low, high), if one was asked for.
    pub interval: Option<(f64, f64)>,
    /// How many ratings stand in units with at least two.
    pub pairable: usize,
}

impl Default for Krippendorff {
    fn default() -> Self {
        Self { level: Level::Nominal, resamples: 0, confidence: 0.95, seed: 0 }
    }
}

impl Krippendorff {
    /// Computes alpha.
    ///
    /// # Errors
    /// Bad columns, a negative value with [`Level::Ratio`], distances of the wrong number, or no unit with two
    /// ratings ([`Error::Missing`]).
    pub fn fit(&self, ratings: &Ratings) -> Result<Alpha, Error> {
        ratings.check()?;
        let inside = self.confidence > 0.0 && self.confidence < 1.0;
        check_parameter("confidence", self.confidence, inside, "inside 0..1")?;
        if self.level == Level::Ratio
            && let Some(row) = ratings.value.iter().position(|&value| value < 0.0)
        {
            let value = ratings.value[row];
            let expected = "ratings of at least 0 on the ratio level";
            return Err(Error::Parameter { name: "value", value, expected });
        }
        let (distinct, mut units) = ratings.coded();
        units.retain(|unit| unit.len() > 1);
        if units.is_empty() {
            let what = "a unit with at least two ratings";
            return Err(Error::Missing { method: "Krippendorff's alpha", what });
        }
        let metric = Metric::new(&self.level, &distinct, &units)?;
        let observed: Vec<f64> = units.iter().map(|unit| metric.within(unit)).collect();
        let all: Vec<usize> = (0..units.len()).collect();
        let value = alpha(&metric, &units, &observed, &all);
        let interval = self.interval(&metric, &units, &observed);
        let pairable = units.iter().map(Vec::len).sum();
        Ok(Alpha { value, interval, pairable })
    }

    fn interval(
        &self,
        metric: &Metric,
        units: &[Vec<usize>],
        observed: &[f64],
    ) -> Option<(f64, f64)> {
        let mut random = Rng::new(self.seed);
        let mut values: Vec<f64> = (0..self.resamples)
            .map(|_| {
                let sample: Vec<usize> = units.iter().map(|_| random.below(units.len())).collect();
                alpha(metric, units, observed, &sample)
            })
            .collect();
        values.sort_by(f64::total_cmp);
        let tail = (1.0 - self.confidence) / 2.0;
        let at = |share: f64| values[(share * (values.len() - 1) as f64).round() as usize];
        (!values.is_empty()).then(|| (at(tail), at(1.0 - tail)))
    }
}

/// `1 - D_o / D_e` of a sample of units.
fn alpha(metric: &Metric, units: &[Vec<usize>], observed: &[f64], sample: &[usize]) -> f64 {
    let mut total = 0.0;
    let mut counts = vec![0.0; metric.values];
    let mut ratings = 0.0;
    for &unit in sample {
        let size = units[unit].len() as f64;
        total += observed[unit] * size;
        ratings += size;
        for &code in &units[unit] {
            counts[code] += 1.0;
        }
    }
    let expected = metric.between(&counts);
    if expected > 0.0 { 1.0 - total / ratings / expected } else { 1.0 }
}

/// δ², in the form that makes sums of it cheap.
struct Metric {
    values: usize,
    kind: Kind,
}

enum Kind {
    Nominal,
    /// δ is a difference of scores: sums of squares are enough.
    Scores(Vec<f64>),
    /// δ² as a table.
    Table(Vec<f64>),
}

impl Metric {
    fn new(level: &Level, distinct: &[f64], units: &[Vec<usize>]) -> Result<Self, Error> {
        let values = distinct.len();
        let kind = match level {
            Level::Nominal => Kind::Nominal,
            Level::Interval => Kind::Scores(standardized(distinct.to_vec())),
            Level::Ordinal => Kind::Scores(standardized(middle_ranks(values, units))),
            Level::Ratio => {
                check_size("table of ratios", &[values, values], 1 << 28)?;
                Kind::Table(ratios(distinct))
            }
            Level::Distances(table) if table.len() == values * values => Kind::Table(table.clone()),
            Level::Distances(table) => {
                let expected = values * values;
                return Err(Error::Shape { what: "distances", expected, found: table.len() });
            }
        };
        Ok(Self { values, kind })
    }

    /// Mean δ² over the ordered pairs of one unit.
    fn within(&self, unit: &[usize]) -> f64 {
        let mut codes = unit.to_vec();
        codes.sort_unstable();
        let runs: Vec<(usize, f64)> =
            codes.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as f64)).collect();
        self.mean(&runs)
    }

    /// Mean δ² over the ordered pairs of all ratings, counted by value.
    fn between(&self, counts: &[f64]) -> f64 {
        let runs: Vec<(usize, f64)> =
            counts.iter().copied().enumerate().filter(|(_, count)| *count > 0.0).collect();
        self.mean(&runs)
    }

    fn mean(&self, runs: &[(usize, f64)]) -> f64 {
        let total: f64 = runs.iter().map(|run| run.1).sum();
        let pairs: f64 = match &self.kind {
            Kind::Nominal => {
                total * total - runs.iter().map(|(_, count)| count * count).sum::<f64>()
            }
            Kind::Scores(scores) => {
                let sum = |power: i32| -> f64 {
                    runs.iter().map(|&(code, count)| count * scores[code].powi(power)).sum()
                };
                (2.0 * (total * sum(2) - sum(1).powi(2))).max(0.0)
            }
            Kind::Table(table) => {
                let mut pairs = 0.0;
                for &(a, count_a) in runs {
                    for &(b, count_b) in runs {
                        pairs += count_a * count_b * table[a * self.values + b];
                    }
                }
                pairs
            }
        };
        pairs / (total * (total - 1.0))
    }
}

/// Shifted and scaled to unit variance: alpha does not change, and sums of squares lose no digits.
fn standardized(mut scores: Vec<f64>) -> Vec<f64> {
    let scale = scores.iter().fold(0.0f64, |largest, score| largest.max(score.abs()));
    if scale > 0.0 {
        for score in &mut scores {
            *score /= scale;
        }
    }
    let mean = scores.iter().sum::<f64>() / scores.len() as f64;
    let squares = scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>();
    let deviation = (squares / scores.len() as f64).sqrt();
    let deviation = if deviation > 0.0 { deviation } else { 1.0 };
    scores.into_iter().map(|score| (score - mean) / deviation).collect()
}

/// The rank in the middle of each value's ratings.
fn middle_ranks(values: usize, units: &[Vec<usize>]) -> Vec<f64> {
    let mut counts = vec![0.0; values];
    for &code in units.iter().flatten() {
        counts[code] += 1.0;
    }
    let mut below = 0.0;
    let rank = |count: f64| {
        below += count;
        below - count / 2.0
    };
    counts.into_iter().map(rank).collect()
}

fn ratios(distinct: &[f64]) -> Vec<f64> {
    let ratio = |a: f64, b: f64| {
        let half = a / 2.0 + b / 2.0;
        if half > 0.0 { ((a / 2.0 - b / 2.0) / half).powi(2) } else { 0.0 }
    };
    distinct.iter().flat_map(|&a| distinct.iter().map(move |&b| ratio(a, b))).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Four workers (columns) by twelve units (rows), with missing values.
    pub(in crate::agreement) fn hayes() -> Ratings {
        let rows = [
            [1, 1, 0, 1],
            [2, 2, 3, 2],
            [3, 3, 3, 3],
            [3, 3, 3, 3],
            [2, 2, 2, 2],
            [1, 2, 3, 4],
            [4, 4, 4, 4],
            [1, 1, 2, 1],
            [2, 2, 2, 2],
            [0, 5, 5, 5],
            [0, 0, 1, 1],
            [0, 3, 0, 0],
        ];
        let mut ratings = Ratings { units: 12, workers: 4, ..Ratings::default() };
        for (unit, row) in rows.iter().enumerate() {
            for (worker, &value) in row.iter().enumerate().filter(|(_, value)| **value > 0) {
                ratings.unit.push(unit as u32);
                ratings.worker.push(worker as u32);
                ratings.value.push(f64::from(value));
            }
        }
        ratings
    }

    #[test]
    fn published_example_on_every_level() {
        let published = [
            (Level::Nominal, 0.743),
            (Level::Ordinal, 0.815),
            (Level::Interval, 0.849),
            (Level::Ratio, 0.797),
        ];
        for (level, expected) in published {
            let alpha = Krippendorff { level, ..Krippendorff::default() }.fit(&hayes()).unwrap();
            assert!((alpha.value - expected).abs() < 0.0006, "{alpha:?}");
            assert_eq!(alpha.pairable, 40);
        }
    }

    #[test]
    fn a_table_of_distances_is_the_level_it_describes() {
        let table: Vec<f64> = (0..25).map(|cell| f64::from(cell / 5 - cell % 5).powi(2)).collect();
        let given = Krippendorff { level: Level::Distances(table), ..Krippendorff::default() };
        let interval = Krippendorff { level: Level::Interval, ..Krippendorff::default() };
        let (given, interval) = (given.fit(&hayes()).unwrap(), interval.fit(&hayes()).unwrap());
        assert!((given.value - interval.value).abs() < 1e-12);
    }

    #[test]
    fn the_interval_covers_alpha_and_repeats() {
        let model = Krippendorff { resamples: 500, ..Krippendorff::default() };
        let first = model.fit(&hayes()).unwrap();
        let (low, high) = first.interval.unwrap();
        assert!(low < first.value && first.value < high && high <= 1.0);
        assert_eq!(first, model.fit(&hayes()).unwrap());
    }

    #[test]
    fn one_rating_a_unit_is_an_error_and_one_value_is_agreement() {
        let mut ratings = Ratings {
            units: 2,
            workers: 2,
            unit: vec![0, 1],
            worker: vec![0, 1],
            value: vec![3.0, 3.0],
        };
        let error = Krippendorff::default().fit(&ratings).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Krippendorff's alpha needs a unit with at least two ratings"
        );
        ratings.unit = vec![0, 0];
        assert!((Krippendorff::default().fit(&ratings).unwrap().value - 1.0).abs() < 1e-15);
        ratings.value[1] = f64::NAN;
        let error = Krippendorff::default().fit(&ratings).unwrap_err();
        assert_eq!(error.to_string(), "row 1: value is NaN, expected a finite number");
    }

    proptest! {
        #[test]
        fn is_at_most_one_and_finite(
            rows in prop::collection::vec((0..6u32, 0..4u32, -1e300..1e300f64), 2..40),
            level in 0..3usize,
        ) {
            let ratings = Ratings {
                units: 6,
                workers: 4,
                unit: rows.iter().map(|row| row.0).collect(),
                worker: rows.iter().map(|row| row.1).collect(),
                value: rows.iter().map(|row| row.2).collect(),
            };
            let level = [Level::Nominal, Level::Ordinal, Level::Interval][level].clone();
            let model = Krippendorff { level, resamples: 20, ..Krippendorff::default() };
            if let Ok(alpha) = model.fit(&ratings) {
                prop_assert!(alpha.value.is_finite() && alpha.value <= 1.0 + 1e-9, "{:?}", alpha);
                let (low, high) = alpha.interval.unwrap();
                prop_assert!(low <= high && low.is_finite());
            }
        }
    }
}
