//! Files that are there whole or not at all.

use std::fs::{self, File};
use std::io::{BufWriter, Write, stdout};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// A file being written beside its place. [`Whole::keep`] puts it there; dropped before that it leaves no trace.
pub(crate) struct Whole {
    target: PathBuf,
    /// Where it is written; `None` if straight to the target, which is no regular file.
    partial: Option<PathBuf>,
    writer: Option<BufWriter<Box<dyn Write>>>,
}

impl Whole {
    /// Opens a file beside `path`, or `path` itself if it is a device or pipe; `-` is standard output.
    pub(crate) fn create(path: &Path) -> Result<Self> {
        let failed = || format!("{} cannot be written", path.display());
        if path.as_os_str() == "-" {
            return Ok(Self::straight(Path::new("standard output"), Box::new(stdout())));
        }
        match fs::metadata(path) {
            Ok(about) if about.is_dir() => {
                anyhow::bail!("{} is a folder; name a file", path.display())
            }
            Ok(about) if !about.is_file() => {
                let file = File::options().write(true).open(path).with_context(failed)?;
                return Ok(Self::straight(path, Box::new(file)));
            }
            _ => {}
        }
        // Behind a link the file changes, not the link.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let mut partial = target.clone().into_os_string();
        partial.push(format!(".{}.partial", std::process::id()));
        let partial = PathBuf::from(partial);
        let file = File::create(&partial).with_context(failed)?;
        let writer = Some(BufWriter::with_capacity(1 << 18, Box::new(file) as Box<dyn Write>));
        Ok(Self { target, partial: Some(partial), writer })
    }

    fn straight(path: &Path, file: Box<dyn Write>) -> Self {
        let writer = Some(BufWriter::with_capacity(1 << 18, file));
        Self { target: path.to_owned(), partial: None, writer }
    }

    /// Writes what is left, so that nothing but putting it in place can fail any more.
    pub(crate) fn finish(&mut self) -> Result<()> {
        if let Some(mut writer) = self.writer.take() {
            writer
                .flush()
                .with_context(|| format!("{} cannot be written", self.target.display()))?;
        }
        Ok(())
    }

    /// Puts the file in its place.
    pub(crate) fn keep(mut self) -> Result<()> {
        self.finish()?;
        if let Some(partial) = &self.partial {
            fs::rename(partial, &self.target)
                .with_context(|| format!("{} cannot be written", self.target.display()))?;
            self.partial = None;
        }
        Ok(())
    }
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.writer.as_mut().map_or(Ok(0), |writer| writer.write(bytes))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.writer.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        if let Some(partial) = self.partial.take() {
            drop(self.writer.take());
            drop(fs::remove_file(partial));
        }
    }
}
