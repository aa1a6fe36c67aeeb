//! What another policy would have cost: the judgments of a batch played back under others.

use crowdsmith_quality::replay::{Curve, Options, Policy, Recording, compare};
use serde::Serialize;

use super::refit::{Loaded, load};
use crate::Platform;
use crate::batch::Batch;
use crate::error::{Error, Result};
use crate::money::Money;
use crate::result::{Freshness, Method};

/// Judgments of a batch that are replayed while somebody waits.
const MOST_JUDGMENTS: usize = 50_000;
/// Orders of the judgments that are averaged over.
const SEEDS: std::ops::Range<u64> = 1000..1002;
/// Budgets of the rule `auto`, evenly spread from the first judgment of each task to all there are.
const BUDGETS: usize = 16;
const TARGETS: [f64; 6] = [0.8, 0.9, 0.93, 0.95, 0.97, 0.99];
const SHARES: [f64; 6] = [0.5, 0.6, 0.7, 0.75, 0.8, 0.9];

/// What other policies would have bought, judged by the batch's own results.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The output field that was replayed.
    pub field: String,
    pub tasks: usize,
    /// What the batch has bought itself.
    pub judgments_per_task: f64,
    /// For each judgment.
    pub price: Money,
    pub currency: String,
    /// Accuracy is agreement with the batch's results.
    pub curves: Vec<Curve>,
}

/// Replays the judgments of a batch's first field that can be decided.
pub async fn replay(platform: &Platform, batch: &Batch) -> Result<Comparison> {
    let terms = platform.terms.load(&mut platform.db.read().await?, batch.id).await?;
    let loaded = load(platform, &terms).await?;
    let Some(aspect) = loaded.aspects.first() else {
        return Err(Error::Conflict("nothing in this batch can be decided by agreement".into()));
    };
    if loaded.judgments.is_empty() {
        return Err(Error::Conflict("the batch has no judgments yet".into()));
    }
    if loaded.judgments.len() > MOST_JUDGMENTS {
        return Err(Error::Conflict(format!(
            "the batch has {} judgments; export them and use `crowdsmith replay`",
            loaded.judgments.len()
        )));
    }
    let aggregation = platform
        .aggregations
        .get(&platform.db, &platform.revisions, batch, Method::Auto, Freshness::Recent)
        .await?;
    let field = aspect.field.clone();
    let place = aggregation.names().iter().position(|name| *name == field);
    let truth = loaded.tasks.iter().map(|task| {
        let result = aggregation.of_task(*task).into_iter().nth(place?)??;
        aspect.label(&std::iter::once((field.clone(), result.value)).collect())
    });
    let recording = recording(&loaded, aspect.classes(), truth.collect());
    let (tasks, judgments) = (loaded.tasks.len(), loaded.judgments.len());
    let curves = tokio::task::spawn_blocking(move || curves(&recording))
        .await
        .map_err(|error| Error::Internal(format!("replaying: {error}")))??;
    Ok(Comparison {
        field,
        tasks,
        judgments_per_task: judgments as f64 / tasks as f64,
        price: batch.price,
        currency: batch.currency.clone(),
        curves,
    })
}

fn recording(loaded: &Loaded, classes: usize, truth: Vec<Option<u16>>) -> Recording {
    let mut tasks = vec![Vec::new(); loaded.tasks.len()];
    for one in &loaded.judgments {
        tasks[one.task as usize].extend(one.labels[0].map(|label| (one.worker, label)));
    }
    Recording { classes, workers: loaded.workers.len(), tasks, truth }
}

fn curves(recording: &Recording) -> Result<Vec<Curve>> {
    let judgments: usize = recording.tasks.iter().map(Vec::len).sum();
    let more = (judgments as f64 / recording.tasks.len() as f64 - 1.0).max(0.0);
    let budget = |place: usize| 1.0 + more * place as f64 / BUDGETS as f64;
    let mut curves = Vec::new();
    for (policy, settings) in [
        (Policy::Auto, Some((1..=BUDGETS).map(budget).collect())),
        (Policy::Adaptive, Some(TARGETS.to_vec())),
        (Policy::Confidence, Some(SHARES.to_vec())),
        (Policy::FixedDawidSkene, None),
        (Policy::FixedMajority, None),
    ] {
        let options = Options { seeds: SEEDS.collect(), gold: 0.0, settings };
        let curve = compare(recording, &[policy], &options)
            .map_err(|error| Error::Internal(format!("replaying: {error}")))?;
        curves.extend(curve);
    }
    Ok(curves)
}
