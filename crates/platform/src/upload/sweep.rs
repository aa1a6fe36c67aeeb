//! Removing what nobody will ask for.

use super::sql;
use crate::Platform;
use crate::error::Result;
use crate::id::Id;

/// Uploads removed at a time.
const AT_ONCE: i64 = 100;

/// Removes uploads that no answer names and whose assignment has ended; answers how many. Any number of servers may do so
/// at once.
pub async fn sweep(platform: &Platform) -> Result<usize> {
    let mut removed = 0;
    loop {
        let unused = sql::unused(&mut platform.db.read().await?, AT_ONCE).await?;
        for (upload, object) in &unused {
            platform.media.remove(object).await?;
            forget(platform, *upload).await?;
        }
        removed += unused.len();
        if unused.len() < AT_ONCE as usize {
            return Ok(removed);
        }
    }
}

async fn forget(platform: &Platform, upload: Id) -> Result<()> {
    platform.db.write(move |tx| Box::pin(async move { sql::remove(tx, upload).await })).await
}
