//! `CrowdTruth` quality scores: ambiguity of units, workers and annotations measured together.

use crate::error::{Error, check_parameter, check_size};

/// Annotations in long form: one row for each annotation that a worker put on a unit, any number a pair.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Annotations {
    /// Number of units; codes are `0..units`.
    pub units: usize,
    /// Number of workers; codes are `0..workers`.
    pub workers: usize,
    /// Number of possible annotations; codes are `0..annotations`.
    pub annotations: usize,
    /// Unit of each row.
    pub unit: Vec<u32>,
    /// Worker of each row.
    pub worker: Vec<u32>,
    /// Annotation of each row.
    pub annotation: Vec<u32>,
}

/// `CrowdTruth` 2.0: disagreement is a signal, weighed by the quality of who and what disagrees.
///
/// Every score is a mean of cosine similarities weighted by the other scores, iterated from 1 until none moves by
/// more than the tolerance: a unit is clear if good workers say the same about it, a worker is good who agrees
/// with good workers on clear units, an annotation is clear if one good worker's use of it predicts another's.
/// Time per round is quadratic in the workers of a unit.
///
/// Source: Dumitrache, Inel, Aroyo, Timmermans & Welty 2018, "`CrowdTruth` 2.0: Quality Metrics for Crowdsourcing
/// with Disagreement", arXiv:1808.06080, for closed tasks.
#[derive(Debug, Clone, PartialEq)]
pub struct CrowdTruth {
    /// Most rounds.
    pub iterations: usize,
    /// Stop when no score changes by more than this.
    pub tolerance: f64,
}

/// Scores in 0..=1, larger is better.
#[derive(Debug, Clone, PartialEq)]
pub struct CrowdTruthScores {
    /// Clarity of each unit; 0 for a unit with fewer than two workers.
    pub units: Vec<f64>,
    /// Quality of each worker; 0 for one who shares no unit with another.
    pub workers: Vec<f64>,
    /// Clarity of each annotation; 0 where no two workers could have agreed on it.
    pub annotations: Vec<f64>,
    /// Support of an annotation on a unit, `[unit][annotation]` row-major: the share of worker quality behind it.
    pub support: Vec<f64>,
    /// Rounds made.
    pub iterations: usize,
    /// Whether the scores stopped moving.
    pub converged: bool,
}

impl Default for CrowdTruth {
    fn default() -> Self {
        Self { iterations: 100, tolerance: 1e-4 }
    }
}

/// One worker's annotations of one unit, as sorted (annotation, count).
struct Vector {
    worker: usize,
    counts: Vec<(usize, f64)>,
}

impl CrowdTruth {
    /// Computes all scores.
    ///
    /// # Errors
    /// Columns of different length, a code out of range, or a table of support that would be absurdly large.
    pub fn fit(&self, annotations: &Annotations) -> Result<CrowdTruthScores, Error> {
        check_parameter("tolerance", self.tolerance, self.tolerance >= 0.0, "at least 0")?;
        let units = vectors(annotations)?;
        check_size("support", &[annotations.units, annotations.annotations], 1 << 30)?;
        let mut scores = CrowdTruthScores {
            units: vec![1.0; annotations.units],
            workers: vec![1.0; annotations.workers],
            annotations: vec![1.0; annotations.annotations],
            support: Vec::new(),
            iterations: 0,
            converged: false,
        };
        while scores.iterations < self.iterations && !scores.converged {
            let next = round(&units, &scores);
            let moved = largest_move(&scores, &next);
            let iterations = scores.iterations + 1;
            scores = CrowdTruthScores { iterations, converged: moved <= self.tolerance, ..next };
        }
        scores.support = support(&units, &scores);
        Ok(scores)
    }
}

fn vectors(annotations: &Annotations) -> Result<Vec<Vec<Vector>>, Error> {
    let Annotations { unit, worker, annotation, .. } = annotations;
    for (column, found) in [("worker", worker.len()), ("annotation", annotation.len())] {
        if found != unit.len() {
            return Err(Error::ColumnLength { column, expected: unit.len(), found });
        }
    }
    let mut rows = Vec::with_capacity(unit.len());
    for row in 0..unit.len() {
        let codes = [
            ("unit", unit[row], annotations.units),
            ("worker", worker[row], annotations.workers),
            ("annotation", annotation[row], annotations.annotations),
        ];
        for (column, code, count) in codes {
            if code as usize >= count {
                return Err(Error::OutOfRange { row, column, code: u64::from(code), count });
            }
        }
        rows.push((unit[row], worker[row], annotation[row]));
    }
    rows.sort_unstable();
    let mut units: Vec<Vec<Vector>> = (0..annotations.units).map(|_| Vec::new()).collect();
    for same in rows.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let counts = same.chunk_by(|a, b| a.2 == b.2);
        let counts = counts.map(|run| (run[0].2 as usize, run.len() as f64)).collect();
        units[same[0].0 as usize].push(Vector { worker: same[0].1 as usize, counts });
    }
    Ok(units)
}

