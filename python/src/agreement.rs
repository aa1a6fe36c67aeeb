//! Coefficients of agreement.

use crowdsmith_truth::agreement::{
    self as truth, Annotations, Chance, CrowdTruth, Krippendorff, Level, Ratings, Weights,
};
use numpy::{PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::answers::{Answer, refused};
use crate::categorical::Judgments;

/// Columns of ratings: numbers of codes, and the codes with their values.
#[derive(FromPyObject)]
pub(crate) struct Rated<'py> {
    #[pyo3(item)]
    units: usize,
    #[pyo3(item)]
    workers: usize,
    #[pyo3(item)]
    unit: PyReadonlyArray1<'py, u32>,
    #[pyo3(item)]
    worker: PyReadonlyArray1<'py, u32>,
    #[pyo3(item)]
    value: PyReadonlyArray1<'py, f64>,
}

impl Rated<'_> {
    fn ratings(&self) -> PyResult<Ratings> {
        Ok(Ratings {
            units: self.units,
            workers: self.workers,
            unit: self.unit.to_vec()?,
            worker: self.worker.to_vec()?,
            value: self.value.to_vec()?,
        })
    }
}

/// Krippendorff's alpha and its bootstrap interval.
#[pyfunction]
#[pyo3(signature = (rated, level, distances=None, resamples=0, confidence=0.95, seed=0))]
pub(crate) fn alpha(
    py: Python<'_>,
    rated: Rated<'_>,
    level: &str,
    distances: Option<PyReadonlyArray2<'_, f64>>,
    resamples: usize,
    confidence: f64,
    seed: u64,
) -> PyResult<(f64, Option<(f64, f64)>)> {
    let level = match (level, distances) {
        (_, Some(distances)) => Level::Distances(distances.as_slice()?.to_vec()),
        ("nominal", None) => Level::Nominal,
        ("ordinal", None) => Level::Ordinal,
        ("interval", None) => Level::Interval,
        ("ratio", None) => Level::Ratio,
        _ => return Err(PyValueError::new_err(format!("unknown level `{level}`"))),
    };
    let ratings = rated.ratings()?;
    let model = Krippendorff { level, resamples, confidence, seed };
    let alpha = py.detach(|| model.fit(&ratings)).map_err(refused)?;
    Ok((alpha.value, alpha.interval))
}

fn weights(name: &str) -> PyResult<Weights> {
    match name {
        "identity" => Ok(Weights::Identity),
        "linear" => Ok(Weights::Linear),
        "quadratic" => Ok(Weights::Quadratic),
        _ => Err(PyValueError::new_err("weights must be 'identity', 'linear' or 'quadratic'")),
    }
}

/// Coefficient, observed and expected agreement.
type Coefficient = (f64, f64, f64);

fn coefficient(chance: Result<Chance, crowdsmith_truth::Error>) -> PyResult<Coefficient> {
    let chance = chance.map_err(refused)?;
    Ok((chance.value, chance.observed, chance.expected))
}

/// Cohen's kappa of two workers.
#[pyfunction]
pub(crate) fn cohen(
    py: Python<'_>,
    rated: Rated<'_>,
    first: u32,
    second: u32,
    weight: &str,
) -> PyResult<Coefficient> {
    let (ratings, weight) = (rated.ratings()?, weights(weight)?);
    coefficient(py.detach(|| truth::cohen(&ratings, first, second, weight)))
}

/// Fleiss' kappa.
#[pyfunction]
pub(crate) fn fleiss(py: Python<'_>, rated: Rated<'_>, weight: &str) -> PyResult<Coefficient> {
    let (ratings, weight) = (rated.ratings()?, weights(weight)?);
    coefficient(py.detach(|| truth::fleiss(&ratings, weight)))
}

/// Gwet's AC1 or AC2.
#[pyfunction]
pub(crate) fn gwet(py: Python<'_>, rated: Rated<'_>, weight: &str) -> PyResult<Coefficient> {
    let (ratings, weight) = (rated.ratings()?, weights(weight)?);
    coefficient(py.detach(|| truth::gwet(&ratings, weight)))
}

/// Posterior probability of a given label of each task.
#[pyfunction]
pub(crate) fn consistency(
    py: Python<'_>,
    judgments: &Judgments,
    skills: PyReadonlyArray1<'_, f64>,
    labels: PyReadonlyArray1<'_, u16>,
) -> PyResult<Vec<f64>> {
    let (skills, labels) = (skills.to_vec()?, labels.to_vec()?);
    py.detach(|| truth::consistency(&judgments.0, &skills, &labels)).map_err(refused)
}

/// Entropy of the answers of each group; the judgments must have been given sorted by task.
#[pyfunction]
pub(crate) fn uncertainty(
    py: Python<'_>,
    judgments: &Judgments,
    skills: PyReadonlyArray1<'_, f64>,
    group: PyReadonlyArray1<'_, u32>,
    groups: usize,
) -> PyResult<Vec<f64>> {
    let (skills, group) = (skills.to_vec()?, group.to_vec()?);
    py.detach(|| truth::uncertainty(&judgments.0, &skills, &group, groups)).map_err(refused)
}

/// `CrowdTruth` scores of units, workers and annotations.
#[pyfunction]
#[pyo3(signature = (units, workers, annotations, unit, worker, annotation, iterations=100, tolerance=1e-4))]
#[expect(clippy::too_many_arguments, reason = "columns of one table")]
pub(crate) fn crowd_truth<'py>(
    py: Python<'py>,
    units: usize,
    workers: usize,
    annotations: usize,
    unit: PyReadonlyArray1<'py, u32>,
    worker: PyReadonlyArray1<'py, u32>,
    annotation: PyReadonlyArray1<'py, u32>,
    iterations: usize,
    tolerance: f64,
) -> PyResult<Bound<'py, PyDict>> {
    let (unit, worker, annotation) = (unit.to_vec()?, worker.to_vec()?, annotation.to_vec()?);
    let data = Annotations { units, workers, annotations, unit, worker, annotation };
    let model = CrowdTruth { iterations, tolerance };
    let scores = py.detach(|| model.fit(&data)).map_err(refused)?;
    let answer = Answer::new(py);
    answer
        .column("units", scores.units)?
        .column("workers", scores.workers)?
        .column("annotations", scores.annotations)?
        .table("support", scores.support, [units, annotations])?
        .set("iterations", scores.iterations)?
        .set("converged", scores.converged)?;
    Ok(answer.0)
}
