//! Pairwise comparisons and rankings.

use crowdsmith_truth::pairs::{
    BradleyTerry, Comparisons, CrowdBradleyTerry, NoisyBradleyTerry, Outcome, PlackettLuce,
    Rankings, Strengths, Ties,
};
use numpy::{PyArrayMethods, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::answers::{Answer, refused};
use crate::options::Options;

type Codes<'py> = PyReadonlyArray1<'py, u32>;

/// Outcomes: 0 left is better, 1 right is better, 2 neither.
fn comparisons(
    items: usize,
    workers: usize,
    columns: [&Codes<'_>; 3],
    outcome: &PyReadonlyArray1<'_, u8>,
) -> PyResult<Comparisons> {
    let outcomes = outcome.as_slice()?.iter().map(|code| match code {
        0 => Ok(Outcome::Left),
        1 => Ok(Outcome::Right),
        2 => Ok(Outcome::Tie),
        _ => Err(PyValueError::new_err("an outcome must be 0, 1 or 2")),
    });
    let [worker, left, right] = columns;
    Ok(Comparisons {
        items,
        workers,
        worker: worker.to_vec()?,
        left: left.to_vec()?,
        right: right.to_vec()?,
        outcome: outcomes.collect::<PyResult<_>>()?,
    })
}

fn strengths(py: Python<'_>, fit: Strengths) -> PyResult<Bound<'_, PyDict>> {
    let answer = Answer::new(py);
    answer
        .column("scores", fit.scores)?
        .set("tie", fit.tie)?
        .set("iterations", fit.iterations)?
        .set("converged", fit.converged)?;
    Ok(answer.0)
}

/// Bradley-Terry strengths.
#[pyfunction]
#[pyo3(signature = (items, left, right, outcome, **options))]
pub(crate) fn bradley_terry<'py>(
    py: Python<'py>,
    items: usize,
    left: Codes<'py>,
    right: Codes<'py>,
    outcome: PyReadonlyArray1<'py, u8>,
    options: Option<Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyDict>> {
    let options = Options::new(options);
    let base = BradleyTerry::default();
    let davidson = options.or("davidson", false)?;
    let model = BradleyTerry {
        iterations: options.or("iterations", base.iterations)?,
        tolerance: options.or("tolerance", base.tolerance)?,
        prior: options.or("prior", base.prior)?,
        ties: if davidson { Ties::Davidson } else { Ties::Halves },
    };
    options.finish()?;
    let worker = numpy::PyArray1::zeros(py, left.len()?, false).readonly();
    let data = comparisons(items, 1, [&worker, &left, &right], &outcome)?;
    strengths(py, py.detach(|| model.fit(&data)).map_err(refused)?)
}

/// Strengths and worker qualities; `noisy` chooses the model with side biases.
#[pyfunction]
#[pyo3(signature = (items, workers, worker, left, right, outcome, noisy, **options))]
#[expect(clippy::too_many_arguments, reason = "columns of one table")]
pub(crate) fn worker_bradley_terry<'py>(
    py: Python<'py>,
    items: usize,
    workers: usize,
    worker: Codes<'py>,
    left: Codes<'py>,
    right: Codes<'py>,
    outcome: PyReadonlyArray1<'py, u8>,
    noisy: bool,
    options: Option<Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyDict>> {
    let options = Options::new(options);
    let base = NoisyBradleyTerry::default();
    let iterations = options.or("iterations", base.iterations)?;
    let tolerance = options.or("tolerance", base.tolerance)?;
    let prior = options.or("prior", base.prior)?;
    let reliability_prior = options.or("reliability_prior", base.reliability_prior)?;
    let bias_prior = options.or("bias_prior", base.bias_prior)?;
    options.finish()?;
    let data = comparisons(items, workers, [&worker, &left, &right], &outcome)?;
    let fit = py.detach(|| {
        if noisy {
            let model =
                NoisyBradleyTerry { iterations, tolerance, prior, reliability_prior, bias_prior };
            model.fit(&data)
        } else {
            CrowdBradleyTerry { iterations, tolerance, prior, reliability_prior }.fit(&data)
        }
    });
    let fit = fit.map_err(refused)?;
    let answer = Answer::new(py);
    answer
        .column("scores", fit.scores)?
        .column("reliability", fit.reliability)?
        .column("left_bias", fit.left_bias)?
        .set("iterations", fit.iterations)?
        .set("converged", fit.converged)?;
    Ok(answer.0)
}

/// Plackett-Luce strengths from rankings in long form.
#[pyfunction]
#[pyo3(signature = (items, rankings, ranking, item, place, **options))]
pub(crate) fn plackett_luce<'py>(
    py: Python<'py>,
    items: usize,
    rankings: usize,
    ranking: Codes<'py>,
    item: Codes<'py>,
    place: Codes<'py>,
    options: Option<Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyDict>> {
    let options = Options::new(options);
    let base = PlackettLuce::default();
    let model = PlackettLuce {
        iterations: options.or("iterations", base.iterations)?,
        tolerance: options.or("tolerance", base.tolerance)?,
        prior: options.or("prior", base.prior)?,
    };
    options.finish()?;
    let (ranking, item, place) = (ranking.to_vec()?, item.to_vec()?, place.to_vec()?);
    let data = Rankings { items, rankings, ranking, item, place };
    strengths(py, py.detach(|| model.fit(&data)).map_err(refused)?)
}
