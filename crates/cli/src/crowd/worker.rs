//! A simulated worker's day.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::sync::watch;

use super::Job;
use super::character::Character;
use crate::client::Client;

pub(super) struct Worker {
    pub(super) client: Client,
    pub(super) job: Arc<Job>,
    pub(super) character: Character,
}

#[derive(Deserialize)]
struct Claimed {
    assignment: Assignment,
}

#[derive(Deserialize)]
struct Assignment {
    id: String,
    tasks: Vec<Task>,
}

#[derive(Deserialize)]
struct Task {
    id: String,
}

#[derive(Deserialize)]
struct Live {
    items: Vec<Assignment>,
}

#[derive(Deserialize)]
struct Offer {
    tasks_left: i64,
}

const BETWEEN_LOOKS: Duration = Duration::from_secs(2);

impl Worker {
    /// Finishes what an earlier day left, then works until there can be nothing left for this worker.
    pub(super) async fn work(mut self, mut stop: watch::Receiver<bool>) -> Result<()> {
        let live: Live =
            self.client.get(&format!("work/assignments?batch={}", self.job.batch)).await?;
        let mut waiting = live.items;
        waiting.reverse();
        while !*stop.borrow() {
            let next = match waiting.pop() {
                Some(assignment) => Some(assignment),
                None => self.claim().await?,
            };
            tokio::select! {
                done = self.answer_or_wait(next) => if !done? { return Ok(()) },
                // A suite in hand is taken up again on the next day.
                _ = stop.wait_for(|stop| *stop) => return Ok(()),
            }
        }
        Ok(())
    }

    /// Answers the suite; without one waits a while. False when there can be nothing left.
    async fn answer_or_wait(&mut self, assignment: Option<Assignment>) -> Result<bool> {
        if let Some(assignment) = assignment {
            self.answer(assignment).await?;
            return Ok(true);
        }
        let offer: Offer = self.client.get(&format!("work/batches/{}", self.job.batch)).await?;
        if offer.tasks_left > 0 {
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        Ok(offer.tasks_left > 0)
    }

    async fn claim(&self) -> Result<Option<Assignment>> {
        let path = format!("work/batches/{}/claim", self.job.batch);
        let response = self.client.send(self.client.request(Method::POST, &path)).await?;
        if response.status() == StatusCode::NO_CONTENT {
            return Ok(None);
        }
        Ok(Some(response.json::<Claimed>().await?.assignment))
    }

    async fn answer(&mut self, assignment: Assignment) -> Result<()> {
        let path = format!("work/assignments/{}", assignment.id);
        if self.character.gives_up() {
            let _: Value =
                self.client.send_json(Method::POST, &format!("{path}/return"), &json!({})).await?;
            return Ok(());
        }
        let mut judgments = Vec::new();
        for task in &assignment.tasks {
            let seconds = self.character.thinking_seconds(self.job.output.len()) / self.job.speed;
            tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
            judgments.push(json!({"task": task.id, "output": self.output(&task.id)}));
        }
        let submission = json!({"judgments": judgments});
        let _: Value =
            self.client.send_json(Method::POST, &format!("{path}/submit"), &submission).await?;
        Ok(())
    }

    fn output(&mut self, task: &str) -> Map<String, Value> {
        let job = Arc::clone(&self.job);
        let truth = job.truth.get(task);
        let answers = job.output.iter().filter_map(|(name, field)| {
            let right = truth.and_then(|truth| truth.get(name));
            Some((name.clone(), self.character.answer(field, right)?))
        });
        answers.collect()
    }
}
