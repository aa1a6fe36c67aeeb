//! Dawid and Skene's model of observers with a confusion matrix each.

pub(in crate::categorical) mod kernel;
pub(in crate::categorical) mod tables;
#[cfg(test)]
mod tests;

use std::ops::Range;

use self::kernel::{Lanes, Posteriors, RunSums, pass, runs};
use self::tables::{FLOOR, Tables};
use super::common::{check_confusions, label_shares, normalise};
use crate::error::{Error, check_parameter};
use crate::fit::{
    Convergence, Estimator, Fit, Posterior, Progress, WorkerModels, accuracy_from_posterior,
};
use crate::judgments::Judgments;

/// Dawid-Skene: every worker has a confusion matrix, fitted by expectation maximisation.
///
/// With class prior p and confusion πʷ the posterior of task t is q(t, c) ∝ p(c) ∏ πʷ(c, y) over its judgments
/// (w, y); πʷ(c, y) ∝ Σ q(t, c) over the tasks to which w answered y. It starts from vote shares; gold tasks are
/// certain throughout. An iteration takes time linear in judgments × classes.
///
/// The maximum-likelihood fit (the default here, as published) is overconfident; `shrinkage` and a fixed class
/// prior mend the worst of it, [`Auto`](super) the rest.
///
/// Dawid, Skene: Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm. Applied Statistics
/// 28(1), 1979, <https://doi.org/10.2307/2346806>.
#[derive(Debug, Clone, PartialEq)]
pub struct DawidSkene {
    /// Most iterations; 0 leaves the vote shares.
    pub iterations: usize,
    /// Stop when the objective per judgment grows by less than this; 0 runs until nothing grows.
    pub tolerance: f64,
    /// Where the class prior comes from.
    pub class_prior: ClassPrior,
    /// How many judgments of the crowd's pooled confusion matrix are added to each row of a worker's; 0 is maximum
    /// likelihood.
    pub shrinkage: f64,
    /// What is known about the workers beforehand; enters the start only.
    pub known: Option<KnownConfusions>,
    /// What decides when to stop.
    pub objective: Objective,
}

/// Where the probability of each class before judgments comes from.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum ClassPrior {
    /// The mean posterior, anew in every iteration (as published; can collapse to one class where labels are few).
    #[default]
    Estimated,
    /// The share of each class among all judgments.
    VoteShare,
    /// These probabilities, one a class.
    Fixed(Vec<f64>),
}

/// Confusion counts from an earlier time, `[worker][truth][answer]`.
#[derive(Debug, Clone, PartialEq)]
pub enum KnownConfusions {
    /// Added to the counts that the vote shares give.
    Add(Vec<f64>),
    /// Used in place of the counts that the vote shares give.
    Assign(Vec<f64>),
}

/// What an iteration increases and the tolerance looks at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Objective {
    /// The log-likelihood of the judgments.
    #[default]
    LogLikelihood,
    /// Σ q (ln π + ln p), the prior counted once a judgment, plus the entropy of q: what crowd-kit's loss history
    /// holds. Costs a pass over the posteriors.
    JointBound,
}

impl Default for DawidSkene {
    fn default() -> Self {
        Self {
            iterations: 100,
            tolerance: 1e-5,
            class_prior: ClassPrior::Estimated,
            shrinkage: 0.0,
            known: None,
            objective: Objective::LogLikelihood,
        }
    }
}

impl Estimator for DawidSkene {
    fn name(&self) -> &'static str {
        "dawid-skene"
    }

    fn fit_watched(&self, judgments: &Judgments, progress: &Progress) -> Result<Fit, Error> {
        check_confusions(judgments)?;
        self.check(judgments)?;
        with_lanes!(judgments.classes(), Lane => self.fit_lanes::<Lane>(judgments, progress))
    }
}

/// Evaluates an expression with `$lane` naming the array type of a common number of classes, or a vector.
macro_rules! with_lanes {
    ($classes:expr, $lane:ident => $body:expr) => {
        with_lanes!(@arms $classes, $lane, $body, 2 3 4 5 6 8 10)
    };
    (@arms $classes:expr, $lane:ident, $body:expr, $($count:literal)*) => {
        match $classes {
            $($count => { type $lane = [f64; $count]; $body })*
            _ => { type $lane = Vec<f64>; $body }
        }
    };
}
pub(in crate::categorical) use with_lanes;

impl DawidSkene {
    fn check(&self, judgments: &Judgments) -> Result<(), Error> {
        let at_least_zero = |value: f64| value.is_finite() && value >= 0.0;
        let expected = "a finite number of at least 0";
        check_parameter("tolerance", self.tolerance, at_least_zero(self.tolerance), expected)?;
        check_parameter("shrinkage", self.shrinkage, at_least_zero(self.shrinkage), expected)?;
        let square = judgments.classes() * judgments.classes();
        let tables = [
            (
                "class prior",
                judgments.classes(),
                match &self.class_prior {
                    ClassPrior::Fixed(prior) => Some(prior),
                    _ => None,
                },
            ),
            (
                "known confusions",
                judgments.workers() * square,
                match &self.known {
                    Some(KnownConfusions::Add(table) | KnownConfusions::Assign(table)) => {
                        Some(table)
                    }
                    None => None,
                },
            ),
        ];
        for (what, expected, table) in tables {
            let Some(table) = table else { continue };
            if table.len() != expected {
                return Err(Error::Shape { what, expected, found: table.len() });
            }
            for &value in table {
                check_parameter(what, value, at_least_zero(value), "finite numbers of at least 0")?;
            }
        }
        Ok(())
    }

