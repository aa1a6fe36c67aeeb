//! Truth inference: judgments in, truth and worker quality out.
//!
//! Judgments are three columns of integer codes ([`Columns`], made from names by [`Interner`]), checked and sorted
//! once ([`Judgments`]). An estimator is a struct of hyper-parameters; [`Estimator::fit`] answers with a [`Fit`]:
//! the posterior of every task, its most probable label, worker models and a convergence report. Start with
//! [`auto::Auto`]; `docs/truth.md` tells how it works.
//!
//! # Example: three workers, two tasks
//! ```
//! use crowdsmith_truth::categorical::DawidSkene;
//! use crowdsmith_truth::{Columns, Duplicates, Estimator, Judgments};
//!
//! let judgments = Judgments::new(
//!     Columns {
//!         tasks: 2,
//!         workers: 3,
//!         classes: 2,
//!         task: vec![0, 0, 0, 1, 1],
//!         worker: vec![0, 1, 2, 0, 1],
//!         label: vec![0, 0, 1, 1, 1],
//!     },
//!     Duplicates::Refuse,
//! )?;
//! let fit = DawidSkene::default().fit(&judgments)?;
//! assert_eq!(fit.labels, [0, 1]);
//! assert!(fit.posterior.row(1)[1] > 0.9);
//! assert!(fit.workers.accuracy[0].mean() > fit.workers.accuracy[2].mean());
//! # Ok::<(), crowdsmith_truth::Error>(())
//! ```

pub mod agreement;
pub mod auto;
pub mod calibration;
pub mod categorical;
mod columns;
pub mod diagnosis;
mod error;
mod fit;
mod judgments;
pub mod multilabel;
pub mod numeric;
pub mod online;
mod optimize;
pub mod ordinal;
pub mod pairs;
pub mod rng;
pub mod shapes;
pub mod spans;
pub mod special;
pub mod text;
pub mod uncertainty;

pub use error::{Error, check_parameter, check_size};
pub use fit::{
    Beta, Confusions, Convergence, Estimator, Fit, Posterior, Progress, WorkerModels, argmax, ties,
};
pub use judgments::{ByWorker, Columns, Duplicates, Interner, Judgments, MAX_CLASSES, NO_LABEL};
