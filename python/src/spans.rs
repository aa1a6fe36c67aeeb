//! Token tags and spans.

use crowdsmith_truth::spans::{
    Annotation, BayesianSequences, BioScheme, HmmCrowd, Sequences, SpanFit,
};
use numpy::{PyArrayMethods, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::answers::{Answer, refused};
use crate::options::Options;

/// One annotation: document, worker, a tag code for each token.
type Row<'py> = (u32, u32, PyReadonlyArray1<'py, u16>);

fn sequences(
    names: &[String],
    workers: usize,
    lengths: Vec<usize>,
    rows: Vec<Row<'_>>,
) -> PyResult<Sequences> {
    let annotation = |(document, worker, tags): Row<'_>| {
        PyResult::Ok(Annotation { document, worker, tags: tags.to_vec()? })
    };
    Ok(Sequences {
        tags: names.len(),
        workers,
        lengths,
        annotations: rows.into_iter().map(annotation).collect::<PyResult<_>>()?,
        allowed: Some(BioScheme::new(names).allowed()),
    })
}

/// Infers the tags of documents; `sequential` lets a worker's tag depend on the worker's last one.
#[pyfunction]
#[pyo3(signature = (names, workers, lengths, rows, sequential, **options))]
pub(crate) fn tag_sequences<'py>(
    py: Python<'py>,
    names: Vec<String>,
    workers: usize,
    lengths: Vec<usize>,
    rows: Vec<Row<'py>>,
    sequential: bool,
    options: Option<Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyDict>> {
    let options = Options::new(options);
    let base = BayesianSequences::default();
    let iterations = options.or("iterations", base.iterations)?;
    let tolerance = options.or("tolerance", base.tolerance)?;
    let pooling = options.or("pooling", base.pooling)?;
    let context_pooling = options.or("context_pooling", base.context_pooling)?;
    options.finish()?;
    let tags = names.len();
    let data = sequences(&names, workers, lengths, rows)?;
    let fit = py.detach(|| {
        if sequential {
            BayesianSequences { iterations, tolerance, pooling, context_pooling }.fit(&data)
        } else {
            HmmCrowd { iterations, tolerance, pooling }.fit(&data)
        }
    });
    let SpanFit { tags: best, posterior, transitions, confusions, convergence } =
        fit.map_err(refused)?;
    let answer = Answer::new(py);
    answer
        .column("tags", best.concat())?
        .table("posterior", posterior.concat(), [data.lengths.iter().sum(), tags])?
        .table("transitions", transitions, [tags, tags])?
        .table("confusions", confusions, [workers, tags, tags])?
        .set("iterations", convergence.iterations)?
        .set("converged", convergence.converged)?
        .set("log_likelihood", convergence.log_likelihood)?;
    Ok(answer.0)
}

/// Precision, recall and F1 of spans; both sides as one array of tag codes a document.
#[pyfunction]
pub(crate) fn span_f1(
    names: Vec<String>,
    truth: Vec<Vec<u16>>,
    found: Vec<Vec<u16>>,
) -> (f64, f64, f64) {
    let score = crowdsmith_truth::spans::span_f1(&BioScheme::new(&names), &truth, &found);
    (score.precision, score.recall, score.f1)
}

/// Mean F1 between the spans of two workers, and the number of pairs.
#[pyfunction]
pub(crate) fn span_agreement(
    names: Vec<String>,
    workers: usize,
    lengths: Vec<usize>,
    rows: Vec<Row<'_>>,
) -> PyResult<(f64, usize)> {
    let data = sequences(&names, workers, lengths, rows)?;
    Ok(crowdsmith_truth::spans::span_agreement(&BioScheme::new(&names), &data))
}
