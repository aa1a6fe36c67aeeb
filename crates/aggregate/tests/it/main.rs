//! The command as people run it: each test has a folder and a process of its own.

mod arrow;
mod formats;
mod harness;
mod methods;
mod mistakes;
mod output;
mod property;
