//! Masks, boxes, polygons and keypoints.

use crowdsmith_truth::shapes::masks::{MaskEm, MaskFit, MaskRasa, Staple, majority};
use crowdsmith_truth::shapes::{BoundingBox, Drawings, Keypoints, ObjectConsensus, Polygon, Shape};
use numpy::{PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::answers::{Answer, refused};
use crate::options::Options;

/// Combines the masks of one picture, `[mask][pixel]`.
#[pyfunction]
#[pyo3(signature = (method, masks, **options))]
pub(crate) fn masks<'py>(
    py: Python<'py>,
    method: &str,
    masks: PyReadonlyArray2<'py, bool>,
    options: Option<Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyDict>> {
    let options = Options::new(options);
    let masks: Vec<Vec<bool>> =
        masks.as_array().rows().into_iter().map(|row| row.iter().copied().collect()).collect();
    let iterations: Option<usize> = options.maybe("iterations")?;
    let tolerance: Option<f64> = options.maybe("tolerance")?;
    let weights: Option<Vec<f64>> = options.maybe("weights")?;
    options.finish()?;
    let fit = py.detach(|| match method {
        "majority" => Some(majority(&masks, weights.as_deref())),
        "em" => Some(
            MaskEm { iterations: iterations.unwrap_or(10), tolerance: tolerance.unwrap_or(1e-5) }
                .fit(&masks),
        ),
        "rasa" => Some(
            MaskRasa { iterations: iterations.unwrap_or(10), tolerance: tolerance.unwrap_or(1e-5) }
                .fit(&masks),
        ),
        "staple" => Some(
            Staple { iterations: iterations.unwrap_or(100), tolerance: tolerance.unwrap_or(1e-7) }
                .fit(&masks),
        ),
        _ => None,
    });
    let fit = fit.ok_or_else(|| PyValueError::new_err(format!("unknown method `{method}`")))?;
    let MaskFit { mask, probability, quality, specificity, loss } = fit.map_err(refused)?;
    let answer = Answer::new(py);
    answer
        .column("mask", mask)?
        .column("probability", probability)?
        .column("quality", quality)?
        .column("specificity", specificity)?
        .set("loss", loss)?;
    Ok(answer.0)
}

/// Columns of drawings and who looked at what; a shape is a flat list of numbers.
#[derive(FromPyObject)]
pub(crate) struct Drawn<'py> {
    #[pyo3(item)]
    tasks: usize,
    #[pyo3(item)]
    workers: usize,
    #[pyo3(item)]
    looked_task: PyReadonlyArray1<'py, u32>,
    #[pyo3(item)]
    looked_worker: PyReadonlyArray1<'py, u32>,
    #[pyo3(item)]
    task: PyReadonlyArray1<'py, u32>,
    #[pyo3(item)]
    worker: PyReadonlyArray1<'py, u32>,
    #[pyo3(item)]
    label: PyReadonlyArray1<'py, u32>,
    #[pyo3(item)]
    shape: Vec<Vec<f64>>,
}

/// Objects behind the drawings of many workers: `box` is left, top, width, height; `polygon` and `keypoints` are x, y
/// for each point, both NaN for a point that is not there.
#[pyfunction]
#[pyo3(signature = (kind, drawn, threshold, rounds))]
pub(crate) fn objects<'py>(
    py: Python<'py>,
    kind: &str,
    drawn: Drawn<'py>,
    threshold: f64,
    rounds: usize,
) -> PyResult<Bound<'py, PyDict>> {
    let model = ObjectConsensus { threshold, rounds, ..ObjectConsensus::default() };
    let points = |numbers: &[f64]| numbers.chunks_exact(2).map(|p| (p[0], p[1])).collect();
    match kind {
        "box" => {
            let shape = |numbers: &[f64]| match *numbers {
                [left, top, width, height] => Ok(BoundingBox { left, top, width, height }),
                _ => Err(PyValueError::new_err("a box needs left, top, width and height")),
            };
            let flat = |shape: &BoundingBox| vec![shape.left, shape.top, shape.width, shape.height];
            find(py, &model, &drawn, shape, flat)
        }
        "polygon" => {
            let flat = |shape: &Polygon| shape.0.iter().flat_map(|&(x, y)| [x, y]).collect();
            find(py, &model, &drawn, |numbers| Ok(Polygon(points(numbers))), flat)
        }
        "keypoints" => {
            let there = |(x, y): (f64, f64)| (!(x.is_nan() && y.is_nan())).then_some((x, y));
            let shape = |numbers: &[f64]| {
                let points: Vec<(f64, f64)> = points(numbers);
                Ok(Keypoints(points.into_iter().map(there).collect()))
            };
            let flat = |shape: &Keypoints| {
                let points = shape.0.iter().map(|point| point.unwrap_or((f64::NAN, f64::NAN)));
                points.flat_map(|(x, y)| [x, y]).collect()
            };
            find(py, &model, &drawn, shape, flat)
        }
        _ => Err(PyValueError::new_err(format!("unknown kind of shape `{kind}`"))),
    }
}

fn find<'py, S: Shape>(
    py: Python<'py>,
    model: &ObjectConsensus,
    drawn: &Drawn<'_>,
    shape: impl Fn(&[f64]) -> PyResult<S>,
    flat: impl Fn(&S) -> Vec<f64>,
) -> PyResult<Bound<'py, PyDict>> {
    let looked = drawn.looked_task.to_vec()?.into_iter().zip(drawn.looked_worker.to_vec()?);
    let drawings = Drawings {
        tasks: drawn.tasks,
        workers: drawn.workers,
        looked: looked.collect(),
        task: drawn.task.to_vec()?,
        worker: drawn.worker.to_vec()?,
        label: drawn.label.to_vec()?,
        shape: drawn.shape.iter().map(|numbers| shape(numbers)).collect::<PyResult<_>>()?,
    };
    let fit = py.detach(|| model.fit(&drawings)).map_err(refused)?;
    let objects = &fit.objects;
    let answer = Answer::new(py);
    answer
        .column("task", objects.iter().map(|object| object.task).collect())?
        .set("shape", objects.iter().map(|object| flat(&object.shape)).collect::<Vec<_>>())?
        .column("label", objects.iter().map(|object| object.label).collect())?
        .column("label_share", objects.iter().map(|object| object.label_share).collect())?
        .column("probability", objects.iter().map(|object| object.probability).collect())?
        .column("agreement", objects.iter().map(|object| object.agreement).collect())?
        .column("drawings", objects.iter().map(|object| object.drawings.len() as u64).collect())?
        .column("recall", fit.recall)?
        .column("false_marks", fit.false_marks)?
        .column("imprecision", fit.imprecision)?;
    Ok(answer.0)
}
