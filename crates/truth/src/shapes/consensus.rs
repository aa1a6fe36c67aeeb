//! Objects from the drawings of many workers.

use rayon::prelude::*;

use super::drawings::{Drawings, Looks};
use super::existence::{Candidate, Existence, estimate};
use super::figures::Shape;
use super::matching::{Group, Sheet, group};
use crate::error::{Error, check_parameter};
use crate::fit::Convergence;

/// Finds the objects behind the drawings.
///
/// Drawings are matched across workers by maximal total similarity (Hungarian method) where it reaches the
/// threshold; an object's shape is the consensus of its drawings, weighted by the workers' precision; whether it is
/// there at all follows from who marked it and who looked and did not, by each worker's recall and rate of false
/// marks. Matching, shapes and weights are repeated `rounds` times. Time per picture is cubic in its objects.
///
/// Related: Branson, Van Horn & Perona 2017, "Lean Crowdsourcing", doi:10.1109/CVPR.2017.648; the existence model
/// is Dawid & Skene's, doi:10.2307/2346806, for candidates that somebody marked.
///
/// ```
/// use crowdsmith_truth::shapes::{BoundingBox, Drawings, ObjectConsensus};
///
/// let square = |left| BoundingBox { left, top: 0.0, width: 10.0, height: 10.0 };
/// let drawings = Drawings {
///     tasks: 1,
///     workers: 3,
///     looked: Vec::new(),
///     task: vec![0; 4],
///     worker: vec![0, 1, 2, 2],
///     label: vec![0; 4],
///     shape: vec![square(0.0), square(1.0), square(2.0), square(50.0)],
/// };
/// let fit = ObjectConsensus::default().fit(&drawings)?;
/// assert_eq!(fit.objects.len(), 2);
/// assert!((fit.objects[0].shape.left - 1.0).abs() < 0.5);
/// assert!(fit.objects[0].probability > 0.9 && fit.objects[1].probability < 0.5);
/// # Ok::<(), crowdsmith_truth::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectConsensus {
    /// Least similarity of a drawing to an object that it may belong to, above 0 and at most 1.
    pub threshold: f64,
    /// Rounds of matching and weighing, at least 1.
    pub rounds: usize,
    /// How many drawings of an ordinary worker every worker's precision starts with; above 0.
    pub pooling: f64,
}

/// An object that somebody marked.
#[derive(Debug, Clone, PartialEq)]
pub struct Object<S> {
    /// The picture it is on.
    pub task: u32,
    /// What it looks like.
    pub shape: S,
    /// What it is: the label with most weight of its drawings.
    pub label: u32,
    /// Share of the drawings' weight behind that label, 0..=1.
    pub label_share: f64,
    /// Probability that it is there, 0..=1.
    pub probability: f64,
    /// Mean similarity of its drawings to the shape, 0..=1.
    pub agreement: f64,
    /// The rows of its drawings.
    pub drawings: Vec<usize>,
}

/// All objects, by task, and what was learned of the workers.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectFit<S> {
    /// Objects by ascending task.
    pub objects: Vec<Object<S>>,
    /// The object of each drawing, as an index into `objects`.
    pub object_of: Vec<usize>,
    /// Probability that a worker marks an object that is there.
    pub recall: Vec<f64>,
    /// Probability that a worker marks a candidate that is none.
    pub false_marks: Vec<f64>,
    /// Root mean square of `1 - similarity` of a worker's drawings to their objects; of the crowd for one without.
    pub imprecision: Vec<f64>,
    /// How the existence model ended.
    pub convergence: Convergence,
}

impl Default for ObjectConsensus {
    fn default() -> Self {
        Self { threshold: 0.4, rounds: 3, pooling: 10.0 }
    }
}

impl ObjectConsensus {
    /// Finds the objects.
    ///
    /// # Errors
    /// Columns of different length, a code out of range, a coordinate that is not finite, a parameter out of range.
    pub fn fit<S: Shape>(&self, drawings: &Drawings<S>) -> Result<ObjectFit<S>, Error> {
        let valid = self.threshold > 0.0 && self.threshold <= 1.0;
        check_parameter("threshold", self.threshold, valid, "above 0 and at most 1")?;
        check_parameter("pooling", self.pooling, self.pooling > 0.0, "above 0")?;
        drawings.check()?;
        let by_task = drawings.by_task();
        let mut imprecision = vec![1.0; drawings.workers];
        let mut groups = Vec::new();
        for _ in 0..self.rounds.max(1) {
            groups = (by_task.par_iter())
                .map(|sheets| self.group_task(drawings, sheets, &imprecision))
                .collect();
            imprecision = self.imprecision(drawings, &by_task, &groups);
        }
        Ok(assemble(drawings, &by_task, groups, imprecision))
    }

