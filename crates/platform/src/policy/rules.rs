//! The rules of a batch: what is collected about a worker, on which conditions something happens, and what.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::read::{part, word};
use crate::access::stored_as_word;
use crate::error::{Error, Result};
use crate::project::check_name;
use crate::project::keys::{Keys, shown, suggestion};
use crate::restriction::Scope;

#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub collector: Collector,
    /// Only the last so many of what the collector counts; all where absent.
    pub last: Option<u32>,
    /// All of them must hold.
    pub when: Vec<Condition>,
    pub action: Action,
    /// The same for the same rule wherever it stands among the others; another for every other rule.
    pub mark: i64,
}

/// What a rule watches of a worker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Collector {
    /// Answers to gold.
    Gold,
    /// Judgments of done tasks, compared with their results.
    Agreement,
    /// Judgments in all batches of the project or the workspace: whether they count.
    Acceptance { of: Scope },
    /// Submissions that took less than so many seconds.
    Speed { faster_than: f64 },
    /// Tasks that were skipped and assignments that expired, in a row.
    Skipped,
    /// Assignments that were returned, in a row.
    Returned,
    /// Judgments in the batch.
    Answers,
    /// Pay of the last 24 hours in the batch's currency.
    Income,
    /// How judgments came about, as their pages told.
    Behavior,
    /// Uploads that look or sound like earlier ones of the batch.
    Duplicates,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    Count,
    Right,
    Missed,
    Fast,
    /// 0 to 100.
    Rate,
    InARow,
    Amount,
    Duplicates,
    ActiveSeconds,
    FirstActionSeconds,
    FocusLost,
    Keys,
    Pastes,
}

stored_as_word!(Metric {
    Count = "count",
    Right = "right",
    Missed = "missed",
    Fast = "fast",
    Rate = "rate",
    InARow = "in_a_row",
    Amount = "amount",
    Duplicates = "duplicates",
    ActiveSeconds = "active_seconds",
    FirstActionSeconds = "first_action_seconds",
    FocusLost = "focus_lost",
    Keys = "keys",
    Pastes = "pastes",
});

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Condition {
    pub metric: Metric,
    pub comparator: Comparator,
    pub number: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    Less,
    AtMost,
    More,
    AtLeast,
    Equal,
    Unequal,
}

stored_as_word!(Comparator {
    Less = "<",
    AtMost = "<=",
    More = ">",
    AtLeast = ">=",
    Equal = "=",
    Unequal = "!=",
});

#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// No more work for so many hours, or for good.
    Restrict {
        scope: Scope,
        hours: Option<f64>,
    },
    Skill {
        name: String,
        value: SkillValue,
    },
    /// The worker's judgments in the batch count, whatever trust says.
    Accept,
    /// The worker is excluded from the batch.
    Reject,
    /// So many more judgments for each task that the worker judged.
    Overlap(i64),
    /// A note for the requester.
    Flag(String),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SkillValue {
    Number(f64),
    /// The collector's rate, rounded down.
    Rate,
}

/// Longest restriction: ten years.
pub(crate) const MOST_HOURS: f64 = 87_600.0;
const MOST_MORE: i64 = 1000;
const LONGEST_FLAG: usize = 200;
const COLLECTORS: [&str; 10] = [
    "gold",
    "agreement",
    "acceptance",
    "speed",
    "skipped",
    "returned",
    "answers",
    "income",
    "behavior",
    "duplicates",
];

