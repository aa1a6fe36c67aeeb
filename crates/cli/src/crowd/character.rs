//! What a simulated worker is like, and how that shows in the answers.

use crowdsmith_platform::project::{Choice, OutputField, OutputType, Statement};
use fastrand::Rng;
use serde_json::Value;

/// Kinds of people: share of the crowd, probability of a right answer, seconds for one answer.
const KINDS: [(f64, f64, f64); 4] = [
    (0.35, 0.94, 7.0), // careful
    (0.40, 0.83, 5.0), // ordinary
    (0.15, 0.62, 3.5), // careless
    (0.10, 0.0, 2.5),  // clicks at random
];

#[derive(Debug)]
pub(super) struct Character {
    /// Probability that an answer is the right one; otherwise it is any answer.
    skill: f64,
    seconds: f64,
    rng: Rng,
}

const REMARKS: [&str; 5] = [
    "Say more about the size.",
    "A picture would help.",
    "Nothing to add.",
    "I would shorten the second sentence.",
    "Tell what it costs to repair.",
];

impl Character {
    /// The character of one member of a crowd, so that a crowd of any size has each kind in its share.
    pub(super) fn of_member(number: usize, crowd: usize, mut rng: Rng) -> Self {
        let place = (number as f64 + 0.5) / crowd as f64;
        let mut below = 0.0;
        let kind = KINDS.iter().find(|(share, ..)| {
            below += share;
            place < below
        });
        let (_, skill, seconds) = *kind.unwrap_or(&KINDS[1]);
        let skill = (skill + 0.06 * (rng.f64() - 0.5)).clamp(0.0, 0.99);
        Self { skill, seconds: seconds * (0.7 + 0.6 * rng.f64()), rng }
    }

    /// How long a task of so many questions takes: around the usual, seldom much longer.
    pub(super) fn thinking_seconds(&mut self, questions: usize) -> f64 {
        let pause = if self.rng.f64() < 0.03 { 4.0 } else { 1.0 };
        self.seconds * questions as f64 * pause * (0.5 + self.rng.f64())
    }

    /// Whether the worker gives a suite back: seldom.
    pub(super) fn gives_up(&mut self) -> bool {
        self.rng.f64() < 0.01
    }

    /// An answer to a field; `None` leaves an optional one out.
    pub(super) fn answer(&mut self, field: &OutputField, truth: Option<&Value>) -> Option<Value> {
        if !field.required && self.rng.f64() < 0.4 {
            return None;
        }
        let right = self.rng.f64() < self.skill;
        match (&field.kind, truth) {
            (OutputType::Number { .. }, Some(truth)) => {
                Some(self.near(field, truth.as_f64()?, right))
            }
            (OutputType::Rating { min, max, .. }, Some(truth)) if right => {
                let step = self.rng.i64(-1..=1);
                Some((truth.as_i64()? + step).clamp(*min, *max).into())
            }
            (_, Some(truth)) if right => Some(truth.clone()),
            _ => self.any(field),
        }
    }

    /// A number around the right one, nearer for the skilled.
    fn near(&mut self, field: &OutputField, truth: f64, right: bool) -> Value {
        let OutputType::Number { min, max, integer, .. } = &field.kind else { return truth.into() };
        let spread = if right { 0.15 } else { 0.8 };
        let number = truth * (1.0 + spread * (2.0 * self.rng.f64() - 1.0));
        let number = number.clamp(min.unwrap_or(f64::MIN), max.unwrap_or(f64::MAX));
        if *integer { (number.round() as i64).into() } else { number.round().into() }
    }

    /// Any valid answer; `None` to what is asked about something that a simulated worker cannot see or hear.
    fn any(&mut self, field: &OutputField) -> Option<Value> {
        Some(match &field.kind {
            OutputType::Choice { options } => self.option(options)?,
            OutputType::Choices { options, min, max } => {
                let most = max.unwrap_or(options.len() as i64).max(*min).max(1);
                let count = self.rng.i64((*min).max(1)..=most) as usize;
                let values = options.iter().map(|option| option.value.as_str());
                values
                    .enumerate()
                    .filter(|(place, _)| *place < count)
                    .map(|(_, value)| value)
                    .collect()
            }
            OutputType::Number { min, max, integer, .. } => {
                let (low, high) = (min.unwrap_or(0.0), max.unwrap_or(100.0));
                let number = low + (high - low) * self.rng.f64();
                if *integer { (number.round() as i64).into() } else { number.round().into() }
            }
            OutputType::Rating { min, max, .. } => self.rng.i64(*min..=*max).into(),
            OutputType::Text { .. } => REMARKS[self.rng.usize(..REMARKS.len())].into(),
            OutputType::Comparison(comparison) => (*self.one(comparison.sides())?).into(),
            OutputType::Ranking(ranking) => {
                let mut items = ranking.items.clone()?;
                self.rng.shuffle(&mut items);
                items.into()
            }
            OutputType::Taxonomy(taxonomy) if !taxonomy.multiple && !taxonomy.leaves_only => {
                self.one(taxonomy.nodes.as_ref()?)?.id.as_str().into()
            }
            OutputType::Likert(likert) => {
                let points = likert.scale.as_ref()?.len();
                let statements = likert.statements.as_ref()?.iter();
                let answer =
                    |one: &Statement| (one.id.clone(), (self.rng.usize(..points) + 1).into());
                Value::Object(statements.map(answer).collect())
            }
            OutputType::Consent(_) => true.into(),
            _ => return None,
        })
    }

    fn option(&mut self, options: &[Choice]) -> Option<Value> {
        Some(self.one(options)?.value.as_str().into())
    }

    fn one<'o, T>(&mut self, of: &'o [T]) -> Option<&'o T> {
        (!of.is_empty()).then(|| &of[self.rng.usize(..of.len())])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crowdsmith_platform::project::Question;
    use serde_json::json;

    #[test]
    fn answers_are_valid_and_skill_shows() {
        let question = json!({"title": "T", "input": {}, "output": {
            "a": {"type": "choice", "options": ["x", "y", "z"]}, "b": {"type": "choices", "options": ["x", "y"], "max": 1},
            "c": {"type": "number", "min": 0, "max": 10, "integer": true}, "d": {"type": "rating"}, "e": {"type": "text"},
        }});
        let question = Question::read(&question).expect("valid");
        let truth = json!({"a": "y", "b": ["y"], "c": 5, "d": 5, "e": "so"});
        let mut right = [0, 0];
        for (place, member) in [0, 99].into_iter().enumerate() {
            let mut character = Character::of_member(member, 100, Rng::with_seed(7));
            for _ in 0..300 {
                for (name, field) in &question.output {
                    for known in [Some(&truth[name]), None] {
                        let answer = character.answer(field, known).expect("a required field");
                        assert_eq!(field.check(&answer), Ok(()), "{name}: {answer}");
                    }
                }
                right[place] += i32::from(
                    character.answer(&question.output["a"], Some(&truth["a"])) == Some(json!("y")),
                );
            }
        }
        assert!(right[0] > 260 && right[1] < 150, "{right:?}");
    }
}