/// A weighted mean in the making.
#[derive(Clone, Copy, Default)]
struct Mean {
    sum: f64,
    weight: f64,
}

impl Mean {
    fn add(&mut self, value: f64, weight: f64) {
        self.sum += value * weight;
        self.weight += weight;
    }

    fn value(self) -> f64 {
        if self.weight > 0.0 { (self.sum / self.weight).clamp(0.0, 1.0) } else { 0.0 }
    }
}

fn round(units: &[Vec<Vector>], scores: &CrowdTruthScores) -> CrowdTruthScores {
    let mut unit_means = vec![Mean::default(); units.len()];
    let mut with_unit = vec![Mean::default(); scores.workers.len()];
    let mut with_worker = vec![Mean::default(); scores.workers.len()];
    for (index, vectors) in units.iter().enumerate() {
        let clarity = scores.units[index];
        for (place, vector) in vectors.iter().enumerate() {
            let quality = scores.workers[vector.worker];
            for (other_place, other) in vectors.iter().enumerate() {
                if place == other_place {
                    continue;
                }
                let similar = cosine(&vector.counts, &other.counts, &scores.annotations);
                let other_quality = scores.workers[other.worker];
                with_worker[vector.worker].add(similar, other_quality * clarity);
                if place < other_place {
                    unit_means[index].add(similar, quality * other_quality);
                }
            }
            if vectors.len() > 1 {
                let rest = rest_of_unit(vectors, place, &scores.workers);
                let similar = cosine(&vector.counts, &rest, &scores.annotations);
                with_unit[vector.worker].add(similar, clarity);
            }
        }
    }
    let workers = with_unit.iter().zip(&with_worker).map(|(a, b)| a.value() * b.value()).collect();
    CrowdTruthScores {
        units: unit_means.into_iter().map(Mean::value).collect(),
        workers,
        annotations: annotation_scores(units, scores),
        support: Vec::new(),
        iterations: 0,
        converged: false,
    }
}

/// The other workers' annotations of a unit, weighted by their quality.
fn rest_of_unit(vectors: &[Vector], without: usize, quality: &[f64]) -> Vec<(usize, f64)> {
    let mut rest: Vec<(usize, f64)> = Vec::new();
    let others = vectors.iter().enumerate().filter(|(place, _)| *place != without);
    for (_, other) in others {
        rest.extend(other.counts.iter().map(|&(a, count)| (a, count * quality[other.worker])));
    }
    rest.sort_by_key(|entry| entry.0);
    let runs = rest.chunk_by(|a, b| a.0 == b.0);
    runs.map(|run| (run[0].0, run.iter().map(|entry| entry.1).sum())).collect()
}

/// Cosine of two sparse vectors, every annotation weighted by its clarity.
fn cosine(left: &[(usize, f64)], right: &[(usize, f64)], weights: &[f64]) -> f64 {
    let square = |vector: &[(usize, f64)]| -> f64 {
        vector.iter().map(|&(index, count)| weights[index] * count * count).sum()
    };
    let mut product = 0.0;
    for &(index, count) in left {
        if let Ok(place) = right.binary_search_by_key(&index, |entry| entry.0) {
            product += weights[index] * count * right[place].1;
        }
    }
    let norm = (square(left) * square(right)).sqrt();
    if norm > 0.0 { product / norm } else { 0.0 }
}

/// `P(i uses a | j uses a)` on the units both judged, weighted by both workers' quality.
fn annotation_scores(units: &[Vec<Vector>], scores: &CrowdTruthScores) -> Vec<f64> {
    let mut pairs: Vec<((usize, usize, usize), f64, f64)> = Vec::new();
    for (index, vectors) in units.iter().enumerate() {
        let clarity = scores.units[index];
        for given in vectors {
            for other in vectors.iter().filter(|other| other.worker != given.worker) {
                for &(a, count) in &given.counts {
                    let also = other.counts.binary_search_by_key(&a, |entry| entry.0);
                    let also = also.map_or(0.0, |place| other.counts[place].1.min(count));
                    let key = (a, given.worker, other.worker);
                    pairs.push((key, clarity * also, clarity * count));
                }
            }
        }
    }
    pairs.sort_by_key(|pair| pair.0);
    let mut means = vec![Mean::default(); scores.annotations.len()];
    for same in pairs.chunk_by(|a, b| a.0 == b.0) {
        let (a, given, other) = same[0].0;
        let used: f64 = same.iter().map(|pair| pair.2).sum();
        if used > 0.0 {
            let both: f64 = same.iter().map(|pair| pair.1).sum();
            means[a].add(both / used, scores.workers[given] * scores.workers[other]);
        }
    }
    means.into_iter().map(Mean::value).collect()
}

