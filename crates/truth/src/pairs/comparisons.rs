//! Comparisons as columns.

use crate::error::Error;

/// What a worker said about a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The item on the left is better.
    Left,
    /// The item on the right is better.
    Right,
    /// Neither is.
    Tie,
}

/// Pairwise comparisons; item and worker codes are dense integers from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparisons {
    /// Number of items; codes are `0..items`.
    pub items: usize,
    /// Number of workers; codes are `0..workers`.
    pub workers: usize,
    /// Worker of each comparison.
    pub worker: Vec<u32>,
    /// Item shown on the left.
    pub left: Vec<u32>,
    /// Item shown on the right.
    pub right: Vec<u32>,
    /// What the worker said.
    pub outcome: Vec<Outcome>,
}

/// A win of one item over another, with what a worker model needs to know of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Win {
    pub winner: usize,
    pub loser: usize,
    pub worker: usize,
    /// 1 for a win, 0.5 for either half of a tie.
    pub weight: f64,
    pub left_won: bool,
    pub tied: bool,
}

impl Comparisons {
    /// Refuses columns of different length and codes out of range.
    pub(super) fn check(&self) -> Result<(), Error> {
        let expected = self.left.len();
        let lengths = [
            ("worker", self.worker.len()),
            ("right", self.right.len()),
            ("outcome", self.outcome.len()),
        ];
        for (column, found) in lengths {
            if found != expected {
                return Err(Error::ColumnLength { column, expected, found });
            }
        }
        for row in 0..expected {
            let codes = [
                ("worker", self.worker[row], self.workers),
                ("left", self.left[row], self.items),
                ("right", self.right[row], self.items),
            ];
            for (column, code, count) in codes {
                if code as usize >= count {
                    let code = u64::from(code);
                    return Err(Error::OutOfRange { row, column, code, count });
                }
            }
        }
        Ok(())
    }

    /// Every comparison as wins: one of weight 1, or two of weight ½ for a tie. An item compared with itself says
    /// nothing and is left out.
    pub(super) fn wins(&self) -> Vec<Win> {
        let mut wins = Vec::with_capacity(self.left.len());
        for (row, &outcome) in self.outcome.iter().enumerate() {
            let (left, right) = (self.left[row] as usize, self.right[row] as usize);
            let worker = self.worker[row] as usize;
            if left == right {
                continue;
            }
            let tied = outcome == Outcome::Tie;
            let weight = if tied { 0.5 } else { 1.0 };
            if outcome != Outcome::Right {
                let (winner, loser) = (left, right);
                wins.push(Win { winner, loser, worker, weight, left_won: true, tied });
            }
            if outcome != Outcome::Left {
                let (winner, loser) = (right, left);
                wins.push(Win { winner, loser, worker, weight, left_won: false, tied });
            }
        }
        wins
    }
}
