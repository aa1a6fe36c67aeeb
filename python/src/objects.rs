//! Masks and boxes.

use crowdsmith_truth::shapes::masks::{MaskEm, MaskFit, MaskRasa, Staple, majority};
use crowdsmith_truth::shapes::{BoundingBox, Drawings, ObjectConsensus};
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

/// Columns of drawn boxes, `[left, top, width, height]`, and who looked at what.
#[derive(FromPyObject)]
pub(crate) struct Boxes<'py> {
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
    shape: PyReadonlyArray2<'py, f64>,
}

/// Objects behind the boxes of many workers.
#[pyfunction]
#[pyo3(signature = (columns, threshold, rounds))]
pub(crate) fn boxes<'py>(
    py: Python<'py>,
    columns: Boxes<'py>,
    threshold: f64,
    rounds: usize,
) -> PyResult<Bound<'py, PyDict>> {
    let shape = |row: &[f64]| match *row {
        [left, top, width, height] => Ok(BoundingBox { left, top, width, height }),
        _ => Err(PyValueError::new_err("a box needs left, top, width and height")),
    };
    let rows = columns.shape.as_slice()?.chunks(4).map(shape);
    let looked = columns.looked_task.to_vec()?.into_iter().zip(columns.looked_worker.to_vec()?);
    let drawings = Drawings {
        tasks: columns.tasks,
        workers: columns.workers,
        looked: looked.collect(),
        task: columns.task.to_vec()?,
        worker: columns.worker.to_vec()?,
        label: columns.label.to_vec()?,
        shape: rows.collect::<PyResult<_>>()?,
    };
    let model = ObjectConsensus { threshold, rounds, ..ObjectConsensus::default() };
    let fit = py.detach(|| model.fit(&drawings)).map_err(refused)?;
    let objects = &fit.objects;
    let corners = objects.iter().flat_map(|object| {
        let BoundingBox { left, top, width, height } = object.shape;
        [left, top, width, height]
    });
    let answer = Answer::new(py);
    answer
        .column("task", objects.iter().map(|object| object.task).collect())?
        .table("boxes", corners.collect(), [objects.len(), 4])?
        .column("label", objects.iter().map(|object| object.label).collect())?
        .column("label_share", objects.iter().map(|object| object.label_share).collect())?
        .column("probability", objects.iter().map(|object| object.probability).collect())?
        .column("agreement", objects.iter().map(|object| object.agreement).collect())?
        .column("drawings", objects.iter().map(|object| object.drawings.len() as u64).collect())?
        .column("object_of", fit.object_of.iter().map(|&object| object as u64).collect())?
        .column("recall", fit.recall)?
        .column("false_marks", fit.false_marks)?
        .column("imprecision", fit.imprecision)?;
    Ok(answer.0)
}
