//! Hidden Markov models of the true tags, with two models of a worker.

use rayon::prelude::*;

use super::chain::{Chain, Paths};
use super::sequences::{Annotation, Sequences};
use super::workers::{Leaning, WorkerCounts, WorkerLogs, row_means};
use crate::error::{Error, check_parameter};
use crate::fit::Convergence;
use crate::special::digamma;

/// HMM-crowd: true tags form a Markov chain, every worker has a confusion matrix of tags.
///
/// Fitted by variational Bayes: tag sequences by forward-backward, transitions and confusion rows as Dirichlet
/// distributions. A worker's rows lean on the crowd's by `pooling` pseudo-answers. No features of the words are
/// used. Time per iteration tokens × tags² plus judged tokens × tags.
///
/// Source: Nguyen, Wallace, Li, Nenkova & Lease 2017, doi:10.18653/v1/P17-1028.
#[derive(Debug, Clone, PartialEq)]
pub struct HmmCrowd {
    /// Most iterations.
    pub iterations: usize,
    /// Stop when no probability of a tag moves by more than this.
    pub tolerance: f64,
    /// Pseudo-answers of the crowd in every row of a worker; above 0.
    pub pooling: f64,
}

/// Bayesian sequence combination: as [`HmmCrowd`], but what a worker says also depends on what the same worker said
/// of the token before, which is how people mark spans.
///
/// A worker's row after a certain tag leans on the worker's row overall by `context_pooling` pseudo-answers, that
/// on the crowd's by `pooling`.
///
/// Source: the model BSC-seq of Simpson & Gurevych 2019, doi:10.18653/v1/D19-1101.
#[derive(Debug, Clone, PartialEq)]
pub struct BayesianSequences {
    /// Most iterations.
    pub iterations: usize,
    /// Stop when no probability of a tag moves by more than this.
    pub tolerance: f64,
    /// Pseudo-answers of the crowd in every row of a worker; above 0.
    pub pooling: f64,
    /// Pseudo-answers of a worker's row in each of its contexts; above 0.
    pub context_pooling: f64,
}

/// The true tags and what was learned of the workers.
#[derive(Debug, Clone, PartialEq)]
pub struct SpanFit {
    /// The most probable sequence of tags of each document; it keeps to the transitions that are allowed.
    pub tags: Vec<Vec<u16>>,
    /// Probability of each tag of each token, by document, `[token][tag]` row-major.
    pub posterior: Vec<Vec<f64>>,
    /// Probability of each tag after another, `[before][after]` row-major.
    pub transitions: Vec<f64>,
    /// Confusion matrix of every worker, `[worker][truth][tag]` row-major.
    pub confusions: Vec<f64>,
    /// How the iteration ended; its likelihood is that of the judgments under the mean parameters.
    pub convergence: Convergence,
}

impl Default for HmmCrowd {
    fn default() -> Self {
        Self { iterations: 100, tolerance: 1e-4, pooling: 10.0 }
    }
}

impl Default for BayesianSequences {
    fn default() -> Self {
        Self { iterations: 100, tolerance: 1e-4, pooling: 10.0, context_pooling: 10.0 }
    }
}

impl HmmCrowd {
    /// Infers the true tags.
    ///
    /// # Errors
    /// A code out of range, an annotation of the wrong length, a parameter out of range.
    pub fn fit(&self, sequences: &Sequences) -> Result<SpanFit, Error> {
        let leaning = Leaning { crowd: self.pooling, context: 1.0 };
        let settings = Settings { iterations: self.iterations, tolerance: self.tolerance, leaning };
        settings.fit(sequences, false)
    }
}

impl BayesianSequences {
    /// Infers the true tags.
    ///
    /// # Errors
    /// A code out of range, an annotation of the wrong length, a parameter out of range.
    pub fn fit(&self, sequences: &Sequences) -> Result<SpanFit, Error> {
        let valid = self.context_pooling > 0.0;
        check_parameter("context_pooling", self.context_pooling, valid, "above 0")?;
        let leaning = Leaning { crowd: self.pooling, context: self.context_pooling };
        let settings = Settings { iterations: self.iterations, tolerance: self.tolerance, leaning };
        settings.fit(sequences, true)
    }
}

struct Settings {
    iterations: usize,
    tolerance: f64,
    leaning: Leaning,
}

/// Log-weight of a transition that is not allowed.
const FORBIDDEN: f64 = -50.0;

