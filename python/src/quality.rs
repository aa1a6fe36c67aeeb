//! What a fit is worth: calibration, spammers, pairs that agree too well, judgments still needed.

use crowdsmith_truth::calibration::Evaluation;
use crowdsmith_truth::categorical::DawidSkene;
use crowdsmith_truth::diagnosis;
use crowdsmith_truth::uncertainty::{self, Crowd};
use crowdsmith_truth::{Beta, Confusions, Estimator, Posterior};
use numpy::{
    PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2, PyReadonlyArray3, PyUntypedArrayMethods,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::answers::{Answer, refused};
use crate::categorical::Judgments;

fn posterior(table: &PyReadonlyArray2<'_, f64>) -> PyResult<Posterior> {
    Posterior::new(table.shape()[1], table.as_slice()?.to_vec()).map_err(refused)
}

/// Accuracy, calibration and losses of probabilities, one true class code for each row.
#[pyfunction]
pub(crate) fn evaluation<'py>(
    py: Python<'py>,
    probabilities: PyReadonlyArray2<'py, f64>,
    truth: PyReadonlyArray1<'py, u32>,
) -> PyResult<Bound<'py, PyDict>> {
    let posterior = posterior(&probabilities)?;
    let truth = truth.to_vec()?;
    let rows = truth.iter().take(posterior.tasks()).enumerate();
    let pairs: Vec<(usize, usize)> = rows.map(|(row, &class)| (row, class as usize)).collect();
    let scores = py.detach(|| Evaluation::new(&posterior, &pairs));
    let curve = || scores.curve.iter();
    let answer = Answer::new(py);
    answer
        .set("tasks", scores.tasks)?
        .set("accuracy", scores.accuracy)?
        .set("macro_f1", scores.macro_f1)?
        .set("ece", scores.ece)?
        .set("log_loss", scores.log_loss)?
        .set("brier", scores.brier)?
        .set("confidence", scores.confidence)?
        .column("curve_tasks", curve().map(|bin| bin.tasks as u64).collect())?
        .column("curve_confidence", curve().map(|bin| bin.confidence).collect())?
        .column("curve_accuracy", curve().map(|bin| bin.accuracy).collect())?;
    Ok(answer.0)
}

/// How far each worker's answers depend on the truth; confusions as `[worker][truth][answer]`.
#[pyfunction]
pub(crate) fn spammer_scores(confusions: PyReadonlyArray3<'_, f64>) -> PyResult<Vec<f64>> {
    let (workers, classes) = (confusions.shape()[0], confusions.shape()[2]);
    let weight = vec![1.0; workers * classes];
    let confusions = Confusions::new(classes, confusions.as_slice()?.to_vec(), weight);
    Ok(diagnosis::spammer_scores(&confusions.map_err(refused)?))
}

/// Workers who agree more than independent ones would: codes, tasks in common, equal and expected answers, excess.
#[pyfunction]
pub(crate) fn close_pairs<'py>(
    py: Python<'py>,
    judgments: &Judgments,
    common: u32,
    excess: f64,
) -> PyResult<Bound<'py, PyDict>> {
    let judgments = &judgments.0;
    // A few judgments of the crowd in every row keep the matrices of workers with few judgments sane.
    let model = DawidSkene { shrinkage: 4.0, ..DawidSkene::default() };
    let pairs = py.detach(|| {
        let fit = model.fit(judgments)?;
        diagnosis::close_pairs(judgments, &fit, common, excess)
    });
    let pairs = pairs.map_err(refused)?;
    let answer = Answer::new(py);
    answer
        .column("first", pairs.iter().map(|pair| pair.first).collect())?
        .column("second", pairs.iter().map(|pair| pair.second).collect())?
        .column("common", pairs.iter().map(|pair| pair.common).collect())?
        .column("equal", pairs.iter().map(|pair| pair.equal).collect())?
        .column("expected", pairs.iter().map(|pair| pair.expected).collect())?
        .column("excess", pairs.iter().map(|pair| pair.excess).collect())?;
    Ok(answer.0)
}

/// Expected further judgments of each task until its top class reaches the target; infinite if it never will.
#[pyfunction]
pub(crate) fn judgments_needed(
    probabilities: PyReadonlyArray2<'_, f64>,
    judged: PyReadonlyArray1<'_, u64>,
    target: f64,
    accuracy: f64,
    dependence: f64,
) -> PyResult<Vec<f64>> {
    let posterior = posterior(&probabilities)?;
    let crowd = Crowd { accuracy, dependence };
    let judged = judged.to_vec()?;
    let needed = |(row, judged): (&[f64], &u64)| {
        let needed = uncertainty::judgments_needed(row, *judged as usize, target, crowd);
        needed.map(|needed| needed.unwrap_or(f64::INFINITY)).map_err(refused)
    };
    posterior.rows().zip(&judged).map(needed).collect()
}

/// Equal-tailed intervals of Beta distributions.
#[pyfunction]
pub(crate) fn beta_intervals(
    alpha: PyReadonlyArray1<'_, f64>,
    beta: PyReadonlyArray1<'_, f64>,
    level: f64,
) -> PyResult<Vec<(f64, f64)>> {
    let pairs = alpha.to_vec()?.into_iter().zip(beta.to_vec()?);
    let interval = |(alpha, beta)| {
        let interval = Beta { alpha, beta }.interval(level);
        (interval.low, interval.high)
    };
    Ok(pairs.map(interval).collect())
}
