//! Numeric judgments.

use crowdsmith_truth::Error;
use crowdsmith_truth::numeric::{
    Catd, GaussianWorkers, LfcN, Mean, Measurements, Median, NumericFit, TrimmedMean,
};
use numpy::{PyArrayMethods, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::answers::{Answer, refused};
use crate::options::Options;

type Fitter = Box<dyn Fn(&Measurements) -> Result<NumericFit, Error> + Send + Sync>;

/// Fits a numeric method; the rest are its hyper-parameters.
#[pyfunction]
#[pyo3(signature = (method, tasks, workers, task, worker, value, gold_task, gold_value, **options))]
#[expect(clippy::too_many_arguments, reason = "columns of one table")]
pub(crate) fn numeric<'py>(
    py: Python<'py>,
    method: &str,
    tasks: usize,
    workers: usize,
    task: PyReadonlyArray1<'py, u32>,
    worker: PyReadonlyArray1<'py, u32>,
    value: PyReadonlyArray1<'py, f64>,
    gold_task: PyReadonlyArray1<'py, u32>,
    gold_value: PyReadonlyArray1<'py, f64>,
    options: Option<Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyDict>> {
    let options = Options::new(options);
    let fitter = fitter(method, &options)?;
    options.finish()?;
    let (task, worker, value) = (task.to_vec()?, worker.to_vec()?, value.to_vec()?);
    let gold = gold_task.to_vec()?.into_iter().zip(gold_value.to_vec()?).collect();
    let data = Measurements { tasks, workers, task, worker, value, gold };
    let fit = py.detach(|| fitter(&data)).map_err(refused)?;
    let answer = Answer::new(py);
    answer
        .column("values", fit.values)?
        .column("deviations", fit.deviations)?
        .column("scale", fit.scale)?
        .column("bias", fit.bias)?
        .column("variance", fit.variance)?
        .set("iterations", fit.convergence.iterations)?
        .set("converged", fit.convergence.converged)?;
    Ok(answer.0)
}

fn fitter(method: &str, options: &Options<'_>) -> PyResult<Fitter> {
    Ok(match method {
        "mean" => Box::new(|data| Mean.fit(data)),
        "median" => Box::new(|data| Median.fit(data)),
        "trimmed" => {
            let model = TrimmedMean { trim: options.or("trim", TrimmedMean::default().trim)? };
            Box::new(move |data| model.fit(data))
        }
        "lfc-n" => {
            let base = LfcN::default();
            let model = LfcN {
                iterations: options.or("iterations", base.iterations)?,
                tolerance: options.or("tolerance", base.tolerance)?,
            };
            Box::new(move |data| model.fit(data))
        }
        "catd" => {
            let base = Catd::default();
            let model = Catd {
                iterations: options.or("iterations", base.iterations)?,
                tolerance: options.or("tolerance", base.tolerance)?,
                significance: options.or("significance", base.significance)?,
            };
            Box::new(move |data| model.fit(data))
        }
        "gaussian" => {
            let base = GaussianWorkers::default();
            let model = GaussianWorkers {
                iterations: options.or("iterations", base.iterations)?,
                tolerance: options.or("tolerance", base.tolerance)?,
                pooling: options.or("pooling", base.pooling)?,
            };
            Box::new(move |data| model.fit(data))
        }
        _ => return Err(PyValueError::new_err(format!("unknown method `{method}`"))),
    })
}