fn largest_move(before: &CrowdTruthScores, after: &CrowdTruthScores) -> f64 {
    let columns = [
        (&before.units, &after.units),
        (&before.workers, &after.workers),
        (&before.annotations, &after.annotations),
    ];
    let moves = columns.into_iter().flat_map(|(old, new)| old.iter().zip(new));
    moves.map(|(old, new)| (old - new).abs()).fold(0.0, f64::max)
}

fn support(units: &[Vec<Vector>], scores: &CrowdTruthScores) -> Vec<f64> {
    let annotations = scores.annotations.len();
    let mut support = vec![0.0; units.len() * annotations];
    for (unit, vectors) in units.iter().enumerate() {
        let total: f64 = vectors.iter().map(|vector| scores.workers[vector.worker]).sum();
        // Where nobody's quality is known, every worker counts the same.
        let quality = |worker: usize| {
            if total > 0.0 { scores.workers[worker] / total } else { 1.0 / vectors.len() as f64 }
        };
        for vector in vectors {
            for &(annotation, _) in &vector.counts {
                support[unit * annotations + annotation] += quality(vector.worker);
            }
        }
    }
    support
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn annotations(rows: &[(u32, u32, u32)]) -> Annotations {
        Annotations {
            units: 4,
            workers: 4,
            annotations: 3,
            unit: rows.iter().map(|row| row.0).collect(),
            worker: rows.iter().map(|row| row.1).collect(),
            annotation: rows.iter().map(|row| row.2).collect(),
        }
    }

    #[test]
    fn full_agreement_is_one_everywhere() {
        let rows: Vec<_> = (0..4).flat_map(|u| (0..4).map(move |w| (u, w, u % 3))).collect();
        let scores = CrowdTruth::default().fit(&annotations(&rows)).unwrap();
        let all = scores.units.iter().chain(&scores.workers).chain(&scores.annotations);
        assert!(all.into_iter().all(|score| (score - 1.0).abs() < 1e-12), "{scores:?}");
        assert!(scores.converged);
    }

    #[test]
    fn the_first_round_of_a_small_example_by_hand() {
        // One unit; two workers say 0, one says 1.
        let model = CrowdTruth { iterations: 1, ..CrowdTruth::default() };
        let scores = model.fit(&annotations(&[(0, 0, 0), (0, 1, 0), (0, 2, 1)])).unwrap();
        assert!((scores.units[0] - 1.0 / 3.0).abs() < 1e-12); // one pair of three agrees
        // Worker 0: cosine with the rest (1, 1) is 1/√2; agrees with one of two others.
        assert!((scores.workers[0] - 0.5 / 2.0f64.sqrt()).abs() < 1e-12);
        assert!(scores.workers[2].abs() < 1e-12);
        assert!((scores.annotations[0] - 0.5).abs() < 1e-12);
        assert!(scores.annotations[1].abs() < 1e-12);
    }

    #[test]
    fn a_worker_who_disagrees_scores_lower() {
        let mut rows: Vec<_> = (0..4).flat_map(|u| (0..3).map(move |w| (u, w, u % 2))).collect();
        rows.extend((0..4).map(|unit| (unit, 3, 2)));
        rows[0].2 = 1;
        let scores = CrowdTruth::default().fit(&annotations(&rows)).unwrap();
        assert!(scores.workers[3] < 0.1 && scores.workers[1] > 0.8, "{scores:?}");
        assert!(scores.units[0] < scores.units[1], "{scores:?}");
    }

    proptest! {
        #[test]
        fn scores_stay_between_zero_and_one(
            rows in prop::collection::vec((0..4u32, 0..4u32, 0..3u32), 0..40),
        ) {
            let scores = CrowdTruth::default().fit(&annotations(&rows)).unwrap();
            let all = scores.units.iter().chain(&scores.workers).chain(&scores.annotations);
            for score in all.chain(&scores.support) {
                prop_assert!((0.0..=1.0 + 1e-9).contains(score), "{:?}", scores);
            }
        }
    }
}
