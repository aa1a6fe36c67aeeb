//! Bayesian classifier combination, independent and with subtypes of tasks, by variational Bayes.

use super::common::{check_confusions, check_posterior, label_shares, vote_shares};
use super::rows::{fill_rows, per_worker, softmax};
use crate::error::{Error, check_parameter, check_size};
use crate::fit::{
    Confusions, Convergence, Estimator, Fit, Posterior, WorkerModels, accuracy_from_posterior,
};
use crate::judgments::{ByWorker, Judgments};
use crate::rng::Rng;
use crate::special::digamma;

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

    fn fit(&self, judgments: &Judgments) -> Result<Fit, Error> {
        let one = Ebcc { subtypes: 1, subtype_count: 1.0, seed: 0, base: *self };
        one.fit(judgments)
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

    fn fit(&self, judgments: &Judgments) -> Result<Fit, Error> {
        self.check(judgments)?;
        let mut state = State::start(self, judgments);
        let mut convergence = Convergence::default();
        while convergence.iterations < self.base.iterations && !convergence.converged {
            let moved = state.step();
            convergence.iterations += 1;
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
        check_size("the subtypes", &[rows, classes, self.subtypes], super::common::TABLE_LIMIT)
    }
}

/// Responsibilities `[task][class][subtype]` and what follows from them.
struct State<'a> {
    model: &'a Ebcc,
    judgments: &'a Judgments,
    by_worker: ByWorker,
    /// Class × subtype, the length of a row of responsibilities.
    width: usize,
    responsibilities: Vec<f64>,
}

impl<'a> State<'a> {
    fn start(model: &'a Ebcc, judgments: &'a Judgments) -> Self {
        let (classes, subtypes) = (judgments.classes(), model.subtypes);
        let width = classes * subtypes;
        let shares = vote_shares(judgments, |_| 1.0, &label_shares(judgments));
        let mut rng = Rng::new(model.seed);
        let mut responsibilities = Vec::with_capacity(shares.len() * subtypes);
        for share in shares {
            let weights: Vec<f64> = (0..subtypes).map(|_| rng.gamma(1.0)).collect();
            let total: f64 = weights.iter().sum();
            responsibilities.extend(weights.iter().map(|weight| share * weight / total));
        }
        let by_worker = judgments.by_worker();
        Self { model, judgments, by_worker, width, responsibilities }
    }

    /// Dirichlet parameters `[answer][class × subtype]` of one worker.
    fn parameters(&self, worker: usize) -> Vec<f64> {
        let (classes, width) = (self.judgments.classes(), self.width);
        let base = &self.model.base;
        let mut parameters = vec![base.off_diagonal; classes * width];
        for truth in 0..classes {
            let start = truth * width + truth * self.model.subtypes;
            parameters[start..start + self.model.subtypes].fill(base.diagonal);
        }
        for (task, answer) in self.by_worker.worker(worker) {
            let row = &self.responsibilities[task * width..][..width];
            for (sum, value) in parameters[answer * width..][..width].iter_mut().zip(row) {
                *sum += value;
            }
        }
        parameters
    }

    /// E ln πʷ, `[answer][class × subtype]`.
    fn expected_log(&self, worker: usize) -> Vec<f64> {
        let mut parameters = self.parameters(worker);
        let width = self.width;
        let mut totals = vec![0.0; width];
        for row in parameters.chunks_exact(width) {
            totals.iter_mut().zip(row).for_each(|(total, value)| *total += value);
        }
        for total in &mut totals {
            *total = digamma(*total);
        }
        for row in parameters.chunks_exact_mut(width) {
            row.iter_mut().zip(&totals).for_each(|(value, total)| *value = digamma(*value) - total);
        }
        parameters
    }

    /// Expected number of tasks of each class × subtype.
    fn sizes(&self) -> Vec<f64> {
        let mut sizes = vec![0.0; self.width];
        for row in self.responsibilities.chunks_exact(self.width.max(1)) {
            sizes.iter_mut().zip(row).for_each(|(size, value)| *size += value);
        }
        sizes
    }

