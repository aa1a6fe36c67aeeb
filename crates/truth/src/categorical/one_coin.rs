//! Workers with one accuracy each: one-coin Dawid-Skene and `ZenCrowd`.

use super::common::{assemble, check_posterior, label_shares, normalise, vote_shares};
use super::dawid_skene::{ClassPrior, Objective};
use super::rows::{fill_rows, per_worker, softmax};
use crate::error::{Error, check_parameter};
use crate::fit::{Convergence, Estimator, Fit};
use crate::judgments::{ByWorker, Judgments};

/// Probabilities are kept this far from 0 and 1.
const FLOOR: f64 = 1e-10;

/// One-coin Dawid-Skene: worker w is right with probability sʷ, else any wrong class is equally likely.
///
/// q(t, c) ∝ p(c) ∏ sʷ where the answer is c, (1 − sʷ)/(K − 1) where not; sʷ is the mean of q(t, y) over w's
/// judgments, by expectation maximisation from vote shares. `shrinkage` adds that many judgments of the crowd's
/// mean accuracy to each worker. The skill of the fit is sʷ.
///
/// Zhang, Chen, Zhou, Jordan: Spectral Methods Meet EM. JMLR 17, 2016, <https://doi.org/10.48550/arXiv.1406.3824>.
#[derive(Debug, Clone, PartialEq)]
pub struct OneCoin {
    /// Most iterations; 0 leaves the vote shares.
    pub iterations: usize,
    /// Stop when the objective per judgment grows by less than this.
    pub tolerance: f64,
    /// Where the class prior comes from.
    pub class_prior: ClassPrior,
    /// How many judgments of mean accuracy are added to each worker's; 0 is maximum likelihood.
    pub shrinkage: f64,
    /// What decides when to stop.
    pub objective: Objective,
}

impl Default for OneCoin {
    fn default() -> Self {
        Self {
            iterations: 100,
            tolerance: 1e-5,
            class_prior: ClassPrior::Estimated,
            shrinkage: 0.0,
            objective: Objective::LogLikelihood,
        }
    }
}

impl Estimator for OneCoin {
    fn name(&self) -> &'static str {
        "one-coin"
    }

    fn fit(&self, judgments: &Judgments) -> Result<Fit, Error> {
        check_posterior(judgments)?;
        let expected = "a finite number of at least 0";
        for (name, value) in [("tolerance", self.tolerance), ("shrinkage", self.shrinkage)] {
            check_parameter(name, value, value.is_finite() && value >= 0.0, expected)?;
        }
        if let ClassPrior::Fixed(prior) = &self.class_prior
            && prior.len() != judgments.classes()
        {
            let (expected, found) = (judgments.classes(), prior.len());
            return Err(Error::Shape { what: "class prior", expected, found });
        }
        let by_worker = judgments.by_worker();
        let mut values = vote_shares(judgments, |_| 1.0, &label_shares(judgments));
        let mut prior = self.prior(judgments, &values);
        let mut skills = skills(&by_worker, judgments, &values, self.shrinkage);
        let mut convergence = Convergence::default();
        let mut last = f64::NEG_INFINITY;
        for _ in 0..self.iterations {
            let log_likelihood = posterior(judgments, &prior, &skills, &mut values);
            prior = self.prior(judgments, &values);
            skills = self::skills(&by_worker, judgments, &values, self.shrinkage);
            let objective = match self.objective {
                Objective::LogLikelihood => log_likelihood,
                Objective::JointBound => joint_bound(judgments, &prior, &skills, &values),
            };
            convergence.iterations += 1;
            convergence.log_likelihood = Some(objective);
            let per_judgment = objective / judgments.len().max(1) as f64;
            if per_judgment - last < self.tolerance {
                convergence.converged = true;
                break;
            }
            last = per_judgment;
        }
        assemble(judgments, values, prior, Some(skills), convergence)
    }
}

impl OneCoin {
    fn prior(&self, judgments: &Judgments, values: &[f64]) -> Vec<f64> {
        let mut prior = match &self.class_prior {
            ClassPrior::Estimated => {
                let mut sums = vec![0.0; judgments.classes()];
                for row in values.chunks_exact(sums.len().max(1)) {
                    sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
                }
                sums
            }
            ClassPrior::VoteShare => label_shares(judgments),
            ClassPrior::Fixed(prior) => prior.clone(),
        };
        normalise(&mut prior);
        for share in &mut prior {
            *share = share.max(FLOOR);
        }
        prior
    }
}

/// `ZenCrowd`: one reliability a worker, classes equally likely beforehand, fitted by expectation maximisation.
///
/// The one-coin model with a uniform prior, started from workers who are all right with probability `reliability`;
/// the simplification for categorical tasks of Zheng et al. (VLDB 2017, <https://doi.org/10.14778/3055540.3055547>).
///
/// Demartini, Difallah, Cudré-Mauroux: `ZenCrowd`. WWW 2012, <https://doi.org/10.1145/2187836.2187900>.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZenCrowd {
    /// Most iterations.
    pub iterations: usize,
    /// Stop when no reliability moves by more than this.
    pub tolerance: f64,
    /// Reliability of every worker at the start, between 0 and 1.
    pub reliability: f64,
}

impl Default for ZenCrowd {
    fn default() -> Self {
        Self { iterations: 100, tolerance: 1e-6, reliability: 0.8 }
    }
}

