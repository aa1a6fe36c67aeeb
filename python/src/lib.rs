//! The native half of the Python package: numpy arrays in, numpy arrays out, the statistics in `crowdsmith_truth`.
//!
//! Names, data frames and defaults are the business of the Python half. Every function gives the interpreter's lock
//! back while it computes.

mod agreement;
mod answers;
mod categorical;
mod coding;
mod numeric;
mod objects;
mod options;
mod pairs;
mod quality;
mod spans;
mod steps;
mod texts;

use pyo3::prelude::*;

/// Functions of [`crowdsmith_truth`] on numpy arrays.
#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::agreement::{alpha, cohen, consistency, crowd_truth, fleiss, gwet, uncertainty};
    #[pymodule_export]
    use crate::categorical::{Judgments, agreement, fit, weighted_votes};
    #[pymodule_export]
    use crate::coding::{code_texts, text_order};
    #[pymodule_export]
    use crate::numeric::numeric;
    #[pymodule_export]
    use crate::objects::{masks, objects};
    #[pymodule_export]
    use crate::pairs::{bradley_terry, plackett_luce, worker_bradley_terry};
    #[pymodule_export]
    use crate::quality::{
        beta_intervals, close_pairs, evaluation, judgments_needed, spammer_scores,
    };
    #[pymodule_export]
    use crate::spans::{span_agreement, span_f1, tag_sequences};
    #[pymodule_export]
    use crate::steps::{glad_step, mace};
    #[pymodule_export]
    use crate::texts::{chi_squared_quantile, gleu, gleu_reliability, hrrasa, medoid, rasa, rover};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }

    use pyo3::prelude::*;
}
