//! How far long work is, on standard error if that is a terminal.

use std::io::{IsTerminal as _, Write as _, stderr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crowdsmith_truth::Progress as Iterations;

/// Work shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_millis(700);
const BEAT: Duration = Duration::from_millis(200);

/// A line that is written over while work goes on, and gone when it is done.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    shared: Option<Arc<Shared>>,
}

#[derive(Debug)]
struct Shared {
    done: AtomicU64,
    /// `None` when nothing is being done.
    work: Mutex<Option<Work>>,
}

/// What is being done, since when, and how far it is.
#[derive(Debug)]
struct Work {
    what: String,
    since: Instant,
    measure: Measure,
}

/// What says how far work is.
#[derive(Debug)]
enum Measure {
    /// The bytes that are done, of so many if that is known.
    Bytes(Option<u64>),
    /// The iterations of a fit.
    Iterations(Arc<Iterations>),
}

impl Progress {
    /// A line on standard error, or nothing if that is no terminal.
    pub(crate) fn new() -> Self {
        if !stderr().is_terminal() {
            return Self::default();
        }
        let shared = Arc::new(Shared { done: AtomicU64::new(0), work: Mutex::new(None) });
        let seen = Arc::downgrade(&shared);
        thread::spawn(move || {
            let mut shown = false;
            while let Some(shared) = seen.upgrade() {
                shown = shared.show(shown);
                drop(shared);
                thread::sleep(BEAT);
            }
        });
        Self { shared: Some(shared) }
    }

    /// Begins something, of `total` bytes if that is known.
    pub(crate) fn start(&self, what: &str, total: Option<u64>) {
        self.begin(what, Measure::Bytes(total));
    }

    /// Begins a fit, which counts its iterations in what is returned.
    pub(crate) fn start_fit(&self, method: &str) -> Arc<Iterations> {
        let iterations = Arc::new(Iterations::default());
        self.begin(&format!("fitting {method}"), Measure::Iterations(Arc::clone(&iterations)));
        iterations
    }

    fn begin(&self, what: &str, measure: Measure) {
        let Some(shared) = &self.shared else { return };
        shared.done.store(0, Ordering::Relaxed);
        let (what, since) = (what.to_owned(), Instant::now());
        shared.set(Some(Work { what, since, measure }));
    }

    /// So many bytes more are done.
    pub(crate) fn advance(&self, bytes: u64) {
        if let Some(shared) = &self.shared {
            shared.done.fetch_add(bytes, Ordering::Relaxed);
        }
    }

    /// Takes the line away; call before anything else is written to standard error.
    pub(crate) fn clear(&self) {
        if let Some(shared) = &self.shared {
            shared.set(None);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

impl Shared {
    fn set(&self, work: Option<Work>) {
        let mut place = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        if work.is_none() && place.as_ref().is_some_and(|work| work.since.elapsed() > PATIENCE) {
            wipe();
        }
        *place = work;
    }

    /// Writes the line while holding the lock, so that [`Progress::clear`] is the last word.
    fn show(&self, shown: bool) -> bool {
        let place = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(work) = &*place else { return false };
        if work.since.elapsed() <= PATIENCE {
            return shown;
        }
        wipe();
        drop(write!(stderr(), "{}", work.line(self.done.load(Ordering::Relaxed))));
        true
    }
}

impl Work {
    /// `reading judgments.csv, 40 %, 3 s`
    fn line(&self, done: u64) -> String {
        let far = match &self.measure {
            Measure::Bytes(Some(total)) if *total > 0 => {
                format!(", {} %", (100 * done / total).min(100))
            }
            Measure::Bytes(_) if done > 0 => format!(", {} MB", done >> 20),
            Measure::Iterations(iterations) if iterations.iterations() > 0 => {
                format!(", iteration {}", iterations.iterations())
            }
            Measure::Bytes(_) | Measure::Iterations(_) => String::new(),
        };
        format!("{}{far}, {} s", self.what, self.since.elapsed().as_secs())
    }
}

fn wipe() {
    drop(write!(stderr(), "\r\x1b[K"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_work_is() {
        let line = |measure, done| {
            Work { what: "working".into(), since: Instant::now(), measure }.line(done)
        };
        assert_eq!(line(Measure::Bytes(Some(200)), 50), "working, 25 %, 0 s");
        assert_eq!(line(Measure::Bytes(None), 3 << 20), "working, 3 MB, 0 s");
        let iterations = Arc::new(Iterations::default());
        assert_eq!(line(Measure::Iterations(Arc::clone(&iterations)), 0), "working, 0 s");
        iterations.step();
        assert_eq!(line(Measure::Iterations(iterations), 0), "working, iteration 1, 0 s");
    }
}
