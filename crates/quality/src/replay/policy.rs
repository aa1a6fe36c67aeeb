//! The policies that can be replayed, and ours.

use std::fmt;
use std::str::FromStr;

use crowdsmith_truth::Error;
use serde::Serialize;

use super::ours::{adaptive, auto};
use super::session::Session;
use super::{Options, Point, baselines};

/// A way to decide which judgments to buy, and how to aggregate them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// The product's default: judgments where they are worth most, by the product's worker models, until every task has
    /// reached the target (with judgments taken as independent) or has no more judgments. Settings above 1 are budgets
    /// in judgments per task, in place of a target.
    Auto,
    /// The same with a share of the tasks as gold.
    AutoGold,
    /// The product's rule for single tasks: each until its calibrated probability reaches the target.
    Adaptive,
    /// That rule with gold.
    AdaptiveGold,
    /// The same number of judgments for every task, majority vote.
    FixedMajority,
    /// The same number for every task, Dawid-Skene.
    FixedDawidSkene,
    /// The same number for every task, one-coin model.
    FixedOneCoin,
    /// Until the leading answer has a share of all trust (`CrowdFlower`'s confidence), at least 2.
    Confidence,
    /// Until the probability under the workers' skills reaches a threshold (Toloka's dynamic overlap), at least 2.
    Dynamic,
    /// Until so many judgments agree, majority vote.
    Matching,
    /// Until the probability under Dawid-Skene shrunk to the crowd reaches a threshold, at least 2.
    Posterior,
    /// Optimistic knowledge gradient, Dawid-Skene shrunk to the crowd. Settings are judgments per task.
    OptimisticGradient,
    /// Knowledge gradient, Dawid-Skene shrunk to the crowd. Settings are judgments per task.
    KnowledgeGradient,
}

impl Policy {
    /// All policies, ours first.
    pub const ALL: [Self; 13] = [
        Self::Auto,
        Self::AutoGold,
        Self::Adaptive,
        Self::AdaptiveGold,
        Self::FixedMajority,
        Self::FixedDawidSkene,
        Self::FixedOneCoin,
        Self::Confidence,
        Self::Dynamic,
        Self::Matching,
        Self::Posterior,
        Self::OptimisticGradient,
        Self::KnowledgeGradient,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::AutoGold => "auto-gold",
            Self::Adaptive => "adaptive",
            Self::AdaptiveGold => "adaptive-gold",
            Self::FixedMajority => "fixed-majority",
            Self::FixedDawidSkene => "fixed-dawid-skene",
            Self::FixedOneCoin => "fixed-one-coin",
            Self::Confidence => "confidence",
            Self::Dynamic => "dynamic",
            Self::Matching => "matching",
            Self::Posterior => "posterior",
            Self::OptimisticGradient => "optimistic-gradient",
            Self::KnowledgeGradient => "knowledge-gradient",
        }
    }

    /// Whether some tasks are gold for it.
    pub fn uses_gold(self) -> bool {
        matches!(self, Self::AutoGold | Self::AdaptiveGold)
    }

    /// Whether its settings are probabilities (those of `auto` can be budgets as well).
    pub fn has_targets(self) -> bool {
        matches!(
            self,
            Self::Auto
                | Self::AutoGold
                | Self::Adaptive
                | Self::AdaptiveGold
                | Self::Confidence
                | Self::Dynamic
                | Self::Posterior
        )
    }

    /// The settings that a replay looks at where none are given.
    fn settings(self, most: usize) -> Vec<f64> {
        match self {
            Self::Auto | Self::AutoGold => {
                targets().chain([0.99, 1.0]).chain(budgets(most)).collect()
            }
            Self::Adaptive | Self::AdaptiveGold => targets().collect(),
            Self::Confidence | Self::Dynamic | Self::Posterior => (10..=18)
                .map(|n| f64::from(n) / 20.0)
                .chain([0.95, 0.97, 0.98, 0.99, 0.995, 0.999, 0.9999])
                .collect(),
            Self::Matching => (1..=most.div_ceil(2)).map(|n| n as f64).collect(),
            Self::FixedMajority | Self::FixedDawidSkene | Self::FixedOneCoin => {
                (1..=most).map(|n| n as f64).collect()
            }
            Self::OptimisticGradient | Self::KnowledgeGradient => {
                std::iter::once(1.0).chain(budgets(most)).collect()
            }
        }
    }

    /// One point a setting.
    pub(super) fn run(
        self,
        mut session: Session<'_>,
        options: &Options,
    ) -> Result<Vec<Point>, Error> {
        if self.uses_gold() {
            session.take_gold(options.gold);
        }
        let mut settings =
            options.settings.clone().unwrap_or_else(|| self.settings(session.most()));
        settings.sort_by(f64::total_cmp);
        match self {
            Self::Auto | Self::AutoGold => auto(session, settings),
            Self::Adaptive | Self::AdaptiveGold => {
                settings.iter().map(|&target| adaptive(session.clone(), target)).collect()
            }
            _ => baselines::run(self, &session, &settings),
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Policy {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|policy| policy.name() == name).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.into_iter().map(Self::name).collect();
            format!("there is no policy `{name}`; there are {}", names.join(", "))
        })
    }
}

fn targets() -> impl Iterator<Item = f64> {
    (10..=18).map(|n| f64::from(n) / 20.0).chain([0.925, 0.95, 0.96, 0.97, 0.98])
}

/// Judgments per task, a tenth apart, from the first judgments on.
fn budgets(most: usize) -> impl Iterator<Item = f64> {
    (11..=10 * most).map(|n| n as f64 / 10.0)
}
