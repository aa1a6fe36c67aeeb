//! The models that are pooled.

use super::{Auto, dependence};
use crate::categorical::{
    ClassPrior, FittedModel, HierarchicalDawidSkene, OneCoin, Rows, normalise,
};
use crate::error::Error;
use crate::fit::{Confusions, Convergence, Progress};
use crate::judgments::Judgments;

/// Entries of the confusion tables of one expert beyond which only the one-coin model is fitted: 64 a judgment (almost
/// all of them would be empty), but never fewer than the first (64 MiB of f64) nor more than the second (512 MiB).
const TABLE: [u128; 2] = [1 << 23, 1 << 26];
const TABLE_PER_JUDGMENT: u128 = 64;
/// Judgments of the crowd's mean accuracy added to each worker of the one-coin expert.
const SHRINKAGE: f64 = 4.0;

/// Nats a held-out judgment by which a class prior predicts worse when the weight of its experts falls to 1/e.
const RELEVANT: f64 = 0.006;

/// The fitted experts. They are kept as models, not as posteriors: those of a billion judgments would fill the memory.
pub(super) struct Experts {
    pub(super) models: Vec<FittedModel>,
    /// Weight of each expert in the pool; they sum to 1.
    pub(super) weights: Vec<f64>,
    pub(super) prior: Vec<f64>,
    pub(super) confusions: Option<Confusions>,
    pub(super) convergence: Convergence,
    leader: Option<Leader>,
}

/// What the first hierarchical expert says about the crowd.
struct Leader {
    variance: f64,
    predicted: f64,
}

impl Experts {
    /// Fits all experts; `gold` is [`Judgments::gold_codes`], or empty to leave gold out.
    pub(super) fn fit(
        auto: &Auto,
        judgments: &Judgments,
        gold: &[u16],
        progress: &Progress,
    ) -> Result<Self, Error> {
        let shares = crate::categorical::label_shares(judgments);
        let roots: Vec<f64> = shares.iter().map(|share| share.sqrt()).collect();
        let coins = one_coin(auto, judgments).coins(judgments, gold, progress)?;
        let mut experts = Self {
            models: coins.model.into_iter().collect(),
            weights: vec![1.0],
            prior: shares,
            confusions: None,
            convergence: coins.convergence,
            leader: None,
        };
        let classes = judgments.classes() as u128;
        let most = (TABLE_PER_JUDGMENT * judgments.len() as u128).clamp(TABLE[0], TABLE[1]);
        if judgments.workers() as u128 * classes * classes > most {
            return Ok(experts);
        }
        let hierarchical = |class_prior, rows| {
            let Auto { iterations, tolerance } = *auto;
            HierarchicalDawidSkene { iterations, tolerance, class_prior, rows }
                .expert(judgments, gold, progress)
        };
        let first = hierarchical(ClassPrior::VoteShare, Rows::Own)?;
        let by_shares = dependence::predicted(judgments, gold, &first);
        experts.leader = Some(Leader { variance: first.variance, predicted: by_shares.rho });
        experts.convergence = first.convergence;
        experts.confusions = Some(first.confusions);
        experts.models.push(first.model);
        let second = hierarchical(ClassPrior::Fixed(roots.clone()), Rows::Own)?;
        let by_roots = dependence::predicted(judgments, gold, &second);
        experts.models.push(second.model);
        experts.models.push(hierarchical(ClassPrior::Fixed(roots), Rows::Shared)?.model);
        let plausible = (-((by_shares.mean - by_roots.mean).max(0.0) / RELEVANT).powi(4)).exp();
        experts.weights = vec![1.0, 1.0, plausible, plausible];
        normalise(&mut experts.weights);
        Ok(experts)
    }

    /// ρ, how far the judgments of a task count as one.
    pub(super) fn dependence(&self) -> f64 {
        match &self.leader {
            Some(leader) => dependence::combined(leader.variance, leader.predicted),
            None => dependence::combined(dependence::UNKNOWN_VARIANCE, 0.0),
        }
    }
}

fn one_coin(auto: &Auto, judgments: &Judgments) -> OneCoin {
    let uniform = vec![1.0 / judgments.classes().max(1) as f64; judgments.classes()];
    OneCoin {
        iterations: auto.iterations,
        tolerance: auto.tolerance,
        class_prior: ClassPrior::Fixed(uniform),
        shrinkage: SHRINKAGE,
        ..OneCoin::default()
    }
}
