//! Workers with one accuracy each: one-coin Dawid-Skene and `ZenCrowd`.

use super::common::{assemble, check_answers, label_shares, normalise, vote_share, vote_shares};
use super::dawid_skene::{ClassPrior, Objective};
use super::fitted::FittedModel;
use super::rightness::{Cell, Posteriors};
use crate::error::{Error, check_parameter};
use crate::fit::{Convergence, Estimator, Fit, Progress};
use crate::judgments::Judgments;

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

    fn fit_watched(&self, judgments: &Judgments, progress: &Progress) -> Result<Fit, Error> {
        let coins = self.coins(judgments, judgments.gold_codes(), progress)?;
        let values = match coins.model {
            Some(model) => model.all(judgments, judgments.gold_codes()),
            None => vote_shares(judgments, |_| 1.0, &label_shares(judgments)),
        };
        assemble(judgments, values, coins.prior, Some(coins.skills), coins.convergence)
    }
}

/// What a fit leaves behind.
pub(crate) struct Coins {
    /// What the posterior is computed from; `None` if that is still the vote shares.
    pub(crate) model: Option<FittedModel>,
    prior: Vec<f64>,
    skills: Vec<f64>,
    pub(crate) convergence: Convergence,
}

impl OneCoin {
    /// The fit before it is assembled; `gold` is [`Judgments::gold_codes`], or empty to leave gold out.
    pub(crate) fn coins(
        &self,
        judgments: &Judgments,
        gold: &[u16],
        progress: &Progress,
    ) -> Result<Coins, Error> {
        check_answers(judgments)?;
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
        let (rightness, class_sums) = starting_sums(judgments, gold);
        let mut prior = self.prior(judgments, &class_sums);
        let mut skills = skills(judgments, &rightness, self.shrinkage);
        // What the last posterior was computed from.
        let mut before: Option<(Vec<Cell>, Vec<f64>)> = None;
        let mut convergence = Convergence::default();
        let mut last = f64::NEG_INFINITY;
        while convergence.iterations < self.iterations && !convergence.converged {
            let cells = cells(judgments, &skills);
            let posteriors = Posteriors { judgments, gold, prior: &prior, cells: &cells };
            let sums = posteriors.sums();
            skills = self::skills(judgments, &sums.rightness, self.shrinkage);
            let next = self.prior(judgments, &sums.classes);
            let objective = match self.objective {
                Objective::LogLikelihood => sums.log_likelihood,
                Objective::JointBound => joint_bound(judgments, &next, &skills, &posteriors.all()),
            };
            before = Some((cells, std::mem::replace(&mut prior, next)));
            let per_judgment = objective / judgments.len().max(1) as f64;
            convergence.iterations += 1;
            progress.step();
            convergence.log_likelihood = Some(objective);
            convergence.converged = per_judgment - last < self.tolerance;
            last = per_judgment;
        }
        let model = before.map(|(cells, prior)| FittedModel::of_rightness(prior, cells));
        Ok(Coins { model, prior, skills, convergence })
    }

    fn prior(&self, judgments: &Judgments, class_sums: &[f64]) -> Vec<f64> {
        let mut prior = match &self.class_prior {
            ClassPrior::Estimated => class_sums.to_vec(),
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

    fn fit_watched(&self, judgments: &Judgments, progress: &Progress) -> Result<Fit, Error> {
        check_answers(judgments)?;
        let open = self.reliability > 0.0 && self.reliability < 1.0;
        check_parameter("reliability", self.reliability, open, "a number between 0 and 1")?;
        check_parameter("tolerance", self.tolerance, self.tolerance >= 0.0, "at least 0")?;
        let gold = judgments.gold_codes();
        let prior = vec![1.0 / judgments.classes().max(1) as f64; judgments.classes()];
        let mut reliabilities = vec![self.reliability; judgments.workers()];
        let mut convergence = Convergence::default();
        while convergence.iterations < self.iterations && !convergence.converged {
            let cells = cells(judgments, &reliabilities);
            let sums = Posteriors { judgments, gold, prior: &prior, cells: &cells }.sums();
            let next = skills(judgments, &sums.rightness, 0.0);
            let moved = next.iter().zip(&reliabilities).map(|(new, old)| (new - old).abs());
            convergence.converged = moved.fold(0.0, f64::max) <= self.tolerance;
            convergence.iterations += 1;
            progress.step();
            convergence.log_likelihood = Some(sums.log_likelihood);
            reliabilities = next;
        }
        let cells = cells(judgments, &reliabilities);
        let values = Posteriors { judgments, gold, prior: &prior, cells: &cells }.all();
        assemble(judgments, values, prior, Some(reliabilities), convergence)
    }
}

/// The likelihood of each answer: s where right, (1 − s)/(K − 1) for each other class.
fn cells(judgments: &Judgments, skills: &[f64]) -> Vec<Cell> {
    let classes = judgments.classes();
    let others = classes.saturating_sub(1).max(1) as f64;
    let floor = |value: f64| value.clamp(FLOOR, 1.0 - FLOOR);
    let cell = |skill: &f64| Cell::new(floor(*skill), floor((1.0 - skill) / others));
    skills.iter().flat_map(|skill| std::iter::repeat_n(cell(skill), classes)).collect()
}

/// Mean posterior of each worker's answers, with `shrinkage` judgments of the crowd's mean added.
fn skills(judgments: &Judgments, rightness: &[f64], shrinkage: f64) -> Vec<f64> {
    let counts = judgments.judgments_per_worker();
    let right: Vec<f64> = rightness
        .chunks_exact(judgments.classes().max(1))
        .map(|answers| answers.iter().sum())
        .collect();
    let crowd = (right.iter().sum::<f64>() + 0.5) / (judgments.len() as f64 + 1.0);
    let skill = |(right, &count): (f64, &u32)| {
        let judged = f64::from(count) + shrinkage;
        if judged > 0.0 { (right + shrinkage * crowd) / judged } else { crowd }
    };
    right.into_iter().zip(&counts).map(skill).collect()
}

/// Σ q(t, y) for each worker and answer, and Σ q(t, c) for each class, of the vote shares q.
fn starting_sums(judgments: &Judgments, gold: &[u16]) -> (Vec<f64>, Vec<f64>) {
    let classes = judgments.classes();
    let mut rightness = vec![0.0; judgments.workers() * classes];
    let mut class_sums = vec![0.0; classes];
    let (empty, mut row) = (label_shares(judgments), vec![0.0; classes]);
    for task in 0..judgments.tasks() {
        row.fill(0.0);
        vote_share(judgments, gold, task, |_| 1.0, &empty, &mut row);
        for (sum, value) in class_sums.iter_mut().zip(&row) {
            *sum += value;
        }
        for (worker, label) in judgments.task(task) {
            rightness[worker * classes + label] += row[label];
        }
    }
    (rightness, class_sums)
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
