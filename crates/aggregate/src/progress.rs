//! How far long work is, on standard error if that is a terminal.

use std::io::{IsTerminal as _, Write as _, stderr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

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
    /// What is being done, how much of it there is, since when; `None` when nothing is.
    work: Mutex<Option<(String, Option<u64>, Instant)>>,
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

    /// Begins something, of `total` units if that is known.
    pub(crate) fn start(&self, what: &str, total: Option<u64>) {
        let Some(shared) = &self.shared else { return };
        shared.done.store(0, Ordering::Relaxed);
        shared.set(Some((what.to_owned(), total, Instant::now())));
    }

    /// So many units more are done.
    pub(crate) fn advance(&self, units: u64) {
        if let Some(shared) = &self.shared {
            shared.done.fetch_add(units, Ordering::Relaxed);
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
    fn set(&self, work: Option<(String, Option<u64>, Instant)>) {
        let mut place = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        if work.is_none() && place.as_ref().is_some_and(|work| work.2.elapsed() > PATIENCE) {
            wipe();
        }
        *place = work;
    }

    /// Writes the line while holding the lock, so that [`Progress::clear`] is the last word.
    fn show(&self, shown: bool) -> bool {
        let place = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((what, total, since)) = &*place else { return false };
        let seconds = since.elapsed().as_secs();
        if since.elapsed() <= PATIENCE {
            return shown;
        }
        let done = self.done.load(Ordering::Relaxed);
        let share = match total {
            Some(total) if *total > 0 => format!(", {} %", (100 * done / total).min(100)),
            _ if done > 0 => format!(", {} MB", done >> 20),
            _ => String::new(),
        };
        wipe();
        drop(write!(stderr(), "{what}{share}, {seconds} s"));
        true
    }
}

fn wipe() {
    drop(write!(stderr(), "\r\x1b[K"));
}
