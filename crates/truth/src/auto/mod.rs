//! The default: several models of the crowd, pooled and calibrated.
//!
//! No single model is safe: full confusion matrices lose where labels are few, one accuracy a worker loses where
//! classes are confused, an estimated class prior collapses, and all are far too sure of themselves where workers
//! err together. [`Auto`] fits a few models that differ in just these assumptions, tempers each for the dependence
//! between judgments that the data show, and pools them. `docs/truth.md` tells the reasons at length.

mod calibrate;
mod dependence;
mod experts;
mod pool;
#[cfg(test)]
mod tests;

use self::calibrate::Calibration;
use self::experts::Experts;
use crate::categorical::check_posterior;
use crate::error::{Error, check_parameter};
use crate::fit::{Estimator, Fit, Posterior, Progress, WorkerModels, accuracy_from_posterior};
use crate::judgments::Judgments;

/// The default estimator.
///
/// 1. Experts: [hierarchical Dawid-Skene](crate::categorical::HierarchicalDawidSkene) with a class prior of vote
///    shares, the same with the square root of vote shares, the same without own rows, and the
///    [one-coin model](crate::categorical::OneCoin) with a uniform prior. No prior is re-estimated, so none
///    collapses. Experts whose tables would be too large are left out. The two with square roots lose weight,
///    exp(−(Δ/0.006)⁴), where they predict held-out judgments worse than the first by Δ nats a judgment.
/// 2. Dependence: ρ = v/(v + τ²) + ½ρ₀, at most 1. τ² is the variance of the workers' accuracies in logits: where all
///    workers are equally bad, what makes them err is in the tasks, and they err together; v = ¼ is taken for the
///    tasks. ρ₀ is the correlation that predicts each judgment best from the others of its task.
/// 3. Pool: a task of n judgments is worth n/(1 + (n−1)ρ) independent ones, so the log-posteriors are multiplied by
///    1/(1 + (n−1)ρ), averaged over the experts, and normalised; 2 % are spread over all classes.
/// 4. With gold: weights of the experts, temperature, its dependence on n, and a bias a class are fitted to the gold
///    tasks as the experts see them without gold, with priors that hold steps 1–3 where gold is little.
///
/// The worker models of the fit are those of the first expert that was fitted with confusions; the log-likelihood too.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Auto {
    /// Most iterations of each expert, at least 1.
    pub iterations: usize,
    /// Stop an expert when its log-likelihood per judgment moves by less than this.
    pub tolerance: f64,
}

impl Default for Auto {
    fn default() -> Self {
        Self { iterations: 60, tolerance: 1e-6 }
    }
}

impl Estimator for Auto {
    fn name(&self) -> &'static str {
        "auto"
    }

    fn fit_watched(&self, judgments: &Judgments, progress: &Progress) -> Result<Fit, Error> {
        check_posterior(judgments)?;
        check_parameter("iterations", self.iterations as f64, self.iterations > 0, "at least 1")?;
        check_parameter("tolerance", self.tolerance, self.tolerance >= 0.0, "at least 0")?;
        let taught = if judgments.has_gold() {
            Some(Calibration::from_gold(judgments, &Experts::fit(self, judgments, &[], progress)?))
        } else {
            None
        };
        let experts = Experts::fit(self, judgments, judgments.gold_codes(), progress)?;
        let calibration = taught
            .unwrap_or_else(|| Calibration::neutral(experts.weights.clone(), judgments.classes()));
        let values = pool::pool(judgments, &experts, &calibration);
        let posterior = Posterior::new(judgments.classes(), values)?;
        let workers = WorkerModels {
            accuracy: accuracy_from_posterior(judgments, &posterior),
            confusions: experts.confusions,
            skill: None,
        };
        Ok(Fit {
            labels: posterior.labels(),
            posterior,
            class_prior: experts.prior,
            workers,
            task_difficulty: None,
            convergence: experts.convergence,
        })
    }
}
