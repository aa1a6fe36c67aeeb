//! What several estimators share: vote shares, gold rows, size limits, assembling the answer.

use crate::error::{Error, check_size};
use crate::fit::{Convergence, Fit, Posterior, WorkerModels, accuracy_from_posterior};
use crate::judgments::{Judgments, NO_LABEL};

/// Most entries of a dense table that an estimator allocates (16 GiB of f64).
pub(crate) const TABLE_LIMIT: u128 = 1 << 31;

/// Refuses data whose tasks × classes posterior would not fit.
pub(crate) fn check_posterior(judgments: &Judgments) -> Result<(), Error> {
    check_size("the posterior", &[judgments.tasks(), judgments.classes()], TABLE_LIMIT)
}

/// Refuses data whose workers × classes × classes confusions would not fit.
pub(crate) fn check_confusions(judgments: &Judgments) -> Result<(), Error> {
    check_posterior(judgments)?;
    let classes = judgments.classes();
    check_size("the confusion matrices", &[judgments.workers(), classes, classes], TABLE_LIMIT)
}

/// Refuses data whose workers × classes table of answers would not fit.
pub(crate) fn check_answers(judgments: &Judgments) -> Result<(), Error> {
    check_posterior(judgments)?;
    check_size(
        "the answers of all workers",
        &[judgments.workers(), judgments.classes()],
        TABLE_LIMIT / 8,
    )
}

/// Adds up to 1; a row without mass becomes uniform.
pub(crate) fn normalise(row: &mut [f64]) {
    let total: f64 = row.iter().sum();
    if total > 0.0 && total.is_finite() {
        for value in row {
            *value /= total;
        }
    } else {
        let uniform = 1.0 / row.len() as f64;
        row.fill(uniform);
    }
}

/// Makes a row certain of one class.
pub(crate) fn set_certain(row: &mut [f64], class: usize) {
    row.fill(0.0);
    row[class] = 1.0;
}

/// Share of the votes of each class per task, votes weighted by worker; gold tasks certain; tasks without votes
/// (or without weight) get `empty`.
pub(crate) fn vote_shares(
    judgments: &Judgments,
    weight: impl Fn(usize) -> f64,
    empty: &[f64],
) -> Vec<f64> {
    let classes = judgments.classes();
    let mut values = vec![0.0; judgments.tasks() * classes];
    for (task, row) in values.chunks_exact_mut(classes.max(1)).enumerate() {
        vote_share(judgments, judgments.gold_codes(), task, &weight, empty, row);
    }
    values
}

/// The same of one task, into a row of zeros; without `gold` as if no gold were known.
pub(crate) fn vote_share(
    judgments: &Judgments,
    gold: &[u16],
    task: usize,
    weight: impl Fn(usize) -> f64,
    empty: &[f64],
    row: &mut [f64],
) {
    for (worker, label) in judgments.task(task) {
        row[label] += weight(worker);
    }
    if let Some(&gold) = gold.get(task).filter(|&&gold| gold != NO_LABEL) {
        set_certain(row, gold as usize);
    } else if row.iter().sum::<f64>() > 0.0 {
        normalise(row);
    } else {
        row.copy_from_slice(empty);
    }
}

/// Share of each class among all judgments, with one pseudo-vote spread over the classes so that none is zero.
pub(crate) fn label_shares(judgments: &Judgments) -> Vec<f64> {
    let classes = judgments.classes();
    let mut shares = vec![1.0 / classes.max(1) as f64; classes];
    for &label in judgments.label_codes() {
        shares[label as usize] += 1.0;
    }
    normalise(&mut shares);
    shares
}

/// A [`Fit`] from posterior values; accuracy of the workers from the posterior.
pub(crate) fn assemble(
    judgments: &Judgments,
    values: Vec<f64>,
    class_prior: Vec<f64>,
    skill: Option<Vec<f64>>,
    convergence: Convergence,
) -> Result<Fit, Error> {
    let posterior = Posterior::new(judgments.classes(), values)?;
    let accuracy = accuracy_from_posterior(judgments, &posterior);
    Ok(Fit {
        labels: posterior.labels(),
        posterior,
        class_prior,
        workers: WorkerModels { accuracy, confusions: None, skill },
        task_difficulty: None,
        convergence,
    })
}
