//! Who may work on a batch: requirements on skills. A worker must meet all of them to get tasks; what a worker holds may be
//! finished.
//!
//! A worker without a skill meets only `does not exist` on it: no number is below, above, equal or unequal to none.

use std::collections::BTreeMap;

use serde_json::Value;

use super::rules::{Comparator, comparison};
use crate::error::Result;
use crate::project::check_name;
use crate::project::keys::{Keys, shown};

/// Numbers in one list at most.
const MOST_NUMBERS: usize = 100;
const SPELLING: &str = "must be a comparator (<, <=, >, >=, =, !=) and a number, such as \">= 80\"; \"in\" or \"not in\" and \
                        numbers, such as \"in 1, 2\"; \"exists\"; or \"does not exist\"";

/// What is asked of workers; nothing where empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Audience(Vec<Requirement>);

#[derive(Clone, Debug, PartialEq)]
struct Requirement {
    skill: String,
    wanted: Wanted,
}

#[derive(Clone, Debug, PartialEq)]
enum Wanted {
    Compared(Comparator, f64),
    In(Vec<f64>),
    NotIn(Vec<f64>),
    Exists,
    DoesNotExist,
}

impl Audience {
    pub fn is_open(&self) -> bool {
        self.0.is_empty()
    }

    /// Why a worker with these skills gets no tasks, in a sentence to the worker; `None` who belongs to the audience.
    pub(crate) fn why_not(&self, skills: &BTreeMap<String, f64>) -> Option<String> {
        let unmet = self.0.iter().find_map(|requirement| {
            let value = skills.get(&requirement.skill).copied();
            (!requirement.wanted.is_met(value)).then_some((requirement, value))
        });
        unmet.map(|(requirement, value)| requirement.sentence(value))
    }
}

impl Wanted {
    fn is_met(&self, value: Option<f64>) -> bool {
        let among = |numbers: &[f64], value: f64| {
            numbers.iter().any(|number| Comparator::Equal.holds(value, *number))
        };
        match (self, value) {
            (Self::DoesNotExist, value) => value.is_none(),
            (_, None) => false,
            (Self::Exists, Some(_)) => true,
            (Self::Compared(comparator, number), Some(value)) => comparator.holds(value, *number),
            (Self::In(numbers), Some(value)) => among(numbers, value),
            (Self::NotIn(numbers), Some(value)) => !among(numbers, value),
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Compared(comparator, number) => {
                let words = match comparator {
                    Comparator::Less => "below",
                    Comparator::AtMost => "at most",
                    Comparator::More => "above",
                    Comparator::AtLeast => "at least",
                    Comparator::Equal => "exactly",
                    Comparator::Unequal => "other than",
                };
                format!("{words} {number}")
            }
            Self::In(numbers) => format!("one of {}", listed(numbers)),
            Self::NotIn(numbers) => format!("none of {}", listed(numbers)),
            Self::Exists | Self::DoesNotExist => String::new(),
        }
    }
}

fn listed(numbers: &[f64]) -> String {
    numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(", ")
}

impl Requirement {
    fn sentence(&self, value: Option<f64>) -> String {
        let skill = &self.skill;
        match (&self.wanted, value) {
            (Wanted::DoesNotExist, _) => {
                format!("This work is not for those who have the skill `{skill}`.")
            }
            (Wanted::Exists, _) => {
                format!(
                    "This work is for those who have the skill `{skill}`; you do not have it yet."
                )
            }
            (wanted, None) => {
                let words = wanted.words();
                format!(
                    "This work asks for the skill `{skill}` to be {words}; you do not have it yet."
                )
            }
            (wanted, Some(value)) => {
                let words = wanted.words();
                format!("This work asks for the skill `{skill}` to be {words}; yours is {value}.")
            }
        }
    }
}

pub(super) fn audience(path: &str, value: &Value) -> Result<Audience> {
    let mut keys = Keys::of(path, value)?;
    let mut requirements = Vec::new();
    for (skill, given) in keys.entries() {
        keys.part(check_name(&keys.path_of(skill), skill));
        let several = given.as_array().map_or(std::slice::from_ref(given), Vec::as_slice);
        for one in several {
            match wanted(one) {
                Some(wanted) => requirements.push(Requirement { skill: skill.to_owned(), wanted }),
                None => keys.error(skill, format!("{SPELLING}; not {}", shown(one))),
            }
        }
    }
    keys.finish_free(|| Audience(requirements))
}

