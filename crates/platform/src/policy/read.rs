//! Reads a policy strictly: every wrong or unknown key is named.

use crowdsmith_quality::overlap::Overlap as Rule;
use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::audience::audience;
use super::rules::rules;
use super::{
    Ambiguous, Automatic, DEFAULT_OVERLAP, DEFAULT_PAUSE_PROBLEMS, ExcludedPay, GoldTerms, Overlap,
    PlaceTerms, Policy, QuizTerms, TrustFrom, TrustTerms, UsedUp,
};
use crate::error::{Error, Result};
use crate::project::keys::{Keys, shown, suggestion};

const DEFAULT_MOST: i64 = 7;
const DEFAULT_TARGET: f64 = 0.95;
const MOST_JUDGMENTS: i64 = 1000;

pub(super) fn policy(path: &str, given: &Map<String, Value>) -> Result<Policy> {
    let table = Value::Object(given.clone());
    let mut keys = Keys::of(path, &table)?;
    let overlap = part(&mut keys, "overlap", overlap);
    let ambiguous = part(&mut keys, "ambiguous", ambiguous);
    let gold = part(&mut keys, "gold", gold);
    let quiz = part(&mut keys, "quiz", quiz);
    let trust = part(&mut keys, "trust", trust);
    let rules = part(&mut keys, "rules", rules);
    let pause_problems =
        keys.count("pause_problems", 1..=1_000_000).unwrap_or(DEFAULT_PAUSE_PROBLEMS);
    let place = part(&mut keys, "place", place);
    let audience = part(&mut keys, "audience", audience);
    let expects_gold = gold.is_some() || quiz.is_some();
    keys.finish(|| Policy {
        expects_gold,
        overlap: overlap.unwrap_or(Overlap::fixed(DEFAULT_OVERLAP)),
        ambiguous: ambiguous.unwrap_or(Ambiguous::List),
        gold: gold.unwrap_or_default(),
        quiz,
        trust,
        rules: rules.unwrap_or_default(),
        pause_problems,
        place,
        audience: audience.unwrap_or_default(),
    })
}

/// Farther than this from its place, in metres, a task asks for no place at all.
const FARTHEST: f64 = 100_000.0;

fn place(path: &str, value: &Value) -> Result<PlaceTerms> {
    let mut keys = Keys::of(path, value)?;
    let max_distance = keys.number("max_distance").unwrap_or(100.0);
    if max_distance <= 0.0 || max_distance > FARTHEST {
        keys.error("max_distance", format!("must be above 0 and at most {FARTHEST} metres"));
    }
    keys.finish(|| PlaceTerms { max_distance })
}

pub(super) fn part<T>(
    keys: &mut Keys,
    key: &'static str,
    read: impl Fn(&str, &Value) -> Result<T>,
) -> Option<T> {
    let value = keys.get(key)?;
    let read = read(&keys.path_of(key), value);
    keys.part(read)
}

/// Reads one word of a few.
pub(super) fn word<T: Copy>(keys: &mut Keys, key: &'static str, words: &[(&str, T)]) -> Option<T> {
    let value = keys.get(key)?;
    let found = value.as_str().and_then(|text| words.iter().find(|(word, _)| *word == text));
    if found.is_none() {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        keys.error(key, format!("must be one of {}, not {}", known.join(", "), shown(value)));
    }
    found.map(|(_, value)| *value)
}

/// A number from 0 to 1.
fn share(keys: &mut Keys, key: &'static str) -> Option<f64> {
    let value = keys.get(key)?;
    let share = value.as_f64().filter(|share| (0.0..=1.0).contains(share));
    if share.is_none() {
        keys.error(key, format!("must be a number from 0 to 1, not {}", shown(value)));
    }
    share
}

