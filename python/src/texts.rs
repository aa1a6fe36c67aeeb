//! Texts and embeddings.

use crowdsmith_truth::text::{
    EmbeddingFit, Embeddings, Hrrasa, Medoid, Rasa, Rover, SequenceRasa, TextFit, Texts, edit,
};
use numpy::{PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::answers::{Answer, refused};
use crate::options::Options;

type Codes<'py> = PyReadonlyArray1<'py, u32>;
type Tokens = Vec<Vec<String>>;

/// Row codes fit 64 bits signed, as numpy counts; -1 stands for none.
fn rows(chosen: Vec<Option<usize>>) -> Vec<i64> {
    chosen.into_iter().map(|row| row.map_or(-1, |row| i64::try_from(row).unwrap_or(-1))).collect()
}

/// The combined tokens of each task.
#[pyfunction]
#[pyo3(signature = (tasks, workers, task, worker, tokens, weights=None))]
pub(crate) fn rover(
    py: Python<'_>,
    tasks: usize,
    workers: usize,
    task: Codes<'_>,
    worker: Codes<'_>,
    tokens: Tokens,
    weights: Option<Vec<f64>>,
) -> PyResult<Tokens> {
    let (task, worker) = (task.to_vec()?, worker.to_vec()?);
    let texts = Texts { tasks, workers, task, worker, tokens };
    py.detach(|| Rover { weights }.fit(&texts)).map_err(refused)
}

/// The chosen row of each task by edit distance; with `significance` workers are weighed (RASA).
#[pyfunction]
#[pyo3(signature = (tasks, workers, task, worker, tokens, iterations=100, significance=None))]
#[expect(clippy::too_many_arguments, reason = "columns of one table")]
pub(crate) fn medoid<'py>(
    py: Python<'py>,
    tasks: usize,
    workers: usize,
    task: Codes<'py>,
    worker: Codes<'py>,
    tokens: Tokens,
    iterations: usize,
    significance: Option<f64>,
) -> PyResult<Bound<'py, PyDict>> {
    let (task, worker) = (task.to_vec()?, worker.to_vec()?);
    let texts = Texts { tasks, workers, task, worker, tokens };
    let fit = py.detach(|| match significance {
        Some(significance) => SequenceRasa { iterations, significance }.fit(&texts),
        None => Medoid.fit(&texts),
    });
    let TextFit { chosen, distances, reliability, convergence } = fit.map_err(refused)?;
    let answer = Answer::new(py);
    answer
        .column("chosen", rows(chosen))?
        .column("distances", distances)?
        .column("reliability", reliability)?
        .set("iterations", convergence.iterations)?
        .set("converged", convergence.converged)?;
    Ok(answer.0)
}

/// Columns of the answers and, as two arrays, what is known of some tasks.
#[derive(FromPyObject)]
pub(crate) struct Points<'py> {
    #[pyo3(item)]
    tasks: usize,
    #[pyo3(item)]
    workers: usize,
    #[pyo3(item)]
    task: Codes<'py>,
    #[pyo3(item)]
    worker: Codes<'py>,
    #[pyo3(item)]
    values: PyReadonlyArray2<'py, f64>,
    #[pyo3(item)]
    true_task: Codes<'py>,
    #[pyo3(item)]
    true_values: PyReadonlyArray2<'py, f64>,
}

impl Points<'_> {
    fn embeddings(&self) -> PyResult<Embeddings> {
        let dimensions = self.values.shape()[1];
        let known = self.true_values.as_slice()?;
        let width = self.true_values.shape()[1].max(1);
        let truth = self.true_task.as_slice()?.iter().copied();
        Ok(Embeddings {
            tasks: self.tasks,
            workers: self.workers,
            dimensions,
            task: self.task.to_vec()?,
            worker: self.worker.to_vec()?,
            values: self.values.as_slice()?.to_vec(),
            truth: truth.zip(known.chunks(width).map(<[f64]>::to_vec)).collect(),
        })
    }
}

fn answer(py: Python<'_>, fit: EmbeddingFit, points: &Points<'_>) -> PyResult<Py<PyDict>> {
    let answer = Answer::new(py);
    answer
        .table("aggregated", fit.aggregated, [points.tasks, points.values.shape()[1]])?
        .column("chosen", rows(fit.chosen))?
        .column("distances", fit.distances)?
        .column("skills", fit.skills)?
        .column("weights", fit.weights)?
        .set("loss", fit.loss)?;
    Ok(answer.0.unbind())
}

/// RASA on embeddings.
#[pyfunction]
#[pyo3(signature = (points, **options))]
pub(crate) fn rasa(
    py: Python<'_>,
    points: Points<'_>,
    options: Option<Bound<'_, PyDict>>,
) -> PyResult<Py<PyDict>> {
    let options = Options::new(options);
    let base = Rasa::default();
    let model = Rasa {
        iterations: options.or("iterations", base.iterations)?,
        tolerance: options.or("tolerance", base.tolerance)?,
        significance: options.or("significance", base.significance)?,
    };
    options.finish()?;
    let embeddings = points.embeddings()?;
    let fit = py.detach(|| model.fit(&embeddings)).map_err(refused)?;
    answer(py, fit, &points)
}

/// HRRASA on embeddings and the mean similarity of each output to the others of its task.
#[pyfunction]
#[pyo3(signature = (points, outputs, **options))]
pub(crate) fn hrrasa(
    py: Python<'_>,
    points: Points<'_>,
    outputs: PyReadonlyArray1<'_, f64>,
    options: Option<Bound<'_, PyDict>>,
) -> PyResult<(Py<PyDict>, Vec<f64>)> {
    let options = Options::new(options);
    let base = Hrrasa::default();
    let model = Hrrasa {
        iterations: options.or("iterations", base.iterations)?,
        tolerance: options.or("tolerance", base.tolerance)?,
        significance: options.or("significance", base.significance)?,
        embedding_weight: options.or("embedding_weight", base.embedding_weight)?,
        output_weight: options.or("output_weight", base.output_weight)?,
    };
    options.finish()?;
    let embeddings = points.embeddings()?;
    let outputs = outputs.to_vec()?;
    let (fit, local) = py
        .detach(|| {
            let local = model.local_reliability(&embeddings, &outputs)?;
            Ok((model.fit(&embeddings, &outputs)?, local))
        })
        .map_err(refused)?;
    Ok((answer(py, fit, &points)?, local))
}

/// Mean GLEU similarity of each text to those of the other workers of its task.
#[pyfunction]
pub(crate) fn gleu_reliability(
    py: Python<'_>,
    points: Points<'_>,
    tokens: Tokens,
) -> PyResult<Vec<f64>> {
    let embeddings = points.embeddings()?;
    py.detach(|| crowdsmith_truth::text::gleu_reliability(&embeddings, &tokens)).map_err(refused)
}

/// GLEU similarity of two token lists, 0..=1.
#[pyfunction]
pub(crate) fn gleu(left: Vec<String>, right: Vec<String>) -> f64 {
    edit::gleu(&left, &right)
}

/// The p-quantile of the chi-squared distribution for each number of degrees of freedom.
#[pyfunction]
pub(crate) fn chi_squared_quantile(degrees: Vec<f64>, p: f64) -> Vec<f64> {
    let quantile = |degrees: f64| crowdsmith_truth::special::chi_squared_quantile(degrees, p);
    degrees.into_iter().map(quantile).collect()
}
