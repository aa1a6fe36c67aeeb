//! Lists in pages.

use crowdsmith_platform::Id;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Paging {
    /// Items on the page: 1 to 1000, usually 50.
    limit: Option<i64>,
    /// The `next` of the page before.
    pub(super) after: Option<Id>,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Page<T: ToSchema> {
    items: Vec<T>,
    /// Where the next page begins; absent on the last one.
    next: Option<Id>,
}

const USUAL: i64 = 50;
const MOST: i64 = 1000;

impl Paging {
    pub(super) fn limit(self) -> i64 {
        self.limit.unwrap_or(USUAL).clamp(1, MOST)
    }
}

impl<T: ToSchema> Page<T> {
    /// A page of at most `paging.limit()` items; `id` is what the next one begins after.
    pub(super) fn new<I>(
        found: Vec<I>,
        paging: Paging,
        id: impl Fn(&I) -> Id,
        show: impl Fn(I) -> T,
    ) -> Self {
        let next = found.last().map(id).filter(|_| found.len() as i64 == paging.limit());
        Self { items: found.into_iter().map(show).collect(), next }
    }

    /// All there is.
    pub(super) fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}
