//! Decoders that panic on damage.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use super::block::Fault;

thread_local! {
    /// Whether a panic of this thread is going to be told as a fault.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a decoder, which checks most of what it reads and panics on some of it: neither may end the program, nor
/// print anything but the fault.
pub(super) fn guarded<T>(
    format: &str,
    read: impl FnOnce() -> Result<T, Fault>,
) -> Result<T, Fault> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |panic| {
            if !GUARDED.get() {
                usual(panic);
            }
        }));
    });
    let before = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(before);
    result.unwrap_or_else(|_| Err(Fault::new(format!("is a damaged {format} file"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_fault() {
        let result: Result<(), Fault> = guarded("Parquet", || panic!("an offset"));
        assert_eq!(result, Err(Fault::new("is a damaged Parquet file")));
        assert!(!GUARDED.get());
        assert_eq!(guarded("Parquet", || Ok(1)), Ok(1));
    }
}
