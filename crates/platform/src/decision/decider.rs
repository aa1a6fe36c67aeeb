//! What decides on the tasks of one batch: the rule of its overlap, and its worker models.

use std::collections::HashMap;

use crowdsmith_quality::models::Models;
use crowdsmith_quality::overlap::{Decision, Evidence, Opinion};
use crowdsmith_truth::Beta;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::aspect::{Aspect, aspects};
use super::sql;
use crate::batch::Terms;
use crate::db::Connection;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::policy::{Ambiguous, Policy};
use crate::project::Revisions;

/// Probabilities closer than this are the same.
const TIED: f64 = 1e-9;
/// A worker of whom the models know nothing.
const UNKNOWN: u32 = u32::MAX;

/// Worker models as they are stored with a batch; `workers` are in the order of their codes.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Stored {
    pub(super) workers: Vec<i64>,
    pub(super) models: Vec<Models>,
}

#[derive(Debug)]
pub(crate) struct Decider {
    pub(super) aspects: Vec<Aspect>,
    models: Vec<Models>,
    workers: HashMap<Id, u32>,
    pub(super) limits: Limits,
    dynamic: bool,
}

/// How many judgments a task may get.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) least: i64,
    pub(super) most: i64,
    /// Judgments above `most`, and the trust that their workers must have.
    pub(super) stronger: Option<(i64, f64)>,
    pub(super) give_up: bool,
    /// The target of a batch that shares its judgments out (the rule `auto`): which task gets another, the batch decides.
    pub(super) shared: Option<f64>,
}

/// A judgment that counts.
#[derive(Debug)]
pub(super) struct Counted {
    pub(super) worker: Id,
    /// One for each aspect; `None` where the judgment says nothing about it.
    pub(super) labels: Box<[Option<u16>]>,
    /// Trust or skill, in [0, 1], that the rule goes by.
    pub(super) trust: f64,
}

/// What is decided about a task, and how sure its least sure aspect is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Decided {
    pub(super) decision: Decision,
    pub(super) confidence: Option<f64>,
}

impl Decider {
    pub(crate) async fn load(
        tx: &mut Connection,
        revisions: &Revisions,
        terms: &Terms,
    ) -> Result<Self> {
        let pinned = revisions.get_in(tx, terms.revision).await?;
        let aspects = aspects(&pinned.question, &terms.policy.overlap);
        let stored = if terms.models == 0 {
            Stored::default()
        } else {
            let content = sql::models(tx, terms.batch).await?;
            serde_json::from_str(&content)
                .map_err(|error| Error::Internal(format!("stored worker models: {error}")))?
        };
        Ok(Self::new(aspects, stored, &terms.policy))
    }

    pub(super) fn new(aspects: Vec<Aspect>, stored: Stored, policy: &Policy) -> Self {
        let workers = (0..).zip(&stored.workers).map(|(code, id)| (Id(*id), code)).collect();
        // Models of other aspects (the overlap's fields were changed since) say nothing about these.
        let fits = stored.models.len() == aspects.len()
            && aspects
                .iter()
                .zip(&stored.models)
                .all(|(aspect, of)| aspect.classes() == of.classes());
        let models = if fits {
            stored.models
        } else {
            aspects.iter().map(|aspect| Models::start(aspect.classes())).collect()
        };
        let rule = policy.overlap.rule;
        let limits = Limits {
            least: i64::from(rule.least()),
            most: i64::from(rule.most()),
            stronger: match policy.ambiguous {
                Ambiguous::Stronger { trust, extra } => Some((i64::from(extra), trust)),
                _ => None,
            },
            give_up: policy.ambiguous == Ambiguous::GiveUp,
            shared: policy.overlap.shared,
        };
        Self { aspects, models, workers, limits, dynamic: policy.overlap.is_dynamic() }
    }

    /// Whether what judgments say matters, not only how many there are.
    pub(super) fn is_dynamic(&self) -> bool {
        self.dynamic
    }

    /// Decides on a task with these judgments.
    pub(super) fn decide(&self, judgments: &[Counted]) -> Decided {
        if !self.dynamic {
            let done = judgments.len() as i64 >= self.limits.least;
            let decision = if done { Decision::Done } else { Decision::Ask };
            return Decided { decision, confidence: None };
        }
        let mut decided = Decided { decision: Decision::Done, confidence: Some(1.0) };
        for aspect in 0..self.aspects.len() {
            let one = self.decide_aspect(aspect, judgments);
            decided.confidence = decided.confidence.zip(one.confidence).map(|(a, b)| a.min(b));
            decided.decision = match (decided.decision, one.decision) {
                (Decision::Ask, _) | (_, Decision::Ask) => Decision::Ask,
                (Decision::Ambiguous, _) | (_, Decision::Ambiguous) => Decision::Ambiguous,
                (Decision::Done, Decision::Done) => Decision::Done,
            };
        }
        if let Some(target) = self.limits.shared {
            let used_up = judgments.len() as i64 >= self.limits.most;
            let doubtful = used_up && self.sureness(judgments) < target;
            decided.decision = if doubtful { Decision::Ambiguous } else { Decision::Done };
        }
        // An optional field may have fewer answers than the task has judgments.
        if decided.decision == Decision::Ask && judgments.len() as i64 >= self.limits.most {
            decided.decision = Decision::Ambiguous;
        }
        if (judgments.len() as i64) < self.limits.least {
            decided.decision = Decision::Ask;
        }
        decided
    }

