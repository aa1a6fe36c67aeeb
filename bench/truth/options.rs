//! The command line of a benchmark.

use std::num::ParseIntError;

/// Options in pairs: `--name value`.
pub(crate) struct Options(Vec<String>);

impl Options {
    pub(crate) fn read() -> Self {
        Self(std::env::args().skip(1).collect())
    }

    /// The value of an option; the last where it is named several times.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut pairs = self.0.chunks_exact(2).rev();
        pairs.find(|pair| pair[0] == name).map(|pair| pair[1].as_str())
    }

    pub(crate) fn number(&self, name: &str, default: usize) -> Result<usize, ParseIntError> {
        self.get(name).map_or(Ok(default), str::parse)
    }
}