fn overlap(path: &str, value: &Value) -> Result<Overlap> {
    if !value.is_object() {
        let judgments = value.as_i64().filter(|count| (1..=MOST_JUDGMENTS).contains(count));
        let message = || {
            format!(
                "must be a whole number from 1 to {MOST_JUDGMENTS} or a table with `min`, `max` and `target`, not {}",
                shown(value)
            )
        };
        return judgments
            .map(|judgments| Overlap::fixed(judgments as u32))
            .ok_or_else(|| Error::invalid(path, message()));
    }
    let mut keys = Keys::of(path, value)?;
    let name = keys.text("rule").unwrap_or_else(|| "adaptive".to_owned());
    let mut targets = None;
    let mut skill = None;
    let mut shared = None;
    let rule = match name.as_str() {
        "auto" => {
            let (min, max) = bounds(&mut keys);
            let target = share(&mut keys, "target").unwrap_or(DEFAULT_TARGET);
            shared = Some(target);
            Rule::Adaptive { min, max, target }
        }
        "adaptive" => {
            let (min, max) = bounds(&mut keys);
            let target = target(&mut keys, &mut targets).unwrap_or(DEFAULT_TARGET);
            Rule::Adaptive { min, max, target }
        }
        "confidence" => {
            let (min, max) = bounds(&mut keys);
            let threshold = share(&mut keys, "threshold").unwrap_or(0.7);
            Rule::Confidence { min, max, threshold }
        }
        "dynamic" => {
            let (min, max) = bounds(&mut keys);
            skill = keys.text("skill");
            let threshold = share(&mut keys, "threshold").unwrap_or(0.9);
            Rule::Dynamic { min, max, threshold }
        }
        "matching" => {
            let matching = keys.count("matching", 1..=MOST_JUDGMENTS).unwrap_or(2) as u32;
            let max = keys.count("max", 1..=MOST_JUDGMENTS).unwrap_or(DEFAULT_MOST) as u32;
            Rule::Matching { matching, max }
        }
        "fixed" => {
            let judgments = keys.count("judgments", 1..=MOST_JUDGMENTS);
            Rule::Fixed { judgments: judgments.map_or(DEFAULT_OVERLAP, |count| count as u32) }
        }
        other => {
            let known = ["auto", "adaptive", "confidence", "dynamic", "matching", "fixed"];
            let message = match suggestion(other, &known) {
                Some(close) => format!("`{other}` is no rule; did you mean `{close}`?"),
                None => format!("`{other}` is no rule; one of {}", known.join(", ")),
            };
            return Err(Error::invalid(keys.path_of("rule"), message));
        }
    };
    if let Err(message) = rule.check() {
        keys.part::<()>(Err(Error::invalid(path, message)));
    }
    keys.finish(|| Overlap { rule, targets, skill, shared })
}

fn bounds(keys: &mut Keys) -> (u32, u32) {
    let min = keys.count("min", 1..=MOST_JUDGMENTS).unwrap_or(1);
    let max = keys.count("max", 1..=MOST_JUDGMENTS).unwrap_or(DEFAULT_MOST);
    (min as u32, max as u32)
}

/// One target for all fields, or a table of fields: then the rule carries the strictest.
fn target(keys: &mut Keys, targets: &mut Option<IndexMap<String, f64>>) -> Option<f64> {
    let value = keys.get("target")?;
    let Value::Object(table) = value else { return share(keys, "target") };
    let mut read = IndexMap::new();
    for (field, target) in table {
        match target.as_f64().filter(|target| *target > 0.0 && *target < 1.0) {
            Some(target) => drop(read.insert(field.clone(), target)),
            None => keys.error(
                "target",
                format!("of `{field}` must be a number between 0 and 1, not {}", shown(target)),
            ),
        }
    }
    let strictest = read.values().copied().reduce(f64::max);
    *targets = Some(read);
    strictest
}

fn ambiguous(path: &str, value: &Value) -> Result<Ambiguous> {
    match value.as_str() {
        Some("list") => return Ok(Ambiguous::List),
        Some("give-up") => return Ok(Ambiguous::GiveUp),
        Some("review") => return Ok(Ambiguous::Review),
        _ => {}
    }
    if !value.is_object() {
        let message = "must be one of list, give-up, review, or a table with `stronger` or `batch`";
        return Err(Error::invalid(path, format!("{message}, not {}", shown(value))));
    }
    let mut keys = Keys::of(path, value)?;
    let batch = keys.text("batch");
    let trust = share(&mut keys, "stronger");
    let extra = keys.count("extra", 1..=MOST_JUDGMENTS).unwrap_or(2) as u32;
    if batch.is_some() == trust.is_some() {
        keys.error("stronger", "or `batch` must be there, and only one of them");
    }
    keys.finish(|| match (batch, trust) {
        (Some(batch), _) => Ambiguous::Batch(batch),
        (None, trust) => Ambiguous::Stronger { trust: trust.unwrap_or_default(), extra },
    })
}

