//! The models that are pooled.

use super::{Auto, dependence};
use crate::categorical::{ClassPrior, Expert, HierarchicalDawidSkene, OneCoin, Rows};
use crate::error::Error;
use crate::fit::{Confusions, Convergence, Estimator as _};
use crate::judgments::Judgments;

/// Entries of the confusion tables of one expert beyond which only the one-coin model is fitted: 64 a judgment (almost
/// all of them would be empty), but never fewer than the first (64 MiB of f64) nor more than the second (512 MiB).
const TABLE: [u128; 2] = [1 << 23, 1 << 26];
const TABLE_PER_JUDGMENT: u128 = 64;
/// Judgments of the crowd's mean accuracy added to each worker of the one-coin expert.
const SHRINKAGE: f64 = 4.0;

/// The fitted experts.
pub(super) struct Experts {
    pub(super) posteriors: Vec<Vec<f64>>,
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
    /// Fits all experts; without `gold` as if no gold were known.
    pub(super) fn fit(auto: &Auto, judgments: &Judgments, gold: bool) -> Result<Self, Error> {
        let shares = crate::categorical::label_shares(judgments);
        let roots: Vec<f64> = shares.iter().map(|share| share.sqrt()).collect();
        let one_coin = one_coin(auto, judgments, gold)?;
        let mut experts = Self {
            posteriors: vec![one_coin.posterior.values().to_vec()],
            prior: shares,
            confusions: None,
            convergence: one_coin.convergence,
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
                .expert(judgments, gold)
        };
        let first = hierarchical(ClassPrior::VoteShare, Rows::Own)?;
        experts.leader = Some(Leader::new(judgments, &first));
        experts.convergence = first.convergence;
        experts.confusions = Some(first.confusions);
        experts.posteriors.push(first.posterior);
        for rows in [Rows::Own, Rows::Shared] {
            experts
                .posteriors
                .push(hierarchical(ClassPrior::Fixed(roots.clone()), rows)?.posterior);
        }
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

impl Leader {
    fn new(judgments: &Judgments, expert: &Expert) -> Self {
        Self { variance: expert.variance, predicted: dependence::predicted(judgments, expert) }
    }
}

fn one_coin(auto: &Auto, judgments: &Judgments, gold: bool) -> Result<crate::fit::Fit, Error> {
    let uniform = vec![1.0 / judgments.classes().max(1) as f64; judgments.classes()];
    let model = OneCoin {
        iterations: auto.iterations,
        tolerance: auto.tolerance,
        class_prior: ClassPrior::Fixed(uniform),
        shrinkage: SHRINKAGE,
        ..OneCoin::default()
    };
    if gold || !judgments.has_gold() {
        model.fit(judgments)
    } else {
        model.fit(&judgments.clone().with_gold(&[])?)
    }
}
