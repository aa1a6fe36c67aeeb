//! Bayesian classifier combination, independent and with subtypes of tasks, by variational Bayes.

mod state;

use self::state::State;
use super::common::{TABLE_LIMIT, check_confusions, check_posterior};
use crate::error::{Error, check_parameter, check_size};
use crate::fit::{Convergence, Estimator, Fit, Progress};
use crate::judgments::Judgments;

/// Independent Bayesian classifier combination (iBCC): Dawid-Skene with Dirichlet priors, by variational Bayes.
///
/// πʷ(c, ·) ~ Dirichlet(`diagonal` at c, `off_diagonal` elsewhere), p ~ Dirichlet(`class_count` each). With
/// expected logarithms E ln π = ψ(α) − ψ(Σα), q(t, c) ∝ exp(E ln p(c) + Σ E ln πʷ(c, y)); the Dirichlet parameters
/// are the priors plus expected counts. Confusions of the fit are posterior means.
///
/// Kim, Ghahramani: Bayesian Classifier Combination. AISTATS 2012; variational form: Simpson et al., Dynamic
/// Bayesian Combination of Multiple Imperfect Classifiers, 2013, <https://doi.org/10.1007/978-3-642-36406-8_1>.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ibcc {
    /// Pseudo-judgments for the right answer, positive.
    pub diagonal: f64,
    /// Pseudo-judgments for each wrong answer, positive.
    pub off_diagonal: f64,
    /// Pseudo-tasks of each class, positive.
    pub class_count: f64,
    /// Most iterations.
    pub iterations: usize,
    /// Stop when no posterior probability moves by more than this.
    pub tolerance: f64,
}

impl Default for Ibcc {
    fn default() -> Self {
        Self {
            diagonal: 4.0,
            off_diagonal: 1.0,
            class_count: 1.0,
            iterations: 200,
            tolerance: 1e-4,
        }
    }
}

impl Estimator for Ibcc {
    fn name(&self) -> &'static str {
        "ibcc"
    }

    fn fit_watched(&self, judgments: &Judgments, progress: &Progress) -> Result<Fit, Error> {
        let one = Ebcc { subtypes: 1, subtype_count: 1.0, seed: 0, base: *self };
        one.fit_watched(judgments, progress)
    }
}

/// Enhanced Bayesian classifier combination (EBCC): every class has subtypes of tasks on which workers err alike.
///
/// A task of class c has a subtype m with probability η(c, m) ~ Dirichlet(`subtype_count`), and worker w answers y
/// with πʷ(c, m, y): workers are independent given the subtype, hence correlated given the class. Fitted as
/// [`Ibcc`], from vote shares spread over the subtypes at random (`seed`).
///
/// Li, Rubinstein, Cohn: Exploiting Worker Correlation for Label Aggregation in Crowdsourcing. ICML 2019,
/// <https://proceedings.mlr.press/v97/li19i.html>.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ebcc {
    /// Subtypes of each class, at least 1.
    pub subtypes: usize,
    /// Pseudo-tasks of each subtype, positive; small values leave few subtypes in use.
    pub subtype_count: f64,
    /// Seed of the start.
    pub seed: u64,
    /// Priors and stopping, as for [`Ibcc`].
    pub base: Ibcc,
}

impl Default for Ebcc {
    fn default() -> Self {
        Self {
            subtypes: 10,
            subtype_count: 0.1,
            seed: 1,
            base: Ibcc { iterations: 500, ..Ibcc::default() },
        }
    }
}

impl Estimator for Ebcc {
    fn name(&self) -> &'static str {
        "ebcc"
    }

    fn fit_watched(&self, judgments: &Judgments, progress: &Progress) -> Result<Fit, Error> {
        self.check(judgments)?;
        let mut state = State::start(self, judgments);
        let mut convergence = Convergence::default();
        while convergence.iterations < self.base.iterations && !convergence.converged {
            let moved = state.step();
            convergence.iterations += 1;
            progress.step();
            convergence.converged = moved <= self.base.tolerance;
        }
        state.finish(convergence)
    }
}

impl Ebcc {
    fn check(&self, judgments: &Judgments) -> Result<(), Error> {
        check_posterior(judgments)?;
        check_confusions(judgments)?;
        let positive = [
            ("diagonal", self.base.diagonal),
            ("off_diagonal", self.base.off_diagonal),
            ("class_count", self.base.class_count),
            ("subtype_count", self.subtype_count),
        ];
        for (name, value) in positive {
            check_parameter(name, value, value.is_finite() && value > 0.0, "a positive number")?;
        }
        let tolerance = self.base.tolerance;
        check_parameter("tolerance", tolerance, tolerance >= 0.0, "at least 0")?;
        check_parameter("subtypes", self.subtypes as f64, self.subtypes > 0, "at least 1")?;
        let (classes, rows) = (judgments.classes(), judgments.workers().max(judgments.tasks()));
        check_size("the subtypes", &[rows, classes, self.subtypes], TABLE_LIMIT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::categorical::testing::{accuracy, judgments, simulated};

    #[test]
    fn both_recover_truth_and_confusions() {
        let (data, truth) = simulated(600, 3, &[0.9, 0.85, 0.7, 0.6, 0.4], 3);
        for fit in [Ibcc::default().fit(&data).unwrap(), Ebcc::default().fit(&data).unwrap()] {
            assert!(accuracy(&fit.labels, &truth) > 0.93);
            let confusions = fit.workers.confusions.unwrap();
            assert!((confusions.row(0, 1)[1] - 0.9).abs() < 0.06);
            let rows: f64 = (0..3).map(|truth| confusions.weight(2, truth)).sum();
            assert!((rows - 600.0).abs() < 1e-6, "{rows}");
        }
    }

    #[test]
    fn gold_and_empty_data_are_defined() {
        let gold = judgments(2, 1, 2, &[(0, 0, 0)]).with_gold(&[(0, 1)]).unwrap();
        let fit = Ebcc::default().fit(&gold).unwrap();
        assert_eq!(fit.posterior.row(0), [0.0, 1.0]);
        assert!(fit.posterior.row(1).iter().all(|value| value.is_finite()));
        assert_eq!(Ibcc::default().fit(&judgments(0, 0, 0, &[])).unwrap().labels, []);
    }
}