    fn group_task<S: Shape>(
        &self,
        drawings: &Drawings<S>,
        sheets: &[Looks],
        imprecision: &[f64],
    ) -> Vec<Group<S>> {
        let sheet = |(worker, rows): &Looks| Sheet {
            weight: imprecision[*worker].powi(-2),
            drawings: rows.iter().map(|&row| (row, &drawings.shape[row])).collect(),
        };
        let sheets: Vec<Sheet<'_, S>> = sheets.iter().map(sheet).collect();
        group(&sheets, self.threshold, 5)
    }

    /// Root mean square of each worker's deviations, drawn towards that of the crowd.
    fn imprecision<S: Shape>(
        &self,
        drawings: &Drawings<S>,
        by_task: &[Vec<Looks>],
        groups: &[Vec<Group<S>>],
    ) -> Vec<f64> {
        let mut sums = vec![0.0; drawings.workers];
        let mut counts = vec![0.0; drawings.workers];
        for (sheets, groups) in by_task.iter().zip(groups) {
            // A lone drawing is its own consensus and says nothing about its maker.
            for group in groups.iter().filter(|group| group.members.len() > 1) {
                for &(sheet, row, _) in &group.members {
                    let off = 1.0 - drawings.shape[row].similarity(&group.shape);
                    sums[sheets[sheet].0] += off * off;
                    counts[sheets[sheet].0] += 1.0;
                }
            }
        }
        let total: f64 = counts.iter().sum();
        let pooled = if total > 0.0 { sums.iter().sum::<f64>() / total } else { 0.01 };
        let mean =
            |(sum, count): (&f64, &f64)| (sum + self.pooling * pooled) / (count + self.pooling);
        sums.iter().zip(&counts).map(mean).map(|square| square.sqrt().max(1e-6)).collect()
    }
}

fn assemble<S: Shape>(
    drawings: &Drawings<S>,
    by_task: &[Vec<Looks>],
    groups: Vec<Vec<Group<S>>>,
    imprecision: Vec<f64>,
) -> ObjectFit<S> {
    let mut candidates = Vec::new();
    for (sheets, groups) in by_task.iter().zip(&groups) {
        for group in groups {
            let marked = |sheet: usize| group.members.iter().any(|member| member.0 == sheet);
            let looks = sheets.iter().enumerate().map(|(index, sheet)| (sheet.0, marked(index)));
            candidates.push(Candidate { looks: looks.collect() });
        }
    }
    let existence = estimate(&candidates, drawings.workers, 500);
    let mut objects = Vec::with_capacity(candidates.len());
    let mut object_of = vec![0; drawings.task.len()];
    for (task, group) in
        groups.into_iter().enumerate().flat_map(|(t, all)| all.into_iter().map(move |g| (t, g)))
    {
        for &(_, row, _) in &group.members {
            object_of[row] = objects.len();
        }
        let probability = existence.probability[objects.len()];
        objects.push(object(drawings, task as u32, group, probability, &imprecision));
    }
    let Existence { recall, false_marks, iterations, converged, .. } = existence;
    let convergence = Convergence { iterations, converged, log_likelihood: None };
    ObjectFit { objects, object_of, recall, false_marks, imprecision, convergence }
}

fn object<S: Shape>(
    drawings: &Drawings<S>,
    task: u32,
    group: Group<S>,
    probability: f64,
    imprecision: &[f64],
) -> Object<S> {
    let rows: Vec<usize> = group.members.iter().map(|member| member.1).collect();
    let mut votes: Vec<(u32, f64)> = Vec::new();
    for &row in &rows {
        let weight = imprecision[drawings.worker[row] as usize].powi(-2);
        match votes.iter_mut().find(|vote| vote.0 == drawings.label[row]) {
            Some(vote) => vote.1 += weight,
            None => votes.push((drawings.label[row], weight)),
        }
    }
    votes.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let total: f64 = votes.iter().map(|vote| vote.1).sum();
    let similarity = |row: &usize| drawings.shape[*row].similarity(&group.shape);
    let agreement = rows.iter().map(similarity).sum::<f64>() / rows.len() as f64;
    Object {
        task,
        label: votes[0].0,
        label_share: votes[0].1 / total,
        probability,
        agreement,
        shape: group.shape,
        drawings: rows,
    }
}

#[cfg(test)]
mod tests;