impl Default for GoldTerms {
    fn default() -> Self {
        Self {
            per_suite: 1,
            taper: false,
            used_up: UsedUp::Continue,
            secret: false,
            pause_missed: 0.6,
            pause_after: 5,
            pause_contested: 3,
            automatic: None,
        }
    }
}

fn gold(path: &str, value: &Value) -> Result<GoldTerms> {
    let usual = GoldTerms::default();
    let mut keys = Keys::of(path, value)?;
    let per_suite = keys.count("per_suite", 0..=100).unwrap_or(usual.per_suite);
    let taper = keys.truth("taper").unwrap_or(usual.taper);
    let used_up =
        word(&mut keys, "used_up", &[("stop", UsedUp::Stop), ("continue", UsedUp::Continue)]);
    let secret = keys.truth("secret").unwrap_or(usual.secret);
    let pause_missed = share(&mut keys, "pause_missed").unwrap_or(usual.pause_missed);
    let pause_after = keys.count("pause_after", 1..=1_000_000).unwrap_or(usual.pause_after);
    let pause_contested =
        keys.count("pause_contested", 1..=1_000_000).unwrap_or(usual.pause_contested);
    let automatic = part(&mut keys, "automatic", automatic);
    keys.finish(|| GoldTerms {
        per_suite,
        taper,
        used_up: used_up.unwrap_or(usual.used_up),
        secret,
        pause_missed,
        pause_after,
        pause_contested,
        automatic,
    })
}

fn automatic(path: &str, value: &Value) -> Result<Automatic> {
    let mut keys = Keys::of(path, value)?;
    let confidence = share(&mut keys, "confidence").unwrap_or(0.99);
    let judgments = keys.count("judgments", 1..=MOST_JUDGMENTS).unwrap_or(4);
    let confirm = keys.truth("confirm").unwrap_or(true);
    let most = keys.count("most", 1..=1_000_000).unwrap_or(50);
    let spread = match keys.get("spread") {
        None => None,
        Some(Value::String(word)) if word == "uniform" => None,
        Some(Value::Object(table)) => Some(weights(&mut keys, table)),
        Some(other) => {
            keys.error(
                "spread",
                format!("must be \"uniform\" or a table of weights, not {}", shown(other)),
            );
            None
        }
    };
    keys.finish(|| Automatic { confidence, judgments, confirm, most, spread })
}

fn weights(keys: &mut Keys, table: &Map<String, Value>) -> IndexMap<String, f64> {
    let mut weights = IndexMap::new();
    for (answer, weight) in table {
        match weight.as_f64().filter(|weight| weight.is_finite() && *weight >= 0.0) {
            Some(weight) => drop(weights.insert(answer.clone(), weight)),
            None => keys.error(
                "spread",
                format!("of `{answer}` must be a number from 0, not {}", shown(weight)),
            ),
        }
    }
    weights
}

fn quiz(path: &str, value: &Value) -> Result<QuizTerms> {
    let mut keys = Keys::of(path, value)?;
    let length = keys.count("length", 1..=100).unwrap_or(5);
    let pass = share(&mut keys, "pass").unwrap_or(0.8);
    let tries = keys.count("tries", 1..=100).unwrap_or(1);
    let paid = keys.truth("paid").unwrap_or(false);
    keys.finish(|| QuizTerms { length, pass, tries, paid })
}

fn trust(path: &str, value: &Value) -> Result<TrustTerms> {
    let mut keys = Keys::of(path, value)?;
    let minimum = share(&mut keys, "minimum");
    if keys.get("minimum").is_none() {
        keys.error("minimum", "is missing");
    }
    let from = word(
        &mut keys,
        "from",
        &[("gold", TrustFrom::Gold), ("model", TrustFrom::Model), ("both", TrustFrom::Both)],
    );
    let evidence = keys.count("evidence", 1..=1_000_000).unwrap_or(4);
    let pay = word(
        &mut keys,
        "pay",
        &[("keep", ExcludedPay::Keep), ("take-back", ExcludedPay::TakeBack)],
    );
    keys.finish(|| TrustTerms {
        minimum: minimum.unwrap_or_default(),
        from: from.unwrap_or(TrustFrom::Both),
        evidence,
        pay: pay.unwrap_or(ExcludedPay::Keep),
    })
}
