//! When a task has enough judgments.

use serde::{Deserialize, Serialize};

use crate::models::softmax;

/// How many judgments a task gets.
///
/// Every rule asks for at least `min` judgments and, but for [`Overlap::Fixed`], stops asking at `max`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
pub enum Overlap {
    /// The same number for every task.
    Fixed {
        /// Judgments of each task.
        judgments: u32,
    },
    /// Until the calibrated probability of the most probable answer reaches a target.
    Adaptive {
        /// Least judgments of a task.
        min: u32,
        /// Most judgments of a task.
        max: u32,
        /// Probability of being right that is wanted, in (0, 1).
        target: f64,
    },
    /// Until the answer with most trust behind it has a share of all trust (`CrowdFlower`'s confidence).
    Confidence {
        /// Least judgments of a task.
        min: u32,
        /// Most judgments of a task.
        max: u32,
        /// Share of trust that is wanted, in (0, 1].
        threshold: f64,
    },
    /// Until the probability of an answer under the workers' skills reaches a threshold (Toloka's dynamic overlap).
    Dynamic {
        /// Least judgments of a task.
        min: u32,
        /// Most judgments of a task.
        max: u32,
        /// Probability that is wanted, in (0, 1).
        threshold: f64,
    },
    /// Until so many judgments agree.
    Matching {
        /// Judgments that must agree.
        matching: u32,
        /// Most judgments of a task.
        max: u32,
    },
}

/// What is known about a task when it is decided on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence<'a> {
    /// Calibrated probability of each answer, as [`Models::posterior`](crate::models::Models::posterior) gives it.
    pub posterior: &'a [f64],
    /// The judgments that count.
    pub judgments: &'a [Opinion],
}

/// A judgment and what its worker is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Opinion {
    /// The answer, an index into the posterior.
    pub label: u16,
    /// Accuracy that the rule goes by, in [0, 1]: trust for [`Overlap::Confidence`], skill / 100 for
    /// [`Overlap::Dynamic`].
    pub trust: f64,
}

/// What to do with a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It has its result.
    Done,
    /// It needs another judgment.
    Ask,
    /// It has as many judgments as it may get, and still not what the rule wants.
    Ambiguous,
}

impl Overlap {
    /// Refuses settings that cannot be meant.
    ///
    /// # Errors
    /// A sentence that names the setting.
    pub fn check(&self) -> Result<(), String> {
        let (least, most) = (self.least(), self.most());
        if least == 0 {
            return Err("a task needs at least 1 judgment".to_owned());
        }
        if least > most {
            return Err(format!("at most {most} judgments are fewer than at least {least}"));
        }
        let wanted = match *self {
            Self::Fixed { .. } | Self::Matching { .. } => return Ok(()),
            Self::Adaptive { target, .. } => ("target", target, target < 1.0),
            Self::Confidence { threshold, .. } => ("threshold", threshold, threshold <= 1.0),
            Self::Dynamic { threshold, .. } => ("threshold", threshold, threshold < 1.0),
        };
        match wanted {
            (_, value, true) if value > 0.0 => Ok(()),
            (name, value, _) => {
                Err(format!("`{name}` is {value}, expected a number between 0 and 1"))
            }
        }
    }

    /// Judgments that every task gets.
    pub fn least(&self) -> u32 {
        match *self {
            Self::Fixed { judgments } => judgments,
            Self::Adaptive { min, .. }
            | Self::Confidence { min, .. }
            | Self::Dynamic { min, .. } => min,
            Self::Matching { matching, .. } => matching,
        }
    }

    /// Judgments that no task gets more of.
    pub fn most(&self) -> u32 {
        match *self {
            Self::Fixed { judgments } => judgments,
            Self::Adaptive { max, .. }
            | Self::Confidence { max, .. }
            | Self::Dynamic { max, .. }
            | Self::Matching { max, .. } => max,
        }
    }

