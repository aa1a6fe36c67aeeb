//! Single steps of GLAD and MACE, for callers who look inside.

use crowdsmith_truth::categorical::{Glad, GladParameters};
use crowdsmith_truth::special::digamma;
use crowdsmith_truth::{self as truth, Posterior};
use numpy::{PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::answers::{Answer, refused};
use crate::categorical::Judgments;

type Numbers<'py> = PyReadonlyArray1<'py, f64>;

/// GLAD's posterior for given abilities and eases, Q at that posterior, and the gradient of Q.
#[pyfunction]
#[pyo3(signature = (judgments, class_prior, ability_prior, ease_prior, ability, ease, posterior=None))]
#[expect(clippy::too_many_arguments, reason = "the parameters of one model")]
pub(crate) fn glad_step<'py>(
    py: Python<'py>,
    judgments: &Judgments,
    class_prior: Numbers<'py>,
    ability_prior: Numbers<'py>,
    ease_prior: Numbers<'py>,
    ability: Numbers<'py>,
    ease: Numbers<'py>,
    posterior: Option<PyReadonlyArray2<'py, f64>>,
) -> PyResult<Bound<'py, PyDict>> {
    let judgments = &judgments.0;
    let model = Glad {
        class_prior: Some(class_prior.to_vec()?),
        ability_prior: Some(ability_prior.to_vec()?),
        ease_prior: Some(ease_prior.to_vec()?),
        ..Glad::default()
    };
    let parameters = GladParameters { ability: ability.to_vec()?, ease: ease.to_vec()? };
    let given = posterior.map(|table| table.as_slice().map(<[f64]>::to_vec)).transpose()?;
    let step = py.detach(|| {
        let posterior = match given {
            Some(values) => Posterior::new(judgments.classes(), values)?,
            None => model.posterior(judgments, &parameters)?,
        };
        let (q, gradient) = model.gradient(judgments, &posterior, &parameters)?;
        Ok((posterior, q, gradient))
    });
    let (posterior, q, gradient) = step.map_err(refused)?;
    let shape = [judgments.tasks(), judgments.classes()];
    let answer = Answer::new(py);
    answer
        .table("posterior", posterior.values().to_vec(), shape)?
        .set("q", q)?
        .column("ability", gradient.ability)?
        .column("ease", gradient.ease)?;
    Ok(answer.0)
}

/// How MACE's counts become probabilities.
#[derive(FromPyObject)]
pub(crate) struct MaceSettings {
    #[pyo3(item)]
    iterations: usize,
    #[pyo3(item)]
    variational: bool,
    #[pyo3(item)]
    alpha: f64,
    #[pyo3(item)]
    beta: f64,
    /// Row of the strategy table that each worker's counts go to, and the column of each label's.
    #[pyo3(item)]
    worker_row: Vec<usize>,
    #[pyo3(item)]
    label_column: Vec<usize>,
}

/// MACE from a given start, `spamming[worker] = (spams, knows)` and `strategies[worker][label]`, with every count
/// written to the row and column that the settings name.
#[pyfunction]
pub(crate) fn mace<'py>(
    py: Python<'py>,
    judgments: &Judgments,
    spamming: PyReadonlyArray2<'py, f64>,
    strategies: PyReadonlyArray2<'py, f64>,
    settings: MaceSettings,
) -> PyResult<Bound<'py, PyDict>> {
    let judgments = &judgments.0;
    let mut state = Mace {
        spamming: spamming.as_slice()?.to_vec(),
        strategies: strategies.as_slice()?.to_vec(),
    };
    let (workers, classes) = (judgments.workers(), judgments.classes());
    let sizes = [
        ("spamming", state.spamming.len(), 2 * workers),
        ("strategies", state.strategies.len(), workers * classes),
        ("worker_row", settings.worker_row.len(), workers),
        ("label_column", settings.label_column.len(), classes),
    ];
    for (what, found, expected) in sizes {
        if found != expected {
            return Err(refused(truth::Error::Shape { what, expected, found }));
        }
    }
    let (posterior, log_likelihood) = py.detach(|| {
        let mut expected = state.expectation(judgments);
        for _ in 0..settings.iterations {
            state = expected.maximization(judgments, &settings);
            expected = state.expectation(judgments);
        }
        (expected.posterior, expected.log_likelihood)
    });
    let answer = Answer::new(py);
    answer
        .table("posterior", posterior, [judgments.tasks(), classes])?
        .table("spamming", state.spamming, [workers, 2])?
        .table("strategies", state.strategies, [workers, classes])?
        .set("log_likelihood", log_likelihood)?;
    Ok(answer.0)
}

