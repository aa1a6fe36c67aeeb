//! The commands through their options, on files of made crowds.

mod replay;
mod simulate;