    /// Whether the task is done, needs another judgment, or has used up its judgments.
    pub fn decide(&self, evidence: &Evidence<'_>) -> Decision {
        let judged = evidence.judgments.len() as u32;
        let enough = judged >= self.least() && self.reached(evidence);
        match (enough, judged >= self.most()) {
            (true, _) => Decision::Done,
            (false, true) => Decision::Ambiguous,
            (false, false) => Decision::Ask,
        }
    }

    fn reached(&self, evidence: &Evidence<'_>) -> bool {
        let confidence = self.confidence(evidence);
        match *self {
            Self::Fixed { .. } => true,
            Self::Adaptive { target: wanted, .. }
            | Self::Confidence { threshold: wanted, .. }
            | Self::Dynamic { threshold: wanted, .. } => confidence >= wanted,
            Self::Matching { matching, .. } => {
                votes(evidence, |_| 1.0).into_iter().fold(0.0, f64::max) >= f64::from(matching)
            }
        }
    }

    /// How the rule weighs each answer of a task, summing to 1: the posterior for the adaptive rule, the shares of trust,
    /// the probabilities under the skills, or the shares of votes. Without judgments the posterior.
    pub fn scores(&self, posterior: &[f64], judgments: &[Opinion]) -> Vec<f64> {
        let evidence = Evidence { posterior, judgments };
        match self {
            Self::Adaptive { .. } => posterior.to_vec(),
            _ if judgments.is_empty() => posterior.to_vec(),
            Self::Confidence { .. } => shares(&evidence, |opinion| opinion.trust),
            Self::Dynamic { .. } => skilled(&evidence),
            Self::Fixed { .. } | Self::Matching { .. } => shares(&evidence, |_| 1.0),
        }
    }

    /// The confidence of the leading answer by this rule, in [0, 1]: the calibrated probability for the adaptive rule,
    /// the share of trust, the probability under the skills, or the share of votes. 0 without judgments, but for the
    /// adaptive rule, which knows the class prior.
    pub fn confidence(&self, evidence: &Evidence<'_>) -> f64 {
        if evidence.judgments.is_empty() && !matches!(self, Self::Adaptive { .. }) {
            return 0.0;
        }
        let scores = self.scores(evidence.posterior, evidence.judgments);
        scores.into_iter().fold(0.0, f64::max)
    }
}

fn votes(evidence: &Evidence<'_>, weight: impl Fn(&Opinion) -> f64) -> Vec<f64> {
    let answers = evidence.judgments.iter().map(|opinion| usize::from(opinion.label) + 1);
    let mut votes = vec![0.0; answers.fold(evidence.posterior.len(), usize::max)];
    for opinion in evidence.judgments {
        votes[usize::from(opinion.label)] += weight(opinion);
    }
    votes
}

fn shares(evidence: &Evidence<'_>, weight: impl Fn(&Opinion) -> f64) -> Vec<f64> {
    let mut votes = votes(evidence, weight);
    let total: f64 = votes.iter().sum();
    for vote in &mut votes {
        *vote /= total.max(f64::MIN_POSITIVE);
    }
    votes
}