    fn decide_aspect(&self, aspect: usize, judgments: &[Counted]) -> Decided {
        let labelled = judgments.iter().filter_map(|one| Some((one, one.labels[aspect]?)));
        let (pairs, opinions): (Vec<_>, Vec<_>) = labelled
            .map(|(one, label)| {
                ((self.code(one.worker), label), Opinion { label, trust: one.trust })
            })
            .unzip();
        let posterior = self.models[aspect].posterior(&pairs);
        let evidence = Evidence { posterior: &posterior, judgments: &opinions };
        let rule = self.aspects[aspect].rule;
        Decided { decision: rule.decide(&evidence), confidence: Some(rule.confidence(&evidence)) }
    }

    /// What an output says about each aspect.
    pub(super) fn labels(&self, output: &str) -> Result<Box<[Option<u16>]>> {
        let output: Map<String, Value> = serde_json::from_str(output)
            .map_err(|error| Error::Internal(format!("a stored judgment: {error}")))?;
        Ok(self.aspects.iter().map(|aspect| aspect.label(&output)).collect())
    }

    /// The worth of one more judgment: the sum over the aspects.
    pub(super) fn gain(&self, judgments: &[Counted]) -> f64 {
        let of = |(aspect, models): (usize, &Models)| {
            let pairs: Vec<(u32, u16)> = judgments
                .iter()
                .filter_map(|one| Some((self.code(one.worker), one.labels[aspect]?)))
                .collect();
            models.gain(&pairs)
        };
        self.models.iter().enumerate().map(of).sum()
    }

    /// The most probable label of each aspect; `None` where none is ahead of all others.
    pub(super) fn leading(&self, judgments: &[Counted]) -> Box<[Option<u16>]> {
        let of = |(aspect, models): (usize, &Models)| {
            let pairs: Vec<(u32, u16)> = judgments
                .iter()
                .filter_map(|one| Some((self.code(one.worker), one.labels[aspect]?)))
                .collect();
            let posterior = models.posterior(&pairs);
            let most = posterior.iter().copied().fold(0.0, f64::max);
            let mut best = (0..).zip(&posterior).filter(|(_, share)| most - **share < TIED);
            match (best.next(), best.next()) {
                (Some((label, _)), None) if !pairs.is_empty() => Some(label),
                _ => None,
            }
        };
        self.models.iter().enumerate().map(of).collect()
    }

    /// How sure the answers are if judgments do not depend on each other: the mean over the aspects, from 0 to 1.
    pub(super) fn sureness(&self, judgments: &[Counted]) -> f64 {
        let of = |(aspect, models): (usize, &Models)| {
            let pairs: Vec<(u32, u16)> = judgments
                .iter()
                .filter_map(|one| Some((self.code(one.worker), one.labels[aspect]?)))
                .collect();
            models.progress(&pairs)
        };
        let sum: f64 = self.models.iter().enumerate().map(of).sum();
        sum / self.models.len().max(1) as f64
    }

    fn code(&self, worker: Id) -> u32 {
        self.workers.get(&worker).copied().unwrap_or(UNKNOWN)
    }

    /// A worker's accuracy over all aspects, as the models see it; `None` for one they do not know.
    pub(crate) fn accuracy(&self, worker: Id) -> Option<Beta> {
        let code = self.code(worker);
        let known: Vec<Beta> =
            self.models.iter().filter_map(|models| models.worker_accuracy(code)).collect();
        let count = known.len() as f64;
        (count > 0.0).then(|| Beta {
            alpha: known.iter().map(|beta| beta.alpha).sum::<f64>() / count,
            beta: known.iter().map(|beta| beta.beta).sum::<f64>() / count,
        })
    }

    /// What a newcomer's accuracy is expected to be.
    pub(crate) fn crowd_accuracy(&self) -> Option<f64> {
        let count = self.models.len() as f64;
        let sum: f64 = self.models.iter().map(Models::crowd_accuracy).sum();
        (count > 0.0 && !self.workers.is_empty()).then(|| sum / count)
    }
}
