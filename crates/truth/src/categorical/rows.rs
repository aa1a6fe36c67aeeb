//! Loops over tasks and workers, in parallel but with sums in a fixed order.

use rayon::prelude::*;

use super::common::set_certain;
use crate::judgments::Judgments;

/// Tasks handled together; fixed, so that sums do not depend on the number of threads.
const RUN: usize = 2048;

/// Calls `f(task, row)` for every row of `values` and adds up what it returns; gold rows become certain after it.
pub(crate) fn fill_rows(
    judgments: &Judgments,
    values: &mut [f64],
    f: impl Fn(usize, &mut [f64]) -> f64 + Sync,
) -> f64 {
    let classes = judgments.classes().max(1);
    let run = |(run, values): (usize, &mut [f64])| {
        let mut sum = 0.0;
        for (index, row) in values.chunks_exact_mut(classes).enumerate() {
            let task = run * RUN + index;
            sum += f(task, row);
            if let Some(gold) = judgments.gold(task) {
                set_certain(row, gold);
            }
        }
        sum
    };
    let sums: Vec<f64> = values.par_chunks_mut(RUN * classes).enumerate().map(run).collect();
    sums.into_iter().sum()
}

/// `f(worker)` of every worker.
pub(crate) fn per_worker<T: Send>(workers: usize, f: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
    (0..workers).into_par_iter().with_min_len(16).map(f).collect()
}

/// Turns log-scores into probabilities; returns ln Σ exp.
pub(crate) fn softmax(row: &mut [f64]) -> f64 {
    let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !largest.is_finite() {
        let uniform = 1.0 / row.len() as f64;
        row.fill(uniform);
        return 0.0;
    }
    let mut total = 0.0;
    for value in row.iter_mut() {
        *value = (*value - largest).exp();
        total += *value;
    }
    for value in row {
        *value /= total;
    }
    largest + total.ln()
}

/// Calls `f(task, row)` for every row of any width.
pub(crate) fn fill_wide_rows(
    values: &mut [f64],
    width: usize,
    f: impl Fn(usize, &mut [f64]) + Sync,
) {
    values.par_chunks_mut(RUN * width).enumerate().for_each(|(run, values)| {
        for (index, row) in values.chunks_exact_mut(width).enumerate() {
            f(run * RUN + index, row);
        }
    });
}