impl Collector {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gold => "gold",
            Self::Agreement => "agreement",
            Self::Acceptance { .. } => "acceptance",
            Self::Speed { .. } => "speed",
            Self::Skipped => "skipped",
            Self::Returned => "returned",
            Self::Answers => "answers",
            Self::Income => "income",
            Self::Behavior => "behavior",
            Self::Duplicates => "duplicates",
        }
    }

    const fn metrics(self) -> &'static [Metric] {
        match self {
            Self::Gold => &[Metric::Count, Metric::Right, Metric::Missed, Metric::Rate],
            Self::Agreement | Self::Acceptance { .. } => &[Metric::Count, Metric::Rate],
            Self::Speed { .. } => &[Metric::Count, Metric::Fast, Metric::Rate],
            Self::Skipped | Self::Returned => &[Metric::InARow],
            Self::Answers => &[Metric::Count],
            Self::Income => &[Metric::Amount],
            Self::Behavior => &[
                Metric::Count,
                Metric::ActiveSeconds,
                Metric::FirstActionSeconds,
                Metric::FocusLost,
                Metric::Keys,
                Metric::Pastes,
            ],
            Self::Duplicates => &[Metric::Count, Metric::Duplicates, Metric::Rate],
        }
    }

    /// Whether it counts one thing after another, so that `last` means something.
    fn has_window(self) -> bool {
        self.has_rate() || self == Self::Behavior
    }

    /// Whether it counts outcomes one after another, so that it has a rate.
    fn has_rate(self) -> bool {
        self.metrics().contains(&Metric::Rate)
    }
}

impl Comparator {
    pub fn holds(self, value: f64, number: f64) -> bool {
        // Rates are quotients; 3 of 5 is 60.
        let same = (value - number).abs() < 1e-9;
        match self {
            Self::Less => value < number && !same,
            Self::AtMost => value < number || same,
            Self::More => value > number && !same,
            Self::AtLeast => value > number || same,
            Self::Equal => same,
            Self::Unequal => !same,
        }
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.metric, self.comparator, self.number)
    }
}

pub(super) fn rules(path: &str, value: &Value) -> Result<Vec<Rule>> {
    let Value::Array(list) = value else {
        return Err(Error::invalid(path, format!("must be a list of rules, not {}", shown(value))));
    };
    let (mut rules, mut errors) = (Vec::new(), Vec::new());
    for (index, value) in list.iter().enumerate() {
        match rule(&format!("{path}[{index}]"), value) {
            Ok(rule) => rules.push(rule),
            Err(Error::Invalid(found)) => errors.extend(found),
            Err(other) => return Err(other),
        }
    }
    if errors.is_empty() { Ok(rules) } else { Err(Error::Invalid(errors)) }
}

fn rule(path: &str, value: &Value) -> Result<Rule> {
    let mut keys = Keys::of(path, value)?;
    let collector = collector(&mut keys)?;
    let last = keys.count("last", 1..=1_000_000).map(|last| last as u32);
    if last.is_some() && !collector.has_window() {
        keys.error("last", format!("means nothing to the collector {}", collector.name()));
    }
    let when = part(&mut keys, "when", |path, value| conditions(path, value, collector));
    if keys.get("when").is_none() {
        keys.error("when", "is missing; say on which conditions the rule acts");
    }
    let action = part(&mut keys, "action", |path, value| action(path, value, collector));
    if keys.get("action").is_none() {
        keys.error("action", "is missing; say what the rule does");
    }
    let (when, action) = (when.unwrap_or_default(), action.unwrap_or(Action::Accept));
    keys.finish(|| Rule { collector, last, when, action, mark: mark(value) })
}

fn mark(value: &Value) -> i64 {
    let hash = Sha256::digest(value.to_string());
    i64::from_le_bytes(std::array::from_fn(|place| hash[place]))
}

fn collector(keys: &mut Keys) -> Result<Collector> {
    let place = keys.path_of("collector");
    let name = keys.text("collector").unwrap_or_default();
    let of = word(keys, "scope", &[("project", Scope::Project), ("workspace", Scope::Workspace)]);
    if of.is_some() && name != "acceptance" {
        keys.error("scope", "is for the collector acceptance only");
    }
    let faster_than = keys.number("faster_than").filter(|seconds| *seconds > 0.0);
    if faster_than.is_some() != (name == "speed") {
        let message =
            "must be a number of seconds above 0 for the collector speed, and is for no other";
        keys.error("faster_than", message);
    }
    let refused = match name.as_str() {
        "gold" => return Ok(Collector::Gold),
        "agreement" => return Ok(Collector::Agreement),
        "acceptance" => return Ok(Collector::Acceptance { of: of.unwrap_or(Scope::Project) }),
        "speed" => {
            return Ok(Collector::Speed { faster_than: faster_than.unwrap_or_default() });
        }
        "skipped" => return Ok(Collector::Skipped),
        "returned" => return Ok(Collector::Returned),
        "answers" => return Ok(Collector::Answers),
        "income" => return Ok(Collector::Income),
        "behavior" => return Ok(Collector::Behavior),
        "duplicates" => return Ok(Collector::Duplicates),
        "" => format!("must be one of {}", COLLECTORS.join(", ")),
        other => match suggestion(other, &COLLECTORS) {
            Some(close) => format!("`{other}` is no collector; did you mean `{close}`?"),
            None => format!("`{other}` is no collector; one of {}", COLLECTORS.join(", ")),
        },
    };
    Err(Error::invalid(place, refused))
}

