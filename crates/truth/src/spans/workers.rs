//! What a worker says of a token, given its true tag and perhaps the worker's last tag.

use super::sequences::{Annotation, NO_TAG};
use crate::special::digamma;

/// Expected counts of a worker's tags: `[worker][context][truth][tag]`. The context is what the worker said of the
/// token before (or that it is the first), where the model asks for it; else there is one context.
pub(super) struct WorkerCounts {
    tags: usize,
    contexts: usize,
    counts: Vec<f64>,
}

/// Expected log-probabilities in the same order, for the answers that are missing 0.
pub(super) struct WorkerLogs {
    tags: usize,
    contexts: usize,
    logs: Vec<f64>,
}

/// How strongly a worker's rows lean on what is known without them, in pseudo-answers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaning {
    /// Of a worker's rows on those of the whole crowd.
    pub crowd: f64,
    /// Of a worker's rows in one context on the worker's rows in all.
    pub context: f64,
}

/// Pseudo-answers that put right before wrong while nothing is known.
const RIGHT: f64 = 2.0;
const WRONG: f64 = 0.1;

impl WorkerCounts {
    pub(super) fn new(workers: usize, tags: usize, sequential: bool) -> Self {
        let contexts = if sequential { tags + 1 } else { 1 };
        Self { tags, contexts, counts: vec![0.0; workers * contexts * tags * tags] }
    }

    /// Adds one annotation, with the posterior of its document's tags.
    pub(super) fn add(&mut self, annotation: &Annotation, marginal: &[f64]) {
        let mut context = first_context(self.contexts);
        for (token, &tag) in annotation.tags.iter().enumerate() {
            if tag != NO_TAG {
                let start = self.row(annotation.worker as usize, context);
                for (truth, p) in marginal[token * self.tags..][..self.tags].iter().enumerate() {
                    self.counts[start + truth * self.tags + usize::from(tag)] += p;
                }
            }
            context = next_context(self.contexts, tag);
        }
    }

    fn row(&self, worker: usize, context: usize) -> usize {
        (worker * self.contexts + context) * self.tags * self.tags
    }

    /// Counts over all contexts, `[worker][truth][tag]`.
    pub(super) fn confusion(&self) -> Vec<f64> {
        let cells = self.tags * self.tags;
        let worker = |tables: &[f64]| -> Vec<f64> {
            (0..cells).map(|cell| tables.iter().skip(cell).step_by(cells).sum()).collect()
        };
        self.counts.chunks_exact((self.contexts * cells).max(1)).flat_map(worker).collect()
    }

    /// Expected logs under Dirichlet posteriors whose priors are the crowd's rows, then the worker's.
    pub(super) fn logs(&self, leaning: Leaning) -> WorkerLogs {
        let (tags, cells) = (self.tags, self.tags * self.tags);
        let confusion = self.confusion();
        let pooled = crowd_rows(&confusion, tags);
        let mut logs = Vec::with_capacity(self.counts.len());
        for (worker, confusion) in confusion.chunks_exact(cells.max(1)).enumerate() {
            let own: Vec<f64> =
                (0..cells).map(|cell| leaning.crowd * pooled[cell] + confusion[cell]).collect();
            let mean = row_means(&own, tags);
            for context in 0..self.contexts {
                let counts = &self.counts[self.row(worker, context)..][..cells];
                // With one context a worker's rows are all there is; nothing leans on them.
                let alpha: Vec<f64> = match self.contexts {
                    1 => own.clone(),
                    _ => {
                        (0..cells).map(|cell| leaning.context * mean[cell] + counts[cell]).collect()
                    }
                };
                for row in alpha.chunks_exact(tags) {
                    let total = digamma(row.iter().sum::<f64>().max(1e-10));
                    logs.extend(row.iter().map(|alpha| digamma(alpha.max(1e-10)) - total));
                }
            }
        }
        WorkerLogs { tags, contexts: self.contexts, logs }
    }
}

impl WorkerLogs {
    /// Adds what one annotation says to the log-weights `[token][tag]` of its document.
    pub(super) fn add_emission(&self, annotation: &Annotation, emission: &mut [f64]) {
        let mut context = first_context(self.contexts);
        for (token, &tag) in annotation.tags.iter().enumerate() {
            if tag != NO_TAG {
                let table =
                    (annotation.worker as usize * self.contexts + context) * self.tags * self.tags;
                for (truth, weight) in
                    emission[token * self.tags..][..self.tags].iter_mut().enumerate()
                {
                    *weight += self.logs[table + truth * self.tags + usize::from(tag)];
                }
            }
            context = next_context(self.contexts, tag);
        }
    }
}

/// The last context stands for "the first token, or after one left open".
fn first_context(contexts: usize) -> usize {
    contexts - 1
}

fn next_context(contexts: usize, tag: u16) -> usize {
    if contexts == 1 { 0 } else { usize::from(tag).min(contexts - 1) }
}

/// The crowd's confusion matrix with a little mass everywhere and more on the right tag; rows sum to 1.
fn crowd_rows(confusion: &[f64], tags: usize) -> Vec<f64> {
    let mut pooled = vec![WRONG; tags * tags];
    for tag in 0..tags {
        pooled[tag * tags + tag] = RIGHT;
    }
    for table in confusion.chunks_exact((tags * tags).max(1)) {
        for (sum, count) in pooled.iter_mut().zip(table) {
            *sum += count;
        }
    }
    row_means(&pooled, tags)
}

pub(super) fn row_means(table: &[f64], tags: usize) -> Vec<f64> {
    let rows = table.chunks_exact(tags.max(1));
    rows.flat_map(|row| {
        let total: f64 = row.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        row.iter().map(move |value| value / total)
    })
    .collect()
}