impl Settings {
    fn fit(&self, sequences: &Sequences, sequential: bool) -> Result<SpanFit, Error> {
        check_parameter("tolerance", self.tolerance, self.tolerance >= 0.0, "at least 0")?;
        check_parameter("pooling", self.leaning.crowd, self.leaning.crowd > 0.0, "above 0")?;
        sequences.check()?;
        let documents = sequences.by_document();
        let tags = sequences.tags;
        let mut posterior = vote_shares(sequences, &documents);
        let (mut starts, mut pairs) = neighbours(&posterior, tags);
        let mut convergence = Convergence::default();
        let mut counts = count(sequences, &posterior, sequential);
        while convergence.iterations < self.iterations && !convergence.converged {
            convergence.iterations += 1;
            let chain = chain(&starts, &pairs, sequences);
            let logs = counts.logs(self.leaning);
            let paths: Vec<Paths> = (documents.par_iter().zip(&sequences.lengths))
                .map(|(annotations, &length)| {
                    chain.paths(&emission(annotations, length, &logs, tags))
                })
                .collect();
            let mut moved = 0.0f64;
            (starts, pairs) = (vec![0.0; tags], vec![0.0; tags * tags]);
            for (old, path) in posterior.iter_mut().zip(&paths) {
                add(&mut starts, path.marginal.get(..tags).unwrap_or(&[]));
                add(&mut pairs, &path.transitions);
                let moves = old.iter().zip(&path.marginal).map(|(old, new)| (old - new).abs());
                moved = moves.fold(moved, f64::max);
                old.clone_from(&path.marginal);
            }
            counts = count(sequences, &posterior, sequential);
            convergence.log_likelihood = Some(paths.iter().map(|path| path.log_total).sum());
            convergence.converged = moved <= self.tolerance;
        }
        let chain = chain(&starts, &pairs, sequences);
        let logs = counts.logs(self.leaning);
        let tags_of = |(annotations, &length): (&Vec<&Annotation>, &usize)| {
            chain.best(&emission(annotations, length, &logs, tags))
        };
        let best = documents.iter().zip(&sequences.lengths).map(tags_of).collect();
        let transitions: Vec<f64> = chain.next.iter().map(|log| log.exp()).collect();
        Ok(SpanFit {
            tags: if tags == 0 { vec![Vec::new(); sequences.lengths.len()] } else { best },
            posterior,
            transitions: row_means(&transitions, tags),
            confusions: smoothed(&counts.confusion(), tags),
            convergence,
        })
    }
}

fn count(sequences: &Sequences, posterior: &[Vec<f64>], sequential: bool) -> WorkerCounts {
    let mut counts = WorkerCounts::new(sequences.workers, sequences.tags, sequential);
    for annotation in &sequences.annotations {
        counts.add(annotation, &posterior[annotation.document as usize]);
    }
    counts
}

/// Shares of the votes for each token, with half a vote spread over all tags.
fn vote_shares(sequences: &Sequences, documents: &[Vec<&Annotation>]) -> Vec<Vec<f64>> {
    let tags = sequences.tags;
    let shares = |(annotations, &length): (&Vec<&Annotation>, &usize)| {
        let mut votes = vec![0.5 / tags.max(1) as f64; length * tags];
        for annotation in annotations {
            for (token, &tag) in annotation.tags.iter().enumerate() {
                if usize::from(tag) < tags {
                    votes[token * tags + usize::from(tag)] += 1.0;
                }
            }
        }
        row_means(&votes, tags)
    };
    documents.iter().zip(&sequences.lengths).map(shares).collect()
}

/// Expected first tags and pairs of tags, were all tokens independent.
fn neighbours(posterior: &[Vec<f64>], tags: usize) -> (Vec<f64>, Vec<f64>) {
    let (mut starts, mut pairs) = (vec![0.0; tags], vec![0.0; tags * tags]);
    for document in posterior {
        let rows: Vec<&[f64]> = document.chunks_exact(tags.max(1)).collect();
        add(&mut starts, rows.first().copied().unwrap_or(&[]));
        for pair in rows.windows(2) {
            for (before, weight) in pair[0].iter().enumerate() {
                for (after, other) in pair[1].iter().enumerate() {
                    pairs[before * tags + after] += weight * other;
                }
            }
        }
    }
    (starts, pairs)
}

/// Expected logs of the chain's parameters under a Dirichlet prior of ½ for each transition that is allowed.
fn chain(starts: &[f64], pairs: &[f64], sequences: &Sequences) -> Chain {
    let tags = sequences.tags;
    let log = |counts: &[f64], allowed: &dyn Fn(usize) -> bool| -> Vec<f64> {
        let open = counts.iter().enumerate().filter(|(after, _)| allowed(*after));
        let total = digamma(open.map(|(_, count)| count + 0.5).sum::<f64>().max(0.5));
        let expected = |(after, count): (usize, &f64)| {
            if allowed(after) { digamma(count + 0.5) - total } else { FORBIDDEN }
        };
        counts.iter().enumerate().map(expected).collect()
    };
    let allowed = |before: usize, after: usize| {
        sequences.allowed.as_ref().is_none_or(|allowed| allowed[before * tags + after])
    };
    // What may come first is what may come after a tag that ends nothing: after every tag.
    let first = |after: usize| (0..tags).all(|before| allowed(before, after));
    let anywhere = (0..tags).any(first);
    Chain {
        tags,
        start: log(starts, &|after| !anywhere || first(after)),
        next: (0..tags)
            .flat_map(|before| {
                log(&pairs[before * tags..][..tags], &|after| allowed(before, after))
            })
            .collect(),
    }
}

fn emission(
    annotations: &[&Annotation],
    length: usize,
    logs: &WorkerLogs,
    tags: usize,
) -> Vec<f64> {
    let mut emission = vec![0.0; length * tags];
    for annotation in annotations {
        logs.add_emission(annotation, &mut emission);
    }
    emission
}

fn add(sums: &mut [f64], terms: &[f64]) {
    for (sum, term) in sums.iter_mut().zip(terms) {
        *sum += term;
    }
}

/// Rows scaled to 1; one without answers is uniform.
fn smoothed(counts: &[f64], tags: usize) -> Vec<f64> {
    let counts: Vec<f64> = counts.iter().map(|count| count + 1e-6).collect();
    row_means(&counts, tags)
}

#[cfg(test)]
mod tests;