impl Estimator for ZenCrowd {
    fn name(&self) -> &'static str {
        "zencrowd"
    }

    fn fit(&self, judgments: &Judgments) -> Result<Fit, Error> {
        check_posterior(judgments)?;
        let open = self.reliability > 0.0 && self.reliability < 1.0;
        check_parameter("reliability", self.reliability, open, "a number between 0 and 1")?;
        check_parameter("tolerance", self.tolerance, self.tolerance >= 0.0, "at least 0")?;
        let by_worker = judgments.by_worker();
        let prior = vec![1.0 / judgments.classes().max(1) as f64; judgments.classes()];
        let mut values = vec![0.0; judgments.tasks() * judgments.classes()];
        let mut reliabilities = vec![self.reliability; judgments.workers()];
        let mut convergence = Convergence::default();
        while convergence.iterations < self.iterations && !convergence.converged {
            let log_likelihood = posterior(judgments, &prior, &reliabilities, &mut values);
            let next = skills(&by_worker, judgments, &values, 0.0);
            let moved = next.iter().zip(&reliabilities).map(|(new, old)| (new - old).abs());
            convergence.converged = moved.fold(0.0, f64::max) <= self.tolerance;
            convergence.iterations += 1;
            convergence.log_likelihood = Some(log_likelihood);
            reliabilities = next;
        }
        posterior(judgments, &prior, &reliabilities, &mut values);
        assemble(judgments, values, prior, Some(reliabilities), convergence)
    }
}

/// Expectation step; returns the log-likelihood of the judgments.
fn posterior(judgments: &Judgments, prior: &[f64], skills: &[f64], values: &mut [f64]) -> f64 {
    let others = judgments.classes().saturating_sub(1).max(1) as f64;
    let logs: Vec<(f64, f64)> = skills
        .iter()
        .map(|skill| {
            let wrong = ((1.0 - skill) / others).clamp(FLOOR, 1.0 - FLOOR).ln();
            (skill.clamp(FLOOR, 1.0 - FLOOR).ln() - wrong, wrong)
        })
        .collect();
    let prior: Vec<f64> = prior.iter().map(|share| share.ln()).collect();
    fill_rows(judgments, values, |task, row| {
        row.copy_from_slice(&prior);
        let mut common = 0.0;
        for (worker, label) in judgments.task(task) {
            let (gain, wrong) = logs[worker];
            row[label] += gain;
            common += wrong;
        }
        softmax(row) + common
    })
}

/// Mean posterior of each worker's answers, with `shrinkage` judgments of the crowd's mean added.
fn skills(by_worker: &ByWorker, judgments: &Judgments, values: &[f64], shrinkage: f64) -> Vec<f64> {
    let classes = judgments.classes();
    let sums = per_worker(judgments.workers(), |worker| {
        let judged = by_worker.worker(worker);
        let count = judged.len() as f64;
        (judged.map(|(task, label)| values[task * classes + label]).sum::<f64>(), count)
    });
    let (right, all) =
        sums.iter().fold((0.5, 1.0), |(right, all), sum| (right + sum.0, all + sum.1));
    let crowd = right / all;
    let skill = |(right, count): (f64, f64)| {
        if count + shrinkage > 0.0 {
            (right + shrinkage * crowd) / (count + shrinkage)
        } else {
            crowd
        }
    };
    sums.into_iter().map(skill).collect()
}

fn joint_bound(judgments: &Judgments, prior: &[f64], skills: &[f64], values: &[f64]) -> f64 {
    let classes = judgments.classes();
    let others = classes.saturating_sub(1).max(1) as f64;
    let mut sum = 0.0;
    for (task, row) in values.chunks_exact(classes.max(1)).enumerate() {
        let expected_prior: f64 =
            row.iter().zip(prior).map(|(value, share)| value * share.ln()).sum();
        for (worker, label) in judgments.task(task) {
            let right = skills[worker].clamp(FLOOR, 1.0 - FLOOR).ln();
            let wrong = ((1.0 - skills[worker]) / others).clamp(FLOOR, 1.0 - FLOOR).ln();
            sum += row[label] * right + (1.0 - row[label]) * wrong + expected_prior;
        }
        sum -= row.iter().map(|value| value.max(FLOOR) * value.max(FLOOR).ln()).sum::<f64>();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::categorical::testing::{accuracy, simulated};

    #[test]
    fn skills_are_recovered() {
        let accuracies = [0.95, 0.9, 0.8, 0.6, 0.35];
        let (data, truth) = simulated(2000, 3, &accuracies, 1);
        for fit in [OneCoin::default().fit(&data).unwrap(), ZenCrowd::default().fit(&data).unwrap()]
        {
            assert!(accuracy(&fit.labels, &truth) > 0.95);
            for (skill, accuracy) in fit.workers.skill.unwrap().iter().zip(accuracies) {
                assert!((skill - accuracy).abs() < 0.03, "{skill} for {accuracy}");
            }
        }
    }

    #[test]
    fn one_class_and_no_judgments_are_defined() {
        let (data, _) = simulated(3, 2, &[], 1);
        let fit = OneCoin::default().fit(&data).unwrap();
        assert!(fit.posterior.values().iter().all(|value| value.is_finite()));
        let single = crate::categorical::testing::judgments(1, 1, 1, &[(0, 0, 0)]);
        assert_eq!(OneCoin::default().fit(&single).unwrap().posterior.row(0), [1.0]);
        assert_eq!(ZenCrowd::default().fit(&single).unwrap().posterior.row(0), [1.0]);
    }
}
