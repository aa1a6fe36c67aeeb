//! Several labels a task at once.

use rayon::prelude::*;

use crate::error::Error;
use crate::fit::{Estimator, Fit};
use crate::judgments::{Columns, Duplicates, Judgments};

/// Judgments that name any number of labels each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelSets {
    /// Number of tasks.
    pub tasks: usize,
    /// Number of workers.
    pub workers: usize,
    /// Number of labels; codes are `0..labels`.
    pub labels: usize,
    /// Task code of each judgment.
    pub task: Vec<u32>,
    /// Worker code of each judgment.
    pub worker: Vec<u32>,
    /// The labels of each judgment, in any order; empty means that none applies.
    pub set: Vec<Vec<u16>>,
}

/// Binary relevance: one yes-or-no question a label, each answered by a method for two classes.
///
/// A worker who judged a task and did not name a label has answered no for it. Labels are inferred independently of
/// each other; the questions are spread over the threads.
///
/// # Example: two labels by majority
/// ```
/// use crowdsmith_truth::categorical::MajorityVote;
/// use crowdsmith_truth::multilabel::{BinaryRelevance, LabelSets};
///
/// let sets = LabelSets {
///     tasks: 1,
///     workers: 3,
///     labels: 2,
///     task: vec![0, 0, 0],
///     worker: vec![0, 1, 2],
///     set: vec![vec![0, 1], vec![0], vec![]],
/// };
/// let fit = BinaryRelevance { base: MajorityVote::default() }.fit(&sets)?;
/// assert_eq!(fit.labels, [vec![0]]);
/// # Ok::<(), crowdsmith_truth::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BinaryRelevance<E> {
    /// The method for each question; class 1 is yes.
    pub base: E,
}

/// The answers to all questions.
#[derive(Debug, Clone, PartialEq)]
pub struct MultilabelFit {
    /// The fit of each label's question; class 1 is yes.
    pub questions: Vec<Fit>,
    /// Labels of each task whose probability exceeds ½, ascending.
    pub labels: Vec<Vec<u16>>,
}

impl<E: Estimator + Sync> BinaryRelevance<E> {
    /// Answers the question of every label.
    ///
    /// # Errors
    /// Columns of unequal length, a code out of range, a worker who judged a task twice; what `base` refuses.
    pub fn fit(&self, sets: &LabelSets) -> Result<MultilabelFit, Error> {
        let found = sets.set.len();
        if found != sets.task.len() {
            return Err(Error::ColumnLength { column: "set", expected: sets.task.len(), found });
        }
        for (row, &label) in sets
            .set
            .iter()
            .enumerate()
            .flat_map(|(row, set)| set.iter().map(move |label| (row, label)))
        {
            if usize::from(label) >= sets.labels {
                let (column, code) = ("label", u64::from(label));
                return Err(Error::OutOfRange { row, column, code, count: sets.labels });
            }
        }
        let questions: Vec<Fit> = (0..sets.labels)
            .into_par_iter()
            .map(|label| self.base.fit(&question(sets, label)?))
            .collect::<Result<_, _>>()?;
        let chosen = |task: usize| {
            let yes = |label: &usize| questions[*label].posterior.row(task)[1] > 0.5;
            (0..sets.labels).filter(yes).map(|label| label as u16).collect()
        };
        let labels = (0..sets.tasks).map(chosen).collect();
        Ok(MultilabelFit { questions, labels })
    }
}

fn question(sets: &LabelSets, label: usize) -> Result<Judgments, Error> {
    let answers =
        sets.set.iter().map(|set| u16::from(set.iter().any(|&given| usize::from(given) == label)));
    let columns = Columns {
        tasks: sets.tasks,
        workers: sets.workers,
        classes: 2,
        task: sets.task.clone(),
        worker: sets.worker.clone(),
        label: answers.collect(),
    };
    Judgments::new(columns, Duplicates::Refuse)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auto::Auto;

    fn sets() -> LabelSets {
        LabelSets {
            tasks: 2,
            workers: 3,
            labels: 3,
            task: vec![0, 0, 0, 1, 1, 1],
            worker: vec![0, 1, 2, 0, 1, 2],
            set: vec![vec![0, 2], vec![2, 0], vec![1], vec![], vec![1], vec![]],
        }
    }

    #[test]
    fn each_label_is_its_own_question() {
        let fit = BinaryRelevance { base: Auto::default() }.fit(&sets()).unwrap();
        assert_eq!(fit.labels, [vec![0, 2], vec![]]);
        assert_eq!(fit.questions.len(), 3);
    }

    #[test]
    fn bad_columns_are_refused_with_the_row() {
        let base = BinaryRelevance { base: Auto::default() };
        let mut wrong = sets();
        wrong.set[4] = vec![3];
        assert_eq!(
            base.fit(&wrong).unwrap_err(),
            Error::OutOfRange { row: 4, column: "label", code: 3, count: 3 }
        );
        let mut short = sets();
        short.set.pop();
        assert!(base.fit(&short).is_err());
        assert_eq!(base.fit(&LabelSets::default()).unwrap().labels, Vec::<Vec<u16>>::new());
    }
}
