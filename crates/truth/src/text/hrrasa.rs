//! HRRASA: RASA with a reliability of each answer on its own task.

use std::hash::Hash;

use rayon::prelude::*;

use super::edit::gleu;
use super::embeddings::{EmbeddingFit, Embeddings, squared_distance};
use super::rasa::Rounds;
use crate::error::{Error, check_parameter};

/// Like [`Rasa`](super::Rasa), with a local reliability of each answer: how similar it is to the others of its
/// task, half by embedding (mean of `exp(-|e - e'|² / (|e|² |e'|²))`) and half by what it says.
///
/// An answer's weight in the aggregate is local reliability times the worker's. A task with one answer has that
/// answer and teaches nothing.
///
/// Source: Li 2020, doi:10.1145/3397271.3401239.
#[derive(Debug, Clone, PartialEq)]
pub struct Hrrasa {
    /// Most rounds; 0 leaves the means weighted by local reliability.
    pub iterations: usize,
    /// Stop when the aggregates' squared change is less than this share of their squared size.
    pub tolerance: f64,
    /// Significance α of the chi-squared quantile, inside 0..1.
    pub significance: f64,
    /// Weight of the embeddings in the local reliability, at least 0.
    pub embedding_weight: f64,
    /// Weight of the outputs in the local reliability, at least 0.
    pub output_weight: f64,
}

impl Default for Hrrasa {
    fn default() -> Self {
        Self {
            iterations: 100,
            tolerance: 1e-9,
            significance: 0.05,
            embedding_weight: 0.5,
            output_weight: 0.5,
        }
    }
}

impl Hrrasa {
    /// Aggregates and chooses. `outputs` is the mean similarity of each answer's output to the others of its task,
    /// as [`gleu_reliability`] gives it for texts; finite.
    ///
    /// # Errors
    /// Columns of different length, a code out of range, a value that is not finite, a parameter out of range.
    pub fn fit(&self, embeddings: &Embeddings, outputs: &[f64]) -> Result<EmbeddingFit, Error> {
        let local = self.local_reliability(embeddings, outputs)?;
        let rounds = Rounds {
            iterations: self.iterations,
            tolerance: self.tolerance,
            significance: self.significance,
        };
        rounds.fit(embeddings, Some(&local))
    }

    /// The local reliability of each answer, negative for the only answer of a task.
    ///
    /// # Errors
    /// As [`Hrrasa::fit`].
    pub fn local_reliability(
        &self,
        embeddings: &Embeddings,
        outputs: &[f64],
    ) -> Result<Vec<f64>, Error> {
        for (name, weight) in
            [("embedding_weight", self.embedding_weight), ("output_weight", self.output_weight)]
        {
            check_parameter(name, weight, weight >= 0.0 && weight.is_finite(), "at least 0")?;
        }
        let rows = embeddings.by_task()?;
        if outputs.len() != embeddings.task.len() {
            let (expected, found) = (embeddings.task.len(), outputs.len());
            return Err(Error::Shape { what: "outputs", expected, found });
        }
        if let Some(row) = outputs.iter().position(|value| !value.is_finite()) {
            return Err(Error::NotFinite { row, column: "output", value: outputs[row] });
        }
        let mut local = vec![-1.0; outputs.len()];
        for rows in rows.iter().filter(|rows| rows.len() > 1) {
            let similar = mean_similarity(embeddings, rows, |a, b| {
                embedding_similarity(embeddings.answer(a), embeddings.answer(b))
            });
            for (&row, similar) in rows.iter().zip(similar) {
                let mixed = self.embedding_weight * similar + self.output_weight * outputs[row];
                local[row] = mixed.max(0.0);
            }
            share_first_of_worker(embeddings, rows, &mut local);
        }
        Ok(local)
    }
}

/// Mean GLEU similarity of each answer to those of the other workers of its task; 0 for the only one.
///
/// # Errors
/// Columns of different length, a code out of range.
pub fn gleu_reliability<T: Eq + Hash + Sync>(
    embeddings: &Embeddings,
    tokens: &[Vec<T>],
) -> Result<Vec<f64>, Error> {
    let by_task = embeddings.by_task()?;
    if tokens.len() != embeddings.task.len() {
        let (expected, found) = (embeddings.task.len(), tokens.len());
        return Err(Error::ColumnLength { column: "tokens", expected, found });
    }
    let similarity = |a: usize, b: usize| gleu(&tokens[a], &tokens[b]);
    let means: Vec<Vec<f64>> =
        (by_task.par_iter()).map(|rows| mean_similarity(embeddings, rows, similarity)).collect();
    let mut reliability = vec![0.0; tokens.len()];
    for (rows, means) in by_task.iter().zip(means) {
        for (&row, mean) in rows.iter().zip(means) {
            reliability[row] = mean;
        }
    }
    Ok(reliability)
}

/// For each row the sum of similarities to other workers' rows, divided by the number of other rows.
fn mean_similarity(
    embeddings: &Embeddings,
    rows: &[usize],
    similarity: impl Fn(usize, usize) -> f64,
) -> Vec<f64> {
    let others = rows.len().saturating_sub(1).max(1) as f64;
    let sum = |&row: &usize| -> f64 {
        let other =
            rows.iter().filter(|&&other| embeddings.worker[other] != embeddings.worker[row]);
        other.map(|&other| similarity(row, other)).sum()
    };
    rows.iter().map(|row| sum(row) / others).collect()
}

fn embedding_similarity(left: &[f64], right: &[f64]) -> f64 {
    let square = |vector: &[f64]| -> f64 { vector.iter().map(|value| value * value).sum() };
    let distance = squared_distance(left, right);
    let norms = square(left) * square(right);
    match distance > 0.0 {
        true if norms > 0.0 => (-distance / norms).exp(),
        true => 0.0,
        false => 1.0,
    }
}

/// A worker who answered a task twice has one reliability there, that of the first answer.
fn share_first_of_worker(embeddings: &Embeddings, rows: &[usize], local: &mut [f64]) {
    for (place, &row) in rows.iter().enumerate() {
        let same = |&&other: &&usize| embeddings.worker[other] == embeddings.worker[row];
        if let Some(&first) = rows[..place].iter().find(same) {
            local[row] = local[first];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::rasa::tests::embeddings;
    use super::*;

    #[test]
    fn local_reliability_by_hand() {
        let rows = [(0, 0, [1.0, 0.0]), (0, 1, [1.0, 0.0]), (0, 2, [0.0, 1.0]), (1, 0, [1.0, 1.0])];
        let columns = embeddings(&rows);
        let outputs = gleu_reliability(&columns, &[vec!["a"], vec!["a"], vec!["b"], vec!["c"]]);
        let outputs = outputs.unwrap();
        assert_eq!(outputs, [0.5, 0.5, 0.0, 0.0]);
        let local = Hrrasa::default().local_reliability(&columns, &outputs).unwrap();
        let far = (-2.0f64).exp();
        assert!((local[0] - (0.5 * f64::midpoint(1.0, far) + 0.25)).abs() < 1e-12);
        assert!((local[2] - 0.5 * far).abs() < 1e-12);
        assert!(local[3] < 0.0);
        let fit = Hrrasa::default().fit(&columns, &outputs).unwrap();
        assert_eq!(fit.chosen, [Some(0), Some(3), None]);
    }
}
