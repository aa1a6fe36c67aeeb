//! Answers as points in a vector space.

use super::texts::rows_by_task;
use crate::error::Error;
use crate::fit::Convergence;

/// Answers by task and worker with an embedding each; task and worker codes are dense integers from 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Embeddings {
    /// Number of tasks; codes are `0..tasks`.
    pub tasks: usize,
    /// Number of workers; codes are `0..workers`.
    pub workers: usize,
    /// Length of an embedding.
    pub dimensions: usize,
    /// Task of each answer.
    pub task: Vec<u32>,
    /// Worker of each answer.
    pub worker: Vec<u32>,
    /// Embeddings, `[answer][dimension]` row-major; finite.
    pub values: Vec<f64>,
    /// Known embeddings of tasks, as (task, embedding); they stay what they are.
    pub truth: Vec<(u32, Vec<f64>)>,
}

/// The aggregated embedding of each task and the answer that comes closest.
#[derive(Debug, Clone, PartialEq)]
pub struct EmbeddingFit {
    /// `[task][dimension]` row-major; zeros for a task without answers.
    pub aggregated: Vec<f64>,
    /// The row of the answer with the smallest cosine distance to the aggregate; `None` without answers.
    pub chosen: Vec<Option<usize>>,
    /// Cosine distance of every answer from its task's aggregate, 0..=2; infinite where one of them is the origin.
    pub distances: Vec<f64>,
    /// Reliability of each worker, positive; the mean of the others for one without comparable answers.
    pub skills: Vec<f64>,
    /// Weight of each answer in its task's aggregate, at least 0.
    pub weights: Vec<f64>,
    /// Relative change of the aggregates in each round from the second.
    pub loss: Vec<f64>,
    /// How the iteration ended.
    pub convergence: Convergence,
}

impl Embeddings {
    /// Checks all columns and groups the rows by task.
    pub(super) fn by_task(&self) -> Result<Vec<Vec<usize>>, Error> {
        let rows = rows_by_task(self.tasks, self.workers, &self.task, &self.worker)?;
        let (expected, found) = (self.task.len() * self.dimensions, self.values.len());
        if expected != found {
            return Err(Error::Shape { what: "embeddings", expected, found });
        }
        if let Some(place) = self.values.iter().position(|value| !value.is_finite()) {
            let (row, value) = (place / self.dimensions, self.values[place]);
            return Err(Error::NotFinite { row, column: "embedding", value });
        }
        for (row, (task, embedding)) in self.truth.iter().enumerate() {
            if *task as usize >= self.tasks {
                let (code, count) = (u64::from(*task), self.tasks);
                return Err(Error::OutOfRange { row, column: "true task", code, count });
            }
            let (expected, found) = (self.dimensions, embedding.len());
            if expected != found {
                return Err(Error::Shape { what: "true embedding", expected, found });
            }
            if let Some(&value) = embedding.iter().find(|value| !value.is_finite()) {
                return Err(Error::NotFinite { row, column: "true embedding", value });
            }
        }
        Ok(rows)
    }

    pub(super) fn answer(&self, row: usize) -> &[f64] {
        &self.values[row * self.dimensions..][..self.dimensions]
    }

    /// The weighted mean of each task's answers, the truth where it is known.
    pub(super) fn aggregate(&self, weights: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.tasks * self.dimensions];
        let mut totals = vec![0.0; self.tasks];
        for (row, &task) in self.task.iter().enumerate() {
            let task = task as usize;
            totals[task] += weights[row];
            let sum = &mut sums[task * self.dimensions..][..self.dimensions];
            for (sum, value) in sum.iter_mut().zip(self.answer(row)) {
                *sum += weights[row] * value;
            }
        }
        if self.dimensions > 0 {
            for (sum, total) in sums.chunks_exact_mut(self.dimensions).zip(&totals) {
                for value in sum {
                    *value = if *total > 0.0 { *value / total } else { 0.0 };
                }
            }
        }
        for (task, embedding) in &self.truth {
            sums[*task as usize * self.dimensions..][..self.dimensions].copy_from_slice(embedding);
        }
        sums
    }

    /// Squared Euclidean distance of every answer from its task's aggregate.
    pub(super) fn squared_distances(&self, aggregated: &[f64]) -> Vec<f64> {
        let distance = |(row, &task): (usize, &u32)| {
            let center = &aggregated[task as usize * self.dimensions..][..self.dimensions];
            squared_distance(self.answer(row), center)
        };
        self.task.iter().enumerate().map(distance).collect()
    }

    /// The answer with the smallest cosine distance of each task, the first among equals, and all distances.
    pub(super) fn choose(&self, aggregated: &[f64]) -> (Vec<Option<usize>>, Vec<f64>) {
        let mut chosen: Vec<Option<usize>> = vec![None; self.tasks];
        let mut distances: Vec<f64> = Vec::with_capacity(self.task.len());
        for (row, &task) in self.task.iter().enumerate() {
            let task = task as usize;
            let center = &aggregated[task * self.dimensions..][..self.dimensions];
            let distance = cosine_distance(self.answer(row), center);
            distances.push(distance);
            if chosen[task].is_none_or(|best| distance < distances[best]) {
                chosen[task] = Some(row);
            }
        }
        (chosen, distances)
    }
}

pub(super) fn squared_distance(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(a, b)| (a - b).powi(2)).sum()
}

fn cosine_distance(left: &[f64], right: &[f64]) -> f64 {
    let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    let norm = (dot(left, left) * dot(right, right)).sqrt();
    if norm > 0.0 { (1.0 - dot(left, right) / norm).clamp(0.0, 2.0) } else { f64::INFINITY }
}

/// Relative squared change of all aggregates together.
pub(super) fn relative_change(before: &[f64], after: &[f64]) -> f64 {
    let size: f64 = after.iter().map(|value| value * value).sum();
    let change = squared_distance(before, after);
    if size > 0.0 { change / size } else { change }
}
