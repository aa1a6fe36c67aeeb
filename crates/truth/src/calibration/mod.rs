//! How good a posterior is where the truth is known: accuracy, F1, and whether its confidences are honest.

use crate::fit::{Posterior, argmax, ties};

/// Bins of the confidence for the expected calibration error.
pub const BINS: usize = 15;

/// Probabilities below this count as this in the logarithmic loss, so that one sure mistake cannot decide it.
pub const CLIP: f64 = 1e-3;

/// Scores of a posterior over the tasks with known truth.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// Tasks scored.
    pub tasks: usize,
    /// Share of tasks whose most probable class is the truth; a tie counts 1/(number tied).
    pub accuracy: f64,
    /// Mean over the classes that occur as truth or answer of 2·TP / (2·TP + FP + FN); ties go to the lowest code.
    pub macro_f1: f64,
    /// Expected calibration error of the top class: Σ over [`BINS`] equal bins of share · |accuracy − confidence|.
    pub ece: f64,
    /// Mean of −ln max(p(truth), [`CLIP`]).
    pub log_loss: f64,
    /// Mean of Σ over classes (p − [class is truth])², between 0 and 2.
    pub brier: f64,
    /// Mean probability of the top class.
    pub confidence: f64,
    /// The bins behind [`Evaluation::ece`].
    pub curve: Vec<Bin>,
}

/// Tasks whose top class has a probability in one interval.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bin {
    /// Number of tasks.
    pub tasks: usize,
    /// Mean probability of the top class; 0 without tasks.
    pub confidence: f64,
    /// Share of tasks whose top class is the truth (ties as in [`Evaluation::accuracy`]); 0 without tasks.
    pub accuracy: f64,
}

impl Evaluation {
    /// Scores the rows of `posterior` named by (task, true class) pairs; a true class outside the posterior's
    /// classes (never answered) has probability 0. Without pairs every score is 0.
    ///
    /// # Panics
    /// If a task is not a row of the posterior.
    pub fn new(posterior: &Posterior, truth: &[(usize, usize)]) -> Self {
        let classes =
            truth.iter().map(|&(_, class)| class + 1).fold(posterior.classes(), usize::max);
        let mut counts = vec![Counts::default(); classes];
        let mut bins = [Bin::default(); BINS];
        let mut sums = Sums::default();
        for &(task, class) in truth {
            let row = posterior.row(task);
            let tied = ties(row);
            let right = if tied.contains(&class) { 1.0 / tied.len() as f64 } else { 0.0 };
            let answer = argmax(row);
            let top = row.get(answer).copied().unwrap_or(0.0);
            counts[class].truth += 1;
            counts[answer].answered += 1;
            counts[class].right += usize::from(answer == class);
            let bin = &mut bins[((top * BINS as f64).ceil() as usize).clamp(1, BINS) - 1];
            bin.tasks += 1;
            bin.confidence += top;
            bin.accuracy += right;
            sums.add(row, class, right, top);
        }
        let curve = bins.iter().map(|bin| bin.mean()).collect::<Vec<_>>();
        let per_task = 1.0 / truth.len().max(1) as f64;
        let gap = |bin: &Bin| bin.tasks as f64 * per_task * (bin.accuracy - bin.confidence).abs();
        Self {
            tasks: truth.len(),
            accuracy: sums.right * per_task,
            macro_f1: macro_f1(&counts),
            ece: curve.iter().map(gap).sum(),
            log_loss: sums.log_loss * per_task,
            brier: sums.brier * per_task,
            confidence: sums.confidence * per_task,
            curve,
        }
    }
}

impl Bin {
    fn mean(self) -> Self {
        let tasks = self.tasks.max(1) as f64;
        Self { confidence: self.confidence / tasks, accuracy: self.accuracy / tasks, ..self }
    }
}

#[derive(Clone, Default)]
struct Counts {
    truth: usize,
    answered: usize,
    right: usize,
}

#[derive(Default)]
struct Sums {
    right: f64,
    log_loss: f64,
    brier: f64,
    confidence: f64,
}

impl Sums {
    fn add(&mut self, row: &[f64], class: usize, right: f64, top: f64) {
        let probability = row.get(class).copied().unwrap_or(0.0);
        let squares: f64 = row.iter().map(|value| value * value).sum();
        self.right += right;
        self.log_loss -= probability.max(CLIP).ln();
        self.brier += squares - 2.0 * probability + 1.0;
        self.confidence += top;
    }
}

fn macro_f1(counts: &[Counts]) -> f64 {
    let occurring = counts.iter().filter(|count| count.truth + count.answered > 0);
    let scores: Vec<f64> = occurring
        .map(|count| 2.0 * count.right as f64 / (count.truth + count.answered) as f64)
        .collect();
    scores.iter().sum::<f64>() / scores.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found}, expected {expected}");
    }

    #[test]
    fn scores_match_a_calculation_by_hand() {
        let posterior = Posterior::new(2, vec![0.9, 0.1, 0.2, 0.8, 0.5, 0.5]).unwrap();
        let scores = Evaluation::new(&posterior, &[(0, 0), (1, 0), (2, 1)]);
        close(scores.accuracy, 1.5 / 3.0);
        close(scores.ece, (0.1 + 0.8) / 3.0);
        close(scores.log_loss, -(0.9f64.ln() + 0.2f64.ln() + 0.5f64.ln()) / 3.0);
        close(scores.brier, (0.02 + 1.28 + 0.5) / 3.0);
        // Class 0: right once, truth twice, answered twice; class 1: never right.
        close(scores.macro_f1, 0.25);
        close(scores.confidence, 2.2 / 3.0);
    }

    #[test]
    fn unknown_classes_and_no_truth_are_defined() {
        let posterior = Posterior::new(2, vec![1.0, 0.0]).unwrap();
        let scores = Evaluation::new(&posterior, &[(0, 7)]);
        close(scores.accuracy, 0.0);
        close(scores.log_loss, -CLIP.ln());
        assert_eq!(Evaluation::new(&posterior, &[]).ece.to_bits(), 0f64.to_bits());
    }
}
