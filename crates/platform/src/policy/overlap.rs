//! How many judgments a task gets, field by field, and what becomes of tasks that stay doubtful.

use crowdsmith_quality::overlap::Overlap as Rule;
use indexmap::IndexMap;

/// The rule of a batch, and what it needs beyond the judgments.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlap {
    pub rule: Rule,
    /// The target of each field that must reach one; where absent, every field that can be decided must reach the rule's.
    pub targets: Option<IndexMap<String, f64>>,
    /// The skill that the dynamic rule goes by; trust where absent.
    pub skill: Option<String>,
    /// The rule `auto`: how sure every task must be before the batch stops buying; then `rule` only has the bounds.
    pub shared: Option<f64>,
}

/// What becomes of tasks that have as many judgments as they may get, below their target.
#[derive(Clone, Debug, PartialEq)]
pub enum Ambiguous {
    /// They are listed.
    List,
    /// They are done with what there is.
    GiveUp,
    /// They are listed for reviewers, who decide.
    Review,
    /// They get up to `extra` more judgments, from workers whose trust is at least `trust`.
    Stronger { trust: f64, extra: u32 },
    /// They are copied into another batch of the project.
    Batch(String),
}

impl Overlap {
    pub const fn fixed(judgments: u32) -> Self {
        Self { rule: Rule::Fixed { judgments }, targets: None, skill: None, shared: None }
    }

    /// Whether the number of judgments depends on what they say.
    pub const fn is_dynamic(&self) -> bool {
        !matches!(self.rule, Rule::Fixed { .. })
    }

    /// The rule for one field; `None` if the field need not be decided.
    pub fn rule_of(&self, field: &str) -> Option<Rule> {
        let Some(targets) = &self.targets else { return Some(self.rule) };
        let target = *targets.get(field)?;
        match self.rule {
            Rule::Adaptive { min, max, .. } => Some(Rule::Adaptive { min, max, target }),
            other => Some(other),
        }
    }
}
