//! Spans: parts of a text that many people marked, as one tag for each token.
//!
//! [`Sequences`] are the input: documents of tokens and, for each worker who read one, a tag for each token.
//! [`HmmCrowd`] and [`BayesianSequences`] infer the true tags knowing that they depend on their neighbours;
//! [`BioScheme`] turns tags into spans, and [`span_f1`] and [`span_agreement`] compare them.

mod chain;
mod model;
mod sequences;
mod tags;
mod workers;

pub use model::{BayesianSequences, HmmCrowd, SpanFit};
pub use sequences::{Annotation, NO_TAG, Sequences};
pub use tags::{BioScheme, Score, Span, span_agreement, span_f1};