/// Probability of each answer where a worker of skill s is right with probability s and else answers evenly, all
/// answers equally likely beforehand (Toloka's requester guide, "Dynamic overlap").
fn skilled(evidence: &Evidence<'_>) -> Vec<f64> {
    let mut scores = votes(evidence, |opinion| {
        let others = evidence.posterior.len().saturating_sub(1).max(1) as f64;
        let skill = opinion.trust.clamp(1e-6, 1.0 - 1e-6);
        (skill * others / (1.0 - skill)).ln()
    });
    softmax(&mut scores);
    scores
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opinions(given: &[(u16, f64)]) -> Vec<Opinion> {
        given.iter().map(|&(label, trust)| Opinion { label, trust }).collect()
    }

    fn confidence(rule: Overlap, classes: usize, given: &[(u16, f64)]) -> f64 {
        let posterior = vec![1.0 / classes as f64; classes];
        rule.confidence(&Evidence { posterior: &posterior, judgments: &opinions(given) })
    }

    const DYNAMIC: Overlap = Overlap::Dynamic { min: 1, max: 5, threshold: 0.9 };
    const CONFIDENCE: Overlap = Overlap::Confidence { min: 1, max: 5, threshold: 0.6 };

    /// The worked examples of Toloka's requester guide: options OK, BAD and a third one.
    #[test]
    fn dynamic_overlap_matches_the_published_examples() {
        for (given, expected) in [
            (&[(0, 0.7), (1, 0.9)][..], 0.761),
            (&[(0, 0.7), (1, 0.9), (1, 0.8)], 0.962),
            (&[(0, 0.7), (0, 0.9)], 0.977),
        ] {
            let found = confidence(DYNAMIC, 3, given);
            assert!((found - expected).abs() < 5e-4, "{found}, expected {expected}");
        }
    }

    /// `CrowdFlower`'s example: trusts of 4.4703 of 7.2505 behind the leading answer.
    #[test]
    fn confidence_is_the_share_of_trust() {
        let trusts = [0.9, 0.9, 0.9, 0.9, 0.8703].map(|trust| (0, trust));
        let against = [0.95, 0.95, 0.8802].map(|trust| (1, trust));
        let found = confidence(CONFIDENCE, 2, &[&trusts[..], &against].concat());
        assert!((found - 0.6166).abs() < 5e-5, "{found}");
    }

    #[test]
    fn each_rule_asks_until_it_has_what_it_wants() {
        use Decision::{Ambiguous, Ask, Done};
        let fixed = Overlap::Fixed { judgments: 2 };
        let adaptive = Overlap::Adaptive { min: 1, max: 3, target: 0.9 };
        let matching = Overlap::Matching { matching: 2, max: 3 };
        let (agree, differ) = ([(0, 0.8), (0, 0.8)], [(0, 0.8), (1, 0.8), (2, 0.8)]);
        for (rule, posterior, given, expected) in [
            (fixed, 0.5, &agree[..1], Ask),
            (fixed, 0.5, &agree[..], Done),
            (adaptive, 0.95, &agree[..1], Done),
            (adaptive, 0.8, &agree[..], Ask),
            (adaptive, 0.8, &differ[..], Ambiguous),
            (matching, 0.99, &agree[..1], Ask),
            (matching, 0.5, &agree[..], Done),
            (matching, 0.5, &differ[..], Ambiguous),
            (CONFIDENCE, 0.5, &agree[..1], Done),
            (CONFIDENCE, 0.5, &differ[..2], Ask),
            (DYNAMIC, 0.5, &agree[..1], Ask),
        ] {
            let rest = (1.0 - posterior) / 2.0;
            let opinions = opinions(given);
            let evidence = Evidence { posterior: &[posterior, rest, rest], judgments: &opinions };
            assert_eq!(rule.decide(&evidence), expected, "{rule:?} {posterior} {given:?}");
        }
    }

    #[test]
    fn settings_that_cannot_be_meant_are_refused() {
        for rule in [
            Overlap::Fixed { judgments: 0 },
            Overlap::Adaptive { min: 3, max: 2, target: 0.9 },
            Overlap::Adaptive { min: 1, max: 2, target: 1.0 },
            Overlap::Confidence { min: 1, max: 2, threshold: f64::NAN },
            Overlap::Dynamic { min: 1, max: 2, threshold: 0.0 },
            Overlap::Matching { matching: 4, max: 3 },
        ] {
            assert!(rule.check().is_err(), "{rule:?}");
        }
        assert_eq!(Overlap::Confidence { min: 1, max: 2, threshold: 1.0 }.check(), Ok(()));
    }

    #[test]
    fn rules_are_written_as_in_a_project_folder() {
        let text = r#"{"rule":"adaptive","min":1,"max":5,"target":0.95}"#;
        let rule: Overlap = serde_json::from_str(text).unwrap();
        assert_eq!(rule, Overlap::Adaptive { min: 1, max: 5, target: 0.95 });
        assert_eq!(serde_json::to_string(&rule).unwrap(), text);
    }
}
