//! Agreement: how far workers say the same, before any truth is inferred.
//!
//! [`Krippendorff`] gives alpha on any level of measurement with a bootstrap interval; [`cohen`], [`fleiss`] and
//! [`gwet`] the older coefficients; [`CrowdTruth`] scores units, workers and annotations at once;
//! [`consistency`] and [`uncertainty`] are per task, given what is known of the workers. [`Ratings`] are the input
//! of the coefficients: numbers (codes for nominal data) by unit and worker.

mod consistency;
mod crowdtruth;
mod kappa;
mod krippendorff;
mod ratings;

pub use consistency::{consistency, uncertainty};
pub use crowdtruth::{Annotations, CrowdTruth, CrowdTruthScores};
pub use kappa::{Chance, Weights, cohen, fleiss, gwet};
pub use krippendorff::{Alpha, Krippendorff, Level};
pub use ratings::Ratings;
