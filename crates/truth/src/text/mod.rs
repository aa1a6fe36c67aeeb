//! Texts: many people's transcriptions or translations, and one to keep.
//!
//! [`Rover`] builds a new text word by word; [`Medoid`] and [`SequenceRasa`] choose the best of those given, by edit
//! distance; [`Rasa`] and [`Hrrasa`] do so by [`Embeddings`], which the caller computes. [`edit`] has the distances.

pub mod edit;
mod embeddings;
mod hrrasa;
mod medoid;
mod rasa;
mod rover;
mod texts;

pub use embeddings::{EmbeddingFit, Embeddings};
pub use hrrasa::{Hrrasa, gleu_reliability};
pub use medoid::{Medoid, SequenceRasa, TextFit};
pub use rasa::Rasa;
pub use rover::Rover;
pub use texts::Texts;