fn wanted(value: &Value) -> Option<Wanted> {
    let text = value.as_str()?.trim();
    if let Some((comparator, number)) = comparison(value) {
        return Some(Wanted::Compared(comparator, number));
    }
    match text {
        "exists" => return Some(Wanted::Exists),
        "does not exist" => return Some(Wanted::DoesNotExist),
        _ => {}
    }
    match (text.strip_prefix("not in "), text.strip_prefix("in ")) {
        (Some(list), _) => numbers(list).map(Wanted::NotIn),
        (None, Some(list)) => numbers(list).map(Wanted::In),
        (None, None) => None,
    }
}

fn numbers(list: &str) -> Option<Vec<f64>> {
    let number = |text: &str| text.trim().parse().ok().filter(|number: &f64| number.is_finite());
    let numbers: Vec<f64> = list.split(',').map(number).collect::<Option<_>>()?;
    (numbers.len() <= MOST_NUMBERS).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn met(wanted: &str, value: Option<f64>) -> bool {
        let audience = audience("audience", &json!({ "english": wanted })).expect("valid");
        let skills = value.map(|value| ("english".to_owned(), value)).into_iter().collect();
        audience.why_not(&skills).is_none()
    }

    #[test]
    fn every_comparator_decides() {
        for (wanted, met_by, not_by) in [
            ("< 80", [79.9, 0.0], [80.0, 81.0]),
            ("<= 80", [80.0, 0.0], [80.1, 100.0]),
            ("> 80", [80.1, 100.0], [80.0, 0.0]),
            (">= 80", [80.0, 100.0], [79.9, 0.0]),
            ("= 80", [80.0, 80.0], [79.0, 81.0]),
            ("!= 80", [79.0, 81.0], [80.0, 80.0]),
            ("in 1, 2", [1.0, 2.0], [0.0, 3.0]),
            ("not in 1,2", [0.0, 3.0], [1.0, 2.0]),
        ] {
            assert!(met_by.iter().all(|value| met(wanted, Some(*value))), "{wanted}");
            assert!(not_by.iter().all(|value| !met(wanted, Some(*value))), "{wanted}");
            assert!(!met(wanted, None), "{wanted}: no skill meets no comparison");
        }
        assert!(met("exists", Some(0.0)) && !met("exists", None));
        assert!(met("does not exist", None) && !met("does not exist", Some(0.0)));
    }

    #[test]
    fn the_sentence_names_the_first_requirement_that_is_not_met() {
        let given =
            json!({"english": [">= 50", "< 90"], "spam": "does not exist", "team": "in 1, 2"});
        let audience = audience("audience", &given).expect("valid");
        let told = |skills: &[(&str, f64)]| {
            audience
                .why_not(&skills.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect())
        };
        assert_eq!(told(&[("english", 60.0), ("team", 2.0)]), None);
        assert_eq!(
            told(&[("english", 95.0), ("team", 2.0)]).as_deref(),
            Some("This work asks for the skill `english` to be below 90; yours is 95.")
        );
        assert_eq!(
            told(&[]).as_deref(),
            Some(
                "This work asks for the skill `english` to be at least 50; you do not have it yet."
            )
        );
        assert_eq!(
            told(&[("english", 60.0), ("spam", 0.0)]).as_deref(),
            Some("This work is not for those who have the skill `spam`.")
        );
    }

    #[test]
    fn mistakes_name_the_skill() {
        for wrong in [">= high", "in", "in one, two", "=> 3", "", "not exists"] {
            let error =
                audience("batch.audience", &json!({ "english": wrong })).expect_err("wrong");
            assert!(error.to_string().starts_with("batch.audience.english: must be"), "{error}");
        }
        let error = audience("batch.audience", &json!({"a b": "exists"})).expect_err("wrong");
        assert!(error.to_string().starts_with("batch.audience.a b: "), "{error}");
        assert!(audience("batch.audience", &json!(["english"])).is_err());
    }
}
