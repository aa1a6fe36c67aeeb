//! Consistency and uncertainty of answers, given each worker's skill.

use crate::error::Error;
use crate::judgments::Judgments;

/// The posterior probability of a given label of each task, from workers who are right with probability `skill`
/// and wrong in every other way equally often: `Π_w p(y_w | z) / Σ_k Π_w p(y_w | k)`.
///
/// `labels` holds one label code a task, `skills` one number in 0..=1 a worker. A task without judgments has all
/// labels equal; where every label is impossible the consistency is 0.
///
/// # Errors
/// [`Error::Shape`] if `labels` or `skills` have the wrong length, [`Error::OutOfRange`] for an unknown label.
pub fn consistency(
    judgments: &Judgments,
    skills: &[f64],
    labels: &[u16],
) -> Result<Vec<f64>, Error> {
    check_skills(judgments, skills)?;
    if labels.len() != judgments.tasks() {
        let (expected, found) = (judgments.tasks(), labels.len());
        return Err(Error::Shape { what: "labels", expected, found });
    }
    let classes = judgments.classes();
    let mut consistencies = Vec::with_capacity(labels.len());
    for (task, &label) in labels.iter().enumerate() {
        if usize::from(label) >= classes {
            let (code, count) = (u64::from(label), classes);
            return Err(Error::OutOfRange { row: task, column: "label", code, count });
        }
        let mut products = vec![1.0; classes];
        for (worker, answer) in judgments.task(task) {
            for (class, product) in products.iter_mut().enumerate() {
                *product *= probability(skills[worker], answer == class, classes);
            }
        }
        let total: f64 = products.iter().sum();
        consistencies.push(if total > 0.0 { products[usize::from(label)] / total } else { 0.0 });
    }
    Ok(consistencies)
}

/// The entropy (natural log) of the answers in each group, every answer spread over the labels by its worker's
/// skill. A group is a task, a worker or anything else that `group` says of the judgments sorted by task.
///
/// # Errors
/// [`Error::Shape`] if `group` or `skills` have the wrong length, [`Error::OutOfRange`] for a group that is not
/// smaller than `groups`.
pub fn uncertainty(
    judgments: &Judgments,
    skills: &[f64],
    group: &[u32],
    groups: usize,
) -> Result<Vec<f64>, Error> {
    check_skills(judgments, skills)?;
    if group.len() != judgments.len() {
        let (expected, found) = (judgments.len(), group.len());
        return Err(Error::Shape { what: "group", expected, found });
    }
    let classes = judgments.classes();
    let mut sums = vec![vec![Compensated::default(); classes]; groups];
    let answers = judgments.worker_codes().iter().zip(judgments.label_codes());
    for (row, ((&worker, &answer), &group)) in answers.zip(group).enumerate() {
        let Some(sums) = sums.get_mut(group as usize) else {
            let code = u64::from(group);
            return Err(Error::OutOfRange { row, column: "group", code, count: groups });
        };
        for (class, sum) in sums.iter_mut().enumerate() {
            let right = usize::from(answer) == class;
            sum.add(probability(skills[worker as usize], right, classes));
        }
    }
    Ok(sums.iter().map(|sums| entropy(sums)).collect())
}

fn check_skills(judgments: &Judgments, skills: &[f64]) -> Result<(), Error> {
    if skills.len() != judgments.workers() {
        let (expected, found) = (judgments.workers(), skills.len());
        return Err(Error::Shape { what: "skills", expected, found });
    }
    match skills.iter().position(|skill| !skill.is_finite()) {
        Some(row) => Err(Error::NotFinite { row, column: "skill", value: skills[row] }),
        None => Ok(()),
    }
}

fn probability(skill: f64, right: bool, classes: usize) -> f64 {
    if right { skill } else { (1.0 - skill) / (classes - 1) as f64 }
}

fn entropy(sums: &[Compensated]) -> f64 {
    let total: f64 = sums.iter().map(|sum| sum.value).sum();
    let term = |sum: &Compensated| {
        let share = sum.value / total;
        if share > 0.0 { -share * share.ln() } else { 0.0 }
    };
    if total > 0.0 { sums.iter().map(term).sum() } else { 0.0 }
}

/// A sum that carries its rounding error along (Kahan), so that the order of judgments hardly matters.
#[derive(Debug, Clone, Copy, Default)]
struct Compensated {
    value: f64,
    lost: f64,
}

impl Compensated {
    fn add(&mut self, term: f64) {
        let term = term - self.lost;
        let next = self.value + term;
        self.lost = next - self.value - term;
        self.value = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judgments::{Columns, Duplicates};

    fn judgments() -> Judgments {
        let columns = Columns {
            tasks: 2,
            workers: 3,
            classes: 2,
            task: vec![0, 0, 0, 1, 1],
            worker: vec![0, 1, 2, 0, 1],
            label: vec![0, 0, 1, 1, 0],
        };
        Judgments::new(columns, Duplicates::Refuse).unwrap()
    }

    #[test]
    fn consistency_is_the_posterior_of_the_label() {
        let values = consistency(&judgments(), &[0.9, 0.8, 0.6], &[0, 1]).unwrap();
        let first = 0.9 * 0.8 * 0.4 / (0.9 * 0.8 * 0.4 + 0.1 * 0.2 * 0.6);
        let second = 0.9 * 0.2 / (0.9 * 0.2 + 0.1 * 0.8);
        assert!((values[0] - first).abs() < 1e-15 && (values[1] - second).abs() < 1e-15);
        // Two infallible workers who contradict each other leave no possible label.
        let impossible = consistency(&judgments(), &[1.0, 1.0, 0.5], &[0, 1]).unwrap()[1];
        assert!(impossible.abs() < 1e-300);
    }

    #[test]
    fn uncertainty_is_the_entropy_of_the_votes() {
        let values = uncertainty(&judgments(), &[1.0; 3], &[0, 0, 0, 1, 1], 3).unwrap();
        let two_of_three =
            -(2.0f64 / 3.0) * (2.0f64 / 3.0).ln() - (1.0f64 / 3.0) * (1.0f64 / 3.0).ln();
        assert!((values[0] - two_of_three).abs() < 1e-12);
        assert!((values[1] - 2.0f64.ln()).abs() < 1e-12);
        assert!(values[2].abs() < 1e-300);
    }

    #[test]
    fn refuses_what_does_not_belong() {
        let error = consistency(&judgments(), &[1.0; 2], &[0, 1]).unwrap_err();
        assert_eq!(error.to_string(), "`skills` has 2 entries, expected 3");
        let error = uncertainty(&judgments(), &[1.0; 3], &[0, 0, 0, 1, 9], 3).unwrap_err();
        assert_eq!(error.to_string(), "row 4: group code 9 is out of range, there are 3");
    }
}