fn conditions(path: &str, value: &Value, collector: Collector) -> Result<Vec<Condition>> {
    let mut keys = Keys::of(path, value)?;
    let mut conditions = Vec::new();
    for metric in collector.metrics() {
        let Some(given) = keys.get(metric.word()) else { continue };
        let several = given.as_array().map_or(std::slice::from_ref(given), Vec::as_slice);
        for one in several {
            match comparison(one) {
                Some((comparator, number)) => {
                    conditions.push(Condition { metric: *metric, comparator, number });
                }
                None => keys.error(metric.word(), not_a_comparison(one)),
            }
        }
    }
    if keys.entries().next().is_none() {
        let metrics: Vec<&str> = collector.metrics().iter().map(|metric| metric.word()).collect();
        let message = format!("must have at least one condition, on {}", metrics.join(", "));
        return Err(Error::invalid(path, message));
    }
    keys.finish(|| conditions)
}

/// Reads `>= 3`.
pub(super) fn comparison(value: &Value) -> Option<(Comparator, f64)> {
    let text = value.as_str()?.trim();
    let length = text.find(|letter| !"<>=!".contains(letter))?;
    let comparator = Comparator::from_word(&text[..length])?;
    let number: f64 = text[length..].trim().parse().ok()?;
    number.is_finite().then_some((comparator, number))
}

pub(super) fn not_a_comparison(value: &Value) -> String {
    format!(
        "must be a comparator (<, <=, >, >=, =, !=) and a number, such as \">= 3\", not {}",
        shown(value)
    )
}

fn action(path: &str, value: &Value, collector: Collector) -> Result<Action> {
    let mut keys = Keys::of(path, value)?;
    let scopes =
        [("batch", Scope::Batch), ("project", Scope::Project), ("workspace", Scope::Workspace)];
    let restrict = word(&mut keys, "restrict", &scopes);
    let hours = hours(&mut keys);
    let skill = skill(&mut keys, collector);
    let words = [("accept", Action::Accept), ("reject", Action::Reject)];
    let assignments = keys.get("assignments").and_then(|value| {
        let found = words.iter().find(|(word, _)| value.as_str() == Some(word));
        if found.is_none() {
            keys.error("assignments", format!("must be accept or reject, not {}", shown(value)));
        }
        found.map(|(_, action)| action.clone())
    });
    let overlap = keys.count("overlap", 1..=MOST_MORE).map(Action::Overlap);
    let flag = keys.text("flag");
    if flag.as_ref().is_some_and(|flag| flag.trim().is_empty() || flag.len() > LONGEST_FLAG) {
        keys.error("flag", format!("must have 1 to {LONGEST_FLAG} bytes"));
    }
    if hours.is_some() && restrict.is_none() {
        keys.error("hours", "is for `restrict` only");
    }
    let actions = [
        restrict.map(|scope| Action::Restrict { scope, hours }),
        skill,
        assignments,
        overlap,
        flag.map(Action::Flag),
    ];
    let given = keys.entries().filter(|(key, _)| ACTIONS.contains(key)).count();
    if given != 1 {
        let message = format!("must have exactly one of {}", ACTIONS.join(", "));
        keys.part::<()>(Err(Error::invalid(path, message)));
    }
    let action = actions.into_iter().flatten().next();
    keys.finish(|| action.unwrap_or(Action::Accept))
}

const ACTIONS: [&str; 5] = ["restrict", "skill", "assignments", "overlap", "flag"];