    fn fit_lanes<A: Lanes>(
        &self,
        judgments: &Judgments,
        progress: &Progress,
    ) -> Result<Fit, Error> {
        let mut em = Em::<A>::start(self, judgments);
        let mut convergence = Convergence::default();
        let mut last = f64::NEG_INFINITY;
        for _ in 0..self.iterations {
            let objective = em.step(self);
            convergence.iterations += 1;
            progress.step();
            convergence.log_likelihood = Some(objective);
            let per_judgment = objective / judgments.len().max(1) as f64;
            if per_judgment - last < self.tolerance {
                convergence.converged = true;
                break;
            }
            last = per_judgment;
        }
        em.finish(convergence)
    }
}

/// The state between iterations.
struct Em<'a, A> {
    judgments: &'a Judgments,
    runs: Vec<Range<usize>>,
    tables: Tables,
    table: Vec<f32>,
    /// What the last posterior was computed from; `None` while that is the vote shares.
    previous: Option<(Vec<f32>, Vec<f64>)>,
    pseudo: Option<Vec<f64>>,
    prior: Vec<f64>,
    lanes: std::marker::PhantomData<A>,
}

impl<'a, A: Lanes> Em<'a, A> {
    fn start(model: &DawidSkene, judgments: &'a Judgments) -> Self {
        let (workers, classes) = (judgments.workers(), judgments.classes());
        let runs = runs(judgments);
        let tables = Tables::new(workers, classes, runs.len());
        let table = vec![0.0; workers * classes * classes];
        let prior = label_shares(judgments);
        let lanes = std::marker::PhantomData;
        let mut em =
            Self { judgments, runs, tables, table, previous: None, pseudo: None, prior, lanes };
        let shares = Posteriors::<A>::new(judgments, judgments.gold_codes(), &em.prior, None);
        let sums = pass(&shares, &em.runs, &mut em.tables);
        em.tables.merge();
        if let Some(known) = &model.known {
            em.tables.apply(known);
        }
        em.update(model, sums);
        em
    }

    /// The maximisation step: class prior and confusions from the counts.
    fn update(&mut self, model: &DawidSkene, sums: RunSums) {
        match &model.class_prior {
            ClassPrior::Estimated => self.prior = sums.class_sums,
            ClassPrior::VoteShare => {}
            ClassPrior::Fixed(prior) => self.prior.clone_from(prior),
        }
        normalise(&mut self.prior);
        for share in &mut self.prior {
            *share = share.max(FLOOR);
        }
        self.pseudo = (model.shrinkage > 0.0)
            .then(|| pooled_rows(self.tables.counts(), self.prior.len(), model.shrinkage));
        self.tables.probabilities(self.pseudo.as_deref(), &mut self.table);
    }

    /// One iteration; returns the objective.
    fn step(&mut self, model: &DawidSkene) -> f64 {
        let gold = self.judgments.gold_codes();
        let posteriors = Posteriors::<A>::new(self.judgments, gold, &self.prior, Some(&self.table));
        let sums = pass(&posteriors, &self.runs, &mut self.tables);
        self.tables.merge();
        let log_likelihood = sums.log_likelihood;
        // The update writes every entry, so the older table is as good as an empty one.
        let spare =
            self.previous.take().map_or_else(|| vec![0.0; self.table.len()], |(table, _)| table);
        let table = std::mem::replace(&mut self.table, spare);
        self.previous = Some((table, self.prior.clone()));
        self.update(model, sums);
        match model.objective {
            Objective::LogLikelihood => log_likelihood,
            Objective::JointBound => self.joint_bound(),
        }
    }

    fn joint_bound(&self) -> f64 {
        let (expected, truths) = self.tables.expected_log(&self.table);
        let prior: f64 = truths.iter().zip(&self.prior).map(|(sum, prior)| sum * prior.ln()).sum();
        let entropy = |values: Vec<f64>| -> f64 {
            values.iter().map(|&value| -value.max(FLOOR) * value.max(FLOOR).ln()).sum()
        };
        expected + prior + entropy(self.posterior())
    }

    fn posterior(&self) -> Vec<f64> {
        let gold = self.judgments.gold_codes();
        if let Some((table, prior)) = &self.previous {
            return Posteriors::<A>::new(self.judgments, gold, prior, Some(table)).all();
        }
        let shares = label_shares(self.judgments);
        Posteriors::<A>::new(self.judgments, gold, &shares, None).all()
    }

    fn finish(self, convergence: Convergence) -> Result<Fit, Error> {
        let posterior = Posterior::new(self.judgments.classes(), self.posterior())?;
        let workers = WorkerModels {
            accuracy: accuracy_from_posterior(self.judgments, &posterior),
            confusions: Some(self.tables.confusions(self.pseudo.as_deref())),
            skill: None,
        };
        Ok(Fit {
            labels: posterior.labels(),
            posterior,
            class_prior: self.prior,
            workers,
            task_difficulty: None,
            convergence,
        })
    }
}

/// `strength` pseudo-judgments a truth, spread as the crowd's answers are: `[answer][truth]`.
///
/// The pooled rows themselves are smoothed by one judgment a truth, so that no answer has none.
fn pooled_rows(counts: &[f64], classes: usize, strength: f64) -> Vec<f64> {
    let mut pooled = vec![1.0 / classes.max(1) as f64; classes * classes];
    for worker in counts.chunks_exact(pooled.len().max(1)) {
        for (sum, count) in pooled.iter_mut().zip(worker) {
            *sum += count;
        }
    }
    for truth in 0..classes {
        let total: f64 = (0..classes).map(|answer| pooled[answer * classes + truth]).sum();
        for answer in 0..classes {
            pooled[answer * classes + truth] *= strength / total;
        }
    }
    pooled
}
