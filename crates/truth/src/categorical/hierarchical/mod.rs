//! Dawid-Skene with three levels: the crowd's confusions, a worker's accuracy, a worker's own confusions.

mod levels;
#[cfg(test)]
mod tests;

use self::levels::Levels;
use super::common::{check_confusions, label_shares, normalise};
use super::dawid_skene::kernel::{Lanes, Posteriors, pass, runs};
use super::dawid_skene::tables::{FLOOR, Tables};
use super::dawid_skene::{ClassPrior, with_lanes};
use super::fitted::FittedModel;
use crate::error::{Error, check_parameter};
use crate::fit::{
    Confusions, Convergence, Estimator, Fit, Posterior, Progress, WorkerModels,
    accuracy_from_posterior,
};
use crate::judgments::Judgments;

/// Hierarchical Dawid-Skene: confusion matrices shrunk in two steps, all strengths estimated from the data.
///
/// 1. The crowd's pooled confusion P(answer | truth).
/// 2. A worker's accuracy: logit π₀ʷ(c, c) = logit P(c | c) + δʷ with δʷ ~ N(0, τ²); wrong answers are spread as the
///    crowd spreads them.
/// 3. A worker's own rows: πʷ(c, ·) ~ Dirichlet(s · π₀ʷ(c, ·)).
///
/// τ² is estimated from the offsets, s by the Dirichlet-multinomial evidence of the expected counts, anew in every
/// iteration of the expectation maximisation. A worker of few judgments is like the crowd, one of some is a better
/// or worse copy of it, one of many is themselves; [`Rows::Shared`] stops at the second level.
///
/// The skill of the fit is δʷ, in logits relative to the crowd.
#[derive(Debug, Clone, PartialEq)]
pub struct HierarchicalDawidSkene {
    /// Most iterations.
    pub iterations: usize,
    /// Stop when the log-likelihood per judgment moves by less than this.
    pub tolerance: f64,
    /// Where the class prior comes from.
    pub class_prior: ClassPrior,
    /// Whether workers have rows of their own.
    pub rows: Rows,
}

/// How far the workers' confusions may differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Rows {
    /// Every worker has own rows (level 3).
    #[default]
    Own,
    /// Workers differ in accuracy only (level 2).
    Shared,
}

impl Default for HierarchicalDawidSkene {
    fn default() -> Self {
        Self {
            iterations: 60,
            tolerance: 1e-6,
            class_prior: ClassPrior::VoteShare,
            rows: Rows::Own,
        }
    }
}

impl Estimator for HierarchicalDawidSkene {
    fn name(&self) -> &'static str {
        "hierarchical-dawid-skene"
    }

    fn fit_watched(&self, judgments: &Judgments, progress: &Progress) -> Result<Fit, Error> {
        let expert = self.expert(judgments, judgments.gold_codes(), progress)?;
        let values = expert.model.all(judgments, judgments.gold_codes());
        let posterior = Posterior::new(judgments.classes(), values)?;
        let workers = WorkerModels {
            accuracy: accuracy_from_posterior(judgments, &posterior),
            confusions: Some(expert.confusions),
            skill: Some(expert.offsets),
        };
        Ok(Fit {
            labels: posterior.labels(),
            posterior,
            class_prior: expert.model.prior,
            workers,
            task_difficulty: None,
            convergence: expert.convergence,
        })
    }
}

/// What a fit leaves behind for [`Auto`](crate::auto::Auto).
pub(crate) struct Expert {
    pub(crate) model: FittedModel,
    pub(crate) confusions: Confusions,
    pub(crate) offsets: Vec<f64>,
    /// τ², the variance of the workers' accuracy in logits.
    pub(crate) variance: f64,
    /// s, the judgments that a worker's level-2 row is worth.
    pub(crate) strength: f64,
    pub(crate) convergence: Convergence,
}

impl HierarchicalDawidSkene {
    /// The fit before it is assembled; `gold` is [`Judgments::gold_codes`], or empty to leave gold out.
    pub(crate) fn expert(
        &self,
        judgments: &Judgments,
        gold: &[u16],
        progress: &Progress,
    ) -> Result<Expert, Error> {
        check_confusions(judgments)?;
        check_parameter("tolerance", self.tolerance, self.tolerance >= 0.0, "at least 0")?;
        if let ClassPrior::Fixed(prior) = &self.class_prior
            && prior.len() != judgments.classes()
        {
            let (expected, found) = (judgments.classes(), prior.len());
            return Err(Error::Shape { what: "class prior", expected, found });
        }
        Ok(
            with_lanes!(judgments.classes(), Lane => self.iterate::<Lane>(judgments, gold, progress)),
        )
    }

    fn iterate<A: Lanes>(
        &self,
        judgments: &Judgments,
        gold: &[u16],
        progress: &Progress,
    ) -> Expert {
        let (workers, classes) = (judgments.workers(), judgments.classes());
        let runs = runs(judgments);
        let mut tables = Tables::new(workers, classes, runs.len());
        let mut levels = Levels::new(workers, classes, self.rows);
        let mut table = vec![0.0; workers * classes * classes];
        let shares = label_shares(judgments);
        let mut sums =
            pass(&Posteriors::<A>::new(judgments, gold, &shares, None), &runs, &mut tables);
        tables.merge();
        let mut prior = self.prior(&shares, &sums.class_sums);
        levels.update(tables.counts(), &mut table);
        let mut convergence = Convergence::default();
        let mut last = f64::INFINITY;
        while convergence.iterations < self.iterations && !convergence.converged {
            sums = pass(
                &Posteriors::<A>::new(judgments, gold, &prior, Some(&table)),
                &runs,
                &mut tables,
            );
            tables.merge();
            prior = self.prior(&shares, &sums.class_sums);
            levels.update(tables.counts(), &mut table);
            let per_judgment = sums.log_likelihood / judgments.len().max(1) as f64;
            convergence.iterations += 1;
            progress.step();
            convergence.log_likelihood = Some(sums.log_likelihood);
            convergence.converged = (per_judgment - last).abs() < self.tolerance;
            last = per_judgment;
        }
        let confusions = levels.confusions(tables.counts());
        let (variance, strength) = (levels.variance, levels.strength);
        let offsets = levels.offsets;
        let model = FittedModel::of_confusions(prior, table);
        Expert { model, confusions, offsets, variance, strength, convergence }
    }

    fn prior(&self, shares: &[f64], class_sums: &[f64]) -> Vec<f64> {
        let mut prior = match &self.class_prior {
            ClassPrior::Estimated => class_sums.to_vec(),
            ClassPrior::VoteShare => shares.to_vec(),
            ClassPrior::Fixed(prior) => prior.clone(),
        };
        normalise(&mut prior);
        for share in &mut prior {
            *share = share.max(FLOOR);
        }
        prior
    }
}
