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

/// Looks for work this often in vain, then goes home.
const PATIENCE: u32 = 5;
const BETWEEN_LOOKS: Duration = Duration::from_secs(3);

impl Worker {
    pub(super) async fn work(mut self, mut stop: watch::Receiver<bool>) -> Result<()> {
        let mut in_vain = 0;
        while in_vain < PATIENCE && !*stop.borrow() {
            let pause = match self.claim().await? {
                Some(assignment) => {
                    in_vain = 0;
                    tokio::select! {
                        done = self.answer(assignment) => done?,
                        // The lease of an unfinished suite ends by itself.
                        _ = stop.wait_for(|stop| *stop) => return Ok(()),
                    }
                    Duration::ZERO
                }
                None => {
                    in_vain += 1;
                    BETWEEN_LOOKS
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = stop.wait_for(|stop| *stop) => return Ok(()),
            }
        }
        Ok(())
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
            let _: Value = self.client.send_json(Method::POST, &format!("{path}/return"), &json!({})).await?;
            return Ok(());
        }
        let mut judgments = Vec::new();
        for task in &assignment.tasks {
            let seconds = self.character.thinking_seconds() / self.job.speed;
            tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
            judgments.push(json!({"task": task.id, "output": self.output(&task.id)}));
        }
        let submission = json!({"judgments": judgments});
        let _: Value = self.client.send_json(Method::POST, &format!("{path}/submit"), &submission).await?;
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
