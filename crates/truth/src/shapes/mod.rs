//! Shapes on pictures: boxes, polygons, keypoints and masks drawn by many people.
//!
//! [`ObjectConsensus`] finds out which drawings of different workers mean the same object, what the object looks
//! like and how probable it is that it is there, for any [`Shape`]. [`masks`] combine pixel by pixel.
//! [`assign`] is the assignment problem behind the matching.

mod assignment;
mod consensus;
mod drawings;
mod existence;
mod figures;
pub mod masks;
mod matching;
mod polygon;

pub use assignment::assign;
pub use consensus::{Object, ObjectConsensus, ObjectFit};
pub use drawings::Drawings;
pub use figures::{BoundingBox, Keypoints, Shape};
pub use polygon::Polygon;