fn hours(keys: &mut Keys) -> Option<f64> {
    let hours = keys.number("hours")?;
    if hours <= 0.0 || hours > MOST_HOURS {
        keys.error("hours", format!("must be above 0 and at most {MOST_HOURS}"));
    }
    Some(hours)
}

fn skill(keys: &mut Keys, collector: Collector) -> Option<Action> {
    let name = keys.text("skill");
    let value = match keys.get("value") {
        None => None,
        Some(Value::String(word)) if word == "rate" && collector.has_rate() => {
            Some(SkillValue::Rate)
        }
        Some(given) => {
            let number = given.as_f64().filter(|number| (0.0..=100.0).contains(number));
            if number.is_none() {
                let rate = if collector.has_rate() { " or \"rate\"" } else { "" };
                let message = format!("must be a number from 0 to 100{rate}, not {}", shown(given));
                keys.error("value", message);
            }
            number.map(SkillValue::Number)
        }
    };
    if name.is_some() != keys.get("value").is_some() {
        keys.error("value", "and `skill` belong together: a skill and what it becomes");
    }
    let name = name?;
    let checked = check_name(&keys.path_of("skill"), &name);
    keys.part(checked)?;
    Some(Action::Skill { name, value: value? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(given: &Value) -> Result<Vec<Rule>, String> {
        rules("rules", given).map_err(|error| error.to_string())
    }

    #[test]
    fn a_rule_is_read_with_all_its_parts() {
        let given = json!([{
            "collector": "gold", "last": 10, "when": {"count": ">= 3", "rate": ["<60", "> 10.5"]},
            "action": {"restrict": "batch", "hours": 24},
        }]);
        let condition = |metric, comparator, number| Condition { metric, comparator, number };
        let read = read(&given).expect("valid");
        let expected = Rule {
            collector: Collector::Gold,
            last: Some(10),
            when: vec![
                condition(Metric::Count, Comparator::AtLeast, 3.0),
                condition(Metric::Rate, Comparator::Less, 60.0),
                condition(Metric::Rate, Comparator::More, 10.5),
            ],
            action: Action::Restrict { scope: Scope::Batch, hours: Some(24.0) },
            mark: read[0].mark,
        };
        assert_eq!(read, [expected]);
    }

    #[test]
    fn every_collector_and_every_action_is_read() {
        let rule = |collector: Value, metric: &str, action: Value| {
            let mut rule = collector;
            rule["when"] = json!({metric: "> 0"});
            rule["action"] = action;
            read(&json!([rule])).map(|rules| (rules[0].collector, rules[0].action.clone()))
        };
        let flag = || Action::Flag("look".into());
        for (given, metric, collector) in [
            (json!({"collector": "agreement"}), "rate", Collector::Agreement),
            (
                json!({"collector": "acceptance"}),
                "rate",
                Collector::Acceptance { of: Scope::Project },
            ),
            (
                json!({"collector": "speed", "faster_than": 2.5}),
                "fast",
                Collector::Speed { faster_than: 2.5 },
            ),
            (json!({"collector": "skipped"}), "in_a_row", Collector::Skipped),
            (json!({"collector": "returned"}), "in_a_row", Collector::Returned),
            (json!({"collector": "answers"}), "count", Collector::Answers),
            (json!({"collector": "income"}), "amount", Collector::Income),
            (json!({"collector": "behavior"}), "pastes", Collector::Behavior),
            (json!({"collector": "duplicates"}), "duplicates", Collector::Duplicates),
        ] {
            assert_eq!(rule(given, metric, json!({"flag": "look"})), Ok((collector, flag())));
        }
        let skill = |value| Action::Skill { name: "quality".into(), value };
        for (given, action) in [
            (
                json!({"restrict": "workspace"}),
                Action::Restrict { scope: Scope::Workspace, hours: None },
            ),
            (json!({"skill": "quality", "value": "rate"}), skill(SkillValue::Rate)),
            (json!({"skill": "quality", "value": 70}), skill(SkillValue::Number(70.0))),
            (json!({"assignments": "accept"}), Action::Accept),
            (json!({"assignments": "reject"}), Action::Reject),
            (json!({"overlap": 2}), Action::Overlap(2)),
        ] {
            let read = rule(json!({"collector": "gold"}), "missed", given);
            assert_eq!(read, Ok((Collector::Gold, action)));
        }
    }

    #[test]
    fn mistakes_name_their_place() {
        let with = |key: &str, value: Value| {
            let mut rule =
                json!({"collector": "gold", "when": {"rate": "< 60"}, "action": {"flag": "x"}});
            rule[key] = value;
            json!([rule])
        };
        for (given, told) in [
            (json!({}), "rules: must be a list"),
            (
                with("collector", json!("golf")),
                "rules[0].collector: `golf` is no collector; did you mean `gold`?",
            ),
            (
                with("collector", json!("behaviour")),
                "rules[0].collector: `behaviour` is no collector; did you mean `behavior`?",
            ),
            (
                with("collector", json!("speed")),
                "rules[0].faster_than: must be a number of seconds",
            ),
            (with("faster_than", json!(3)), "rules[0].faster_than: must be a number of seconds"),
            (with("wen", json!({})), "rules[0].wen: unknown key; did you mean `when`?"),
            (
                with("when", json!({})),
                "rules[0].when: must have at least one condition, on count, right, missed, rate",
            ),
            (
                with("when", json!({"rat": "< 60"})),
                "rules[0].when.rat: unknown key; did you mean `rate`?",
            ),
            (with("when", json!({"rate": "60"})), "rules[0].when.rate: must be a comparator"),
            (with("when", json!({"rate": "=< 60"})), "rules[0].when.rate: must be a comparator"),
            (with("when", json!({"rate": "< many"})), "rules[0].when.rate: must be a comparator"),
            (
                with("action", json!({"flag": "x", "overlap": 1})),
                "rules[0].action: must have exactly one of",
            ),
            (
                with("action", json!({"overlap": 1001})),
                "rules[0].action.overlap: must be a whole number from 1 to 1000",
            ),
            (
                with("action", json!({"flag": "x", "hours": 3})),
                "rules[0].action.hours: is for `restrict` only",
            ),
            (
                with("action", json!({"skill": "quality"})),
                "rules[0].action.value: and `skill` belong together",
            ),
            (
                with("action", json!({"skill": "quality", "value": 101})),
                "rules[0].action.value: must be a number from 0 to 100 or \"rate\"",
            ),
            (
                with("action", json!({"restrict": "town"})),
                "rules[0].action.restrict: must be one of batch, project, workspace",
            ),
            (with("last", json!(0)), "rules[0].last: must be a whole number"),
        ] {
            let found = read(&given).expect_err("is wrong");
            assert!(found.starts_with(told), "{given}: {found}");
        }
        let income = json!([{"collector": "income", "last": 3, "when": {"amount": "> 1"}, "action": {"skill": "rich", "value": "rate"}}]);
        let found = read(&income).expect_err("is wrong");
        assert!(found.contains("rules[0].last: means nothing to the collector income"), "{found}");
        assert!(
            found.contains("rules[0].action.value: must be a number from 0 to 100, not"),
            "{found}"
        );
    }

    #[test]
    fn comparators_compare_quotients_with_whole_numbers() {
        let rate = 100.0 * (3.0 / 5.0);
        let holds = |text: &str| {
            let (comparator, number) = comparison(&json!(text)).expect("a comparison");
            comparator.holds(rate, number)
        };
        assert!(["<= 60", ">= 60", "= 60", "!= 61", "< 60.5", ">59"].into_iter().all(holds));
        assert!(!["< 60", "> 60", "!= 60", "= 61", "<= 59", ">= 61"].into_iter().any(holds));
    }

    #[test]
    fn a_rule_keeps_its_mark_where_it_moves() {
        let rule = |number: i64| json!({"collector": "gold", "when": {"count": format!("> {number}")}, "action": {"flag": "x"}});
        let (one, two) = (read(&json!([rule(1), rule(2)])), read(&json!([rule(2)])));
        let (one, two) = (one.expect("valid"), two.expect("valid"));
        assert_eq!(one[1].mark, two[0].mark);
        assert_ne!(one[0].mark, one[1].mark);
    }
}