/// Parameters of MACE.
struct Mace {
    spamming: Vec<f64>,
    strategies: Vec<f64>,
}

/// Expected counts.
struct Expected {
    posterior: Vec<f64>,
    log_likelihood: f64,
    knowing: Vec<f64>,
    strategies: Vec<f64>,
}

impl Mace {
    fn expectation(&self, judgments: &truth::Judgments) -> Expected {
        let classes = judgments.classes();
        let mut expected = Expected {
            posterior: vec![0.0; judgments.tasks() * classes],
            log_likelihood: 0.0,
            knowing: vec![0.0; self.spamming.len()],
            strategies: vec![0.0; self.strategies.len()],
        };
        let answers: Vec<Answered> =
            (0..self.strategies.len()).map(|cell| self.answered(cell, classes)).collect();
        let uniform = -(classes as f64).ln();
        for (task, row) in expected.posterior.chunks_exact_mut(classes.max(1)).enumerate() {
            let mut common = uniform;
            for (worker, label) in judgments.task(task) {
                let answer = &answers[worker * classes + label];
                common += answer.spam_log;
                row[label] += answer.gain;
            }
            let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let mut total = 0.0;
            for value in row.iter_mut() {
                *value = (*value - largest).exp();
                total += *value;
            }
            for value in row.iter_mut() {
                *value /= total;
            }
            expected.log_likelihood += common + largest + total.ln();
            for (worker, label) in judgments.task(task) {
                let cell = worker * classes + label;
                let knew = row[label] * answers[cell].known;
                expected.knowing[2 * worker] += 1.0 - knew;
                expected.knowing[2 * worker + 1] += knew;
                expected.strategies[cell] += 1.0 - knew;
            }
        }
        expected
    }

    /// What an answer says, given the worker and the label: `cell` counts labels within workers.
    fn answered(&self, cell: usize, classes: usize) -> Answered {
        let worker = cell / classes;
        let spam = (self.spamming[2 * worker] * self.strategies[cell]).max(1e-300);
        let know = self.spamming[2 * worker + 1];
        Answered { spam_log: spam.ln(), gain: (know / spam).ln_1p(), known: know / (spam + know) }
    }
}

/// One worker's answer of one label.
struct Answered {
    /// Log-probability of giving it by spamming.
    spam_log: f64,
    /// What it adds to the log-probability of its own label.
    gain: f64,
    /// Probability of having known it, if it is right.
    known: f64,
}

impl Expected {
    fn maximization(&self, judgments: &truth::Judgments, settings: &MaceSettings) -> Mace {
        let classes = judgments.classes();
        let smoothing = 0.01 / classes.max(1) as f64;
        let scale = |counts: &[f64], priors: &dyn Fn(usize) -> f64| -> Vec<f64> {
            let prior = |place: usize| if settings.variational { priors(place) } else { smoothing };
            let counts = counts.iter().enumerate().map(|(place, count)| count + prior(place));
            let counts: Vec<f64> = counts.collect();
            let total: f64 = counts.iter().sum();
            let share = |count: &f64| {
                if settings.variational {
                    (digamma(*count) - digamma(total)).exp()
                } else {
                    count / total
                }
            };
            counts.iter().map(share).collect()
        };
        let mut strategies = vec![0.0; self.strategies.len()];
        for (worker, &row) in settings.worker_row.iter().enumerate() {
            for (label, &column) in settings.label_column.iter().enumerate() {
                let count = self.strategies[worker * classes + label];
                strategies[row * classes + column] = count;
            }
        }
        let rows = strategies.chunks_exact(classes.max(1));
        let strategies = rows.flat_map(|row| scale(row, &|_| 10.0)).collect();
        let prior = [settings.alpha, settings.beta];
        let pairs = self.knowing.chunks_exact(2);
        let spamming = pairs.flat_map(|pair| scale(pair, &|place| prior[place])).collect();
        Mace { spamming, strategies }
    }
}
