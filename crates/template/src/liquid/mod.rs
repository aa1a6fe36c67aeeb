//! Liquid, the template language of Ground Truth: reading and rendering.
//!
//! It is our own reader and not the crate `liquid` because templates are written by whoever may make a project, and are
//! rendered by the server: every step and every byte made is counted, and rendering ends with an error when a page costs
//! too much. That crate has no such limit (`(1..999999999)` is a list in memory), takes a missing value for an error,
//! has no place for an escape that depends on where in the page a value stands, and does not say in which line
//! rendering failed.

mod conditions;
mod dates;
mod filters;
mod lists;
mod loops;
mod numbers;
mod parse;
mod read;
mod references;
mod render;
mod scan;
mod texts;
mod values;

pub(crate) use parse::{Node, Parsed, parse};
pub(crate) use references::Reference;
pub(crate) use render::{Data, render};
pub(crate) use scan::{Piece, PieceKind, scan};