    /// E ln p(c) + E ln η(c, m).
    fn expected_log_sizes(&self) -> Vec<f64> {
        let sizes = self.sizes();
        let (base, subtypes) = (&self.model.base, self.model.subtypes);
        let all: f64 = sizes.iter().map(|size| size + base.class_count / subtypes as f64).sum();
        let mut logs = Vec::with_capacity(self.width);
        for class in sizes.chunks_exact(subtypes) {
            let size: f64 = class.iter().sum();
            let class_log = digamma(size + base.class_count) - digamma(all);
            let spread = digamma(size + subtypes as f64 * self.model.subtype_count);
            logs.extend(
                class
                    .iter()
                    .map(|size| class_log + digamma(size + self.model.subtype_count) - spread),
            );
        }
        logs
    }

    /// One round; returns the largest change of a class probability.
    fn step(&mut self) -> f64 {
        if self.width == 0 {
            return 0.0;
        }
        let tables = per_worker(self.judgments.workers(), |worker| self.expected_log(worker));
        let start = self.expected_log_sizes();
        let before = self.class_probabilities();
        let (judgments, width, subtypes) = (self.judgments, self.width, self.model.subtypes);
        let mut rows = std::mem::take(&mut self.responsibilities);
        super::rows::fill_wide_rows(&mut rows, width, |task, row| {
            row.copy_from_slice(&start);
            for (worker, answer) in judgments.task(task) {
                let logs = &tables[worker][answer * width..][..width];
                row.iter_mut().zip(logs).for_each(|(value, log)| *value += log);
            }
            if let Some(gold) = judgments.gold(task) {
                for (class, part) in row.chunks_exact_mut(subtypes).enumerate() {
                    if class != gold {
                        part.fill(f64::NEG_INFINITY);
                    }
                }
            }
            softmax(row);
        });
        self.responsibilities = rows;
        let after = self.class_probabilities();
        before.iter().zip(&after).map(|(old, new)| (old - new).abs()).fold(0.0, f64::max)
    }

    fn class_probabilities(&self) -> Vec<f64> {
        self.responsibilities
            .chunks_exact(self.model.subtypes)
            .map(|part| part.iter().sum())
            .collect()
    }

    /// Posterior mean of each worker's confusions, averaged over the subtypes by their size.
    fn confusions(&self) -> Confusions {
        let (classes, subtypes, width) =
            (self.judgments.classes(), self.model.subtypes, self.width);
        let sizes: Vec<f64> =
            self.sizes().iter().map(|size| size + self.model.subtype_count).collect();
        let workers = per_worker(self.judgments.workers(), |worker| {
            let parameters = self.parameters(worker);
            let mut probability = vec![0.0; classes * classes];
            let mut weight = vec![-self.model.base.diagonal; classes];
            for cell in 0..width {
                let truth = cell / subtypes;
                let total: f64 = (0..classes).map(|answer| parameters[answer * width + cell]).sum();
                let all: f64 = sizes[truth * subtypes..][..subtypes].iter().sum();
                for answer in 0..classes {
                    let mean = parameters[answer * width + cell] / total;
                    probability[truth * classes + answer] += mean * sizes[cell] / all;
                }
                weight[truth] += total;
            }
            let prior = self.model.base.off_diagonal * (classes as f64 - 1.0);
            let repeated = (subtypes - 1) as f64 * (prior + self.model.base.diagonal) + prior;
            for weight in &mut weight {
                *weight = (*weight - repeated).max(0.0);
            }
            (probability, weight)
        });
        let (mut probability, mut weight) = (Vec::new(), Vec::new());
        for (rows, weights) in workers {
            probability.extend(rows);
            weight.extend(weights);
        }
        Confusions::new(classes, probability, weight).expect("a row of classes a worker and truth")
    }

    fn finish(self, convergence: Convergence) -> Result<Fit, Error> {
        let classes = self.judgments.classes();
        let mut values = self.class_probabilities();
        fill_rows(self.judgments, &mut values, |_, _| 0.0);
        let posterior = Posterior::new(classes, values)?;
        let mut class_prior: Vec<f64> = self
            .sizes()
            .chunks_exact(self.model.subtypes)
            .map(|part| part.iter().sum::<f64>() + self.model.base.class_count)
            .collect();
        super::common::normalise(&mut class_prior);
        let workers = WorkerModels {
            accuracy: accuracy_from_posterior(self.judgments, &posterior),
            confusions: Some(self.confusions()),
            skill: None,
        };
        let labels = posterior.labels();
        Ok(Fit { labels, posterior, class_prior, workers, task_difficulty: None, convergence })
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
