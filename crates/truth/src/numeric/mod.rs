//! Numbers: many people's estimates of a quantity, and the quantity behind them.
//!
//! [`Measurements`] are the input, [`NumericFit`] the answer. [`Mean`], [`Median`] and [`TrimmedMean`] treat all
//! workers alike; [`GaussianWorkers`] learns a scale, a bias and a variance for each, [`Catd`] and [`LfcN`] a weight.

mod average;
mod gaussian;
mod measurements;
mod weighted;

pub use average::{Mean, Median, TrimmedMean};
pub use gaussian::GaussianWorkers;
pub use measurements::Measurements;
pub use weighted::{Catd, LfcN};

use crate::fit::Convergence;

/// The estimated quantities and what was learned of the workers.
#[derive(Debug, Clone, PartialEq)]
pub struct NumericFit {
    /// Estimate of each task, in the unit of the input. A task without judgments has the mean of all judgments.
    pub values: Vec<f64>,
    /// Standard error of each estimate under the method's model, in the unit of the input; at least 0.
    pub deviations: Vec<f64>,
    /// By how much each worker's answers stretch the truth's differences; 1 where the method has no scale.
    pub scale: Vec<f64>,
    /// How far each worker answers above the truth on average; 0 where the method has no bias.
    pub bias: Vec<f64>,
    /// Mean squared error of each worker around what scale and bias make of the truth; of the crowd for a worker without judgments.
    pub variance: Vec<f64>,
    /// How the iteration ended.
    pub convergence: Convergence,
}
