//! What a fit answers with, and how good it is where the truth is known.

use anyhow::{Context as _, Result};
use crowdsmith_truth::calibration::Evaluation;
use crowdsmith_truth::numeric::NumericFit;
use crowdsmith_truth::{Convergence, Fit, Progress};
use rayon::ThreadPoolBuilder;

use crate::data::{Data, Judged, Truth};
use crate::methods::{Method, Tuning};

/// The fit of a method of either kind.
#[derive(Debug)]
pub(crate) enum Outcome {
    Classes(Fit),
    Numbers(NumericFit),
}

impl Outcome {
    /// Fits a method to the data on `threads` threads; `progress` counts the iterations of a method for classes.
    ///
    /// # Errors
    /// A setting out of range, or data that the method cannot take.
    pub(crate) fn fit(
        data: &Data,
        method: &Method,
        tuning: Tuning,
        threads: usize,
        progress: &Progress,
    ) -> Result<Self> {
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .with_context(|| format!("{threads} threads cannot be started"))?;
        let name = method.name;
        pool.install(|| match &data.judged {
            Judged::Classes(judgments) => {
                let estimator = method.estimator(tuning).context("the method is for numbers")?;
                let fit = estimator.fit_watched(judgments, progress);
                Ok(Self::Classes(fit.map_err(|error| told(name, &error))?))
            }
            Judged::Numbers(measurements) => {
                let fit = method
                    .fit_numbers(tuning, measurements)
                    .context("the method is for classes")?;
                Ok(Self::Numbers(fit.map_err(|error| told(name, &error))?))
            }
        })
    }

    pub(crate) fn convergence(&self) -> Convergence {
        match self {
            Self::Classes(fit) => fit.convergence,
            Self::Numbers(fit) => fit.convergence,
        }
    }
}

fn told(method: &str, error: &crowdsmith_truth::Error) -> anyhow::Error {
    let text = error.to_string();
    let gold = if text.contains("gold") { " (--gold names a file of known labels)" } else { "" };
    let whose = if text.starts_with(method) { String::new() } else { format!("{method}: ") };
    anyhow::anyhow!("{whose}{text}{gold}")
}

/// Scores against the truth.
#[derive(Debug)]
pub(crate) enum Scores {
    Classes(Evaluation),
    Numbers(NumberScores),
}

/// How far numbers are from the true ones.
#[derive(Debug)]
pub(crate) struct NumberScores {
    pub(crate) tasks: usize,
    pub(crate) mean_absolute_error: f64,
    pub(crate) root_mean_square_error: f64,
}

impl Scores {
    /// The scores of an outcome, if there is truth of its kind.
    pub(crate) fn new(data: &Data, outcome: &Outcome) -> Option<Self> {
        match (outcome, data.truth.as_ref()?) {
            (Outcome::Classes(fit), Truth::Classes(truth)) => {
                Some(Self::Classes(Evaluation::new(&fit.posterior, truth)))
            }
            (Outcome::Numbers(fit), Truth::Numbers(truth)) => {
                let errors = || truth.iter().map(|&(task, value)| fit.values[task] - value);
                let share = 1.0 / truth.len().max(1) as f64;
                Some(Self::Numbers(NumberScores {
                    tasks: truth.len(),
                    mean_absolute_error: errors().map(f64::abs).sum::<f64>() * share,
                    root_mean_square_error: (errors().map(|e| e * e).sum::<f64>() * share).sqrt(),
                }))
            }
            _ => None,
        }
    }
}
