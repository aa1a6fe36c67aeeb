//! Gold from finished tasks: those that many workers agree on, spread over the answers.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::mark::{Correction, mark_in};
use super::{Answers, Source};
use crate::Platform;
use crate::batch::{self, Batch, Terms, lock_batch, not_found};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::policy::Automatic;
use crate::result::{Aggregation, FieldResult, Freshness, Method};
use crate::task::{self, State};

/// A finished task that could be gold.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Proposal {
    /// The task's name, or its id.
    pub task: String,
    pub task_id: Id,
    #[schema(value_type = Object)]
    pub input: Box<RawValue>,
    pub answers: Answers,
    /// How sure the least sure field is.
    pub confidence: f64,
    pub judgments: i64,
}

/// Tasks read in one statement.
const PAGE: i64 = 5_000;

/// Finished tasks that could be gold by the batch's policy, or by the usual limits where it says nothing.
pub async fn proposals(platform: &Platform, batch: &Batch) -> Result<Vec<Proposal>> {
    let limits = batch.policy()?.gold.automatic.unwrap_or(Automatic {
        confidence: 0.99,
        judgments: 4,
        confirm: true,
        most: 50,
        spread: None,
    });
    let aggregation = platform
        .aggregations
        .get(&platform.db, &platform.revisions, batch, Method::Auto, Freshness::Recent)
        .await?;
    let room = (limits.most - batch.golds).max(0) as usize;
    let mut candidates = Vec::new();
    let mut after = None;
    loop {
        let tasks = task::list(&platform.db, batch.id, Some(State::Done), after, PAGE).await?;
        let Some(last) = tasks.last() else { break };
        after = Some(last.id);
        candidates
            .extend(tasks.into_iter().filter_map(|task| propose(task, &aggregation, &limits)));
    }
    Ok(spread(candidates, &limits, room))
}

fn propose(task: task::Task, aggregation: &Aggregation, limits: &Automatic) -> Option<Proposal> {
    if task.judgments < limits.judgments {
        return None;
    }
    let results = aggregation.of_task(task.id);
    let named = aggregation.names().iter().cloned().zip(results);
    // Texts and numbers have no probability of being right; a task is judged by its other fields.
    let sure: IndexMap<String, FieldResult> = named
        .filter_map(|(name, result)| Some((name, result?)))
        .filter(|(_, result)| result.probabilities.is_some())
        .collect();
    let confidence = sure.values().filter_map(|result| result.confidence).reduce(f64::min)?;
    (confidence >= limits.confidence).then(|| Proposal {
        task: task.name.unwrap_or_else(|| task.id.to_string()),
        task_id: task.id,
        input: task.input,
        answers: Answers(
            sure.into_iter().map(|(name, result)| (name, vec![result.value])).collect(),
        ),
        confidence,
        judgments: task.judgments,
    })
}

/// Chooses up to `room` candidates so that the answers to their first field are spread by weight; the surest of each
/// answer first.
fn spread(mut candidates: Vec<Proposal>, limits: &Automatic, room: usize) -> Vec<Proposal> {
    candidates.sort_by(|one, two| {
        two.confidence.total_cmp(&one.confidence).then(two.judgments.cmp(&one.judgments))
    });
    let mut by_answer: IndexMap<String, std::collections::VecDeque<Proposal>> = IndexMap::new();
    for candidate in candidates {
        by_answer.entry(first_answer(&candidate)).or_default().push_back(candidate);
    }
    let weight = |answer: &str| {
        limits.spread.as_ref().map_or(1.0, |weights| weights.get(answer).copied().unwrap_or(0.0))
    };
    let mut taken: IndexMap<String, f64> = IndexMap::new();
    let mut chosen = Vec::new();
    while chosen.len() < room {
        // The answer that is furthest behind its share comes next.
        let behind =
            |answer: &String| (taken.get(answer).copied().unwrap_or(0.0) + 1.0) / weight(answer);
        let next = by_answer
            .iter()
            .filter(|(answer, left)| !left.is_empty() && weight(answer) > 0.0)
            .map(|(answer, _)| answer)
            .min_by(|one, two| behind(one).total_cmp(&behind(two)))
            .cloned();
        let Some(answer) = next else { break };
        *taken.entry(answer.clone()).or_default() += 1.0;
        chosen.extend(by_answer.get_mut(&answer).and_then(std::collections::VecDeque::pop_front));
    }
    chosen
}

fn first_answer(proposal: &Proposal) -> String {
    let answer = proposal.answers.0.values().next().and_then(|answers| answers.first());
    answer.map_or_else(String::new, |answer| {
        answer.as_str().map_or_else(|| Value::to_string(answer), str::to_owned)
    })
}

/// Makes proposals gold; those that are none any more are an error. Answers how many.
pub async fn confirm(platform: &Platform, workspace: Id, batch: Id, tasks: &[Id]) -> Result<i64> {
    let shown = batch::get(&platform.db, workspace, batch).await?;
    let mut proposed = proposals(platform, &shown).await?;
    proposed.retain(|proposal| tasks.contains(&proposal.task_id));
    if let Some(lost) = tasks.iter().find(|task| !proposed.iter().any(|one| one.task_id == **task))
    {
        return Err(Error::invalid("tasks", format!("{lost} is no proposal of this batch")));
    }
    make(platform, workspace, batch, proposed).await
}

async fn make(
    platform: &Platform,
    workspace: Id,
    batch: Id,
    proposals: Vec<Proposal>,
) -> Result<i64> {
    let context = std::sync::Arc::new((platform.clone(), proposals));
    platform
        .db
        .write(move |tx| {
            let context = std::sync::Arc::clone(&context);
            Box::pin(async move {
                let (platform, proposals) = &*context;
                lock_batch(tx, workspace, batch).await?.ok_or_else(not_found)?;
                let terms = platform.terms.load(tx, batch).await?;
                for proposal in proposals {
                    let answers = proposal.answers.clone();
                    let correction = Correction { answers, explanation: None, secret: None };
                    let task = proposal.task_id;
                    mark_in(tx, platform, &terms, task, &correction, Source::Automatic).await?;
                }
                Ok(proposals.len() as i64)
            })
        })
        .await
}

/// Makes gold without being asked, where the policy says so.
pub(crate) async fn automatic(platform: &Platform, terms: &Terms) -> Result<()> {
    let Some(limits) = terms.policy.gold.automatic.as_ref().filter(|limits| !limits.confirm) else {
        return Ok(());
    };
    if terms.golds >= limits.most {
        return Ok(());
    }
    let batch = batch::get(&platform.db, terms.workspace, terms.batch).await?;
    let proposals = proposals(platform, &batch).await?;
    if !proposals.is_empty() {
        let made = make(platform, terms.workspace, terms.batch, proposals).await?;
        tracing::info!(batch = %terms.batch, gold = made, "finished tasks became gold");
    }
    Ok(())
}
