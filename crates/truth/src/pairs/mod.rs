//! Pairs and rankings: which of two things is better, from many people's comparisons.
//!
//! [`Comparisons`] are the input, [`Strengths`] the answer: one positive number for each item, summing to 1, so
//! that an item of strength `p` beats one of strength `q` with probability `p / (p + q)`. [`BradleyTerry`] takes
//! every worker at their word; [`CrowdBradleyTerry`] and [`NoisyBradleyTerry`] estimate how far each can be
//! trusted; [`PlackettLuce`] does the same for whole rankings. A tie counts half a win to each side, or has its
//! own probability ([`Ties::Davidson`]).

mod bradley_terry;
mod comparisons;
mod mixture;
mod plackett_luce;

pub use bradley_terry::{BradleyTerry, Ties};
pub use comparisons::{Comparisons, Outcome};
pub use mixture::{CrowdBradleyTerry, NoisyBradleyTerry, WorkerStrengths};
pub use plackett_luce::{PlackettLuce, Rankings};

/// How strong every item is.
#[derive(Debug, Clone, PartialEq)]
pub struct Strengths {
    /// One number per item, at least 0, summing to 1 (empty without items).
    pub scores: Vec<f64>,
    /// The tie parameter of [`Ties::Davidson`]; 0 where ties are halved.
    pub tie: f64,
    /// How many updates were made.
    pub iterations: usize,
    /// Whether the last update changed the scores by less than the tolerance.
    pub converged: bool,
}

/// Scales to sum 1; uniform if nothing is left to scale.
fn normalize(scores: &mut [f64]) {
    let total: f64 = scores.iter().sum();
    let even = 1.0 / scores.len() as f64;
    for score in scores {
        *score = if total > 0.0 && total.is_finite() { *score / total } else { even };
    }
}
