//! MACE: workers who know the answer or spam.

use rayon::prelude::*;

use super::common::{assemble, check_answers};
use super::rightness::{Cell, Posteriors};
use crate::error::{Error, check_parameter};
use crate::fit::{Convergence, Estimator, Fit, Progress};
use crate::judgments::Judgments;
use crate::rng::Rng;
use crate::special::digamma;

/// MACE (multi-annotator competence estimation): worker w knows the answer with probability κʷ, else spams by ξʷ.
///
/// p(y | c) = κʷ [y = c] + (1 − κʷ) ξʷ(y), classes equally likely. Fitted by variational Bayes with κ, 1 − κ ~
/// Beta(`alpha`, `beta`) pseudo-counts for spamming and knowing and ξ ~ Dirichlet(10), or by expectation maximisation
/// with counts smoothed by 0.01/K; the best of several random starts by likelihood. The skill of the fit is κʷ.
///
/// Hovy, Berg-Kirkpatrick, Vaswani, Hovy: Learning Whom to Trust with MACE. NAACL 2013,
/// <https://aclanthology.org/N13-1132>.
#[derive(Debug, Clone, PartialEq)]
pub struct Mace {
    /// Random starts, at least 1.
    pub restarts: usize,
    /// Iterations of each start.
    pub iterations: usize,
    /// Variational Bayes, or else expectation maximisation.
    pub variational: bool,
    /// Pseudo-judgments in which a worker spams, positive.
    pub alpha: f64,
    /// Pseudo-judgments in which a worker knows, positive.
    pub beta: f64,
    /// How much more than 1 the random numbers of a start may be, relative to each other.
    pub noise: f64,
    /// Seed of the starts.
    pub seed: u64,
    /// A given start in place of random ones.
    pub start: Option<MaceStart>,
}

/// Probabilities to start from.
#[derive(Debug, Clone, PartialEq)]
pub struct MaceStart {
    /// κʷ of each worker.
    pub knowing: Vec<f64>,
    /// ξʷ, `[worker][class]`, each row summing to 1.
    pub strategies: Vec<f64>,
}

impl Default for Mace {
    fn default() -> Self {
        Self {
            restarts: 10,
            iterations: 50,
            variational: true,
            alpha: 0.5,
            beta: 0.5,
            noise: 0.5,
            seed: 0,
            start: None,
        }
    }
}

/// Pseudo-judgments of each class in a spammer's strategy.
const STRATEGY_PRIOR: f64 = 10.0;

impl Estimator for Mace {
    fn name(&self) -> &'static str {
        "mace"
    }

    fn fit_watched(&self, judgments: &Judgments, progress: &Progress) -> Result<Fit, Error> {
        self.check(judgments)?;
        let counts = answer_counts(judgments);
        let gold = judgments.gold_codes();
        let prior = vec![1.0 / judgments.classes().max(1) as f64; judgments.classes()];
        let expectation = |state: &State| {
            let cells = state.cells();
            Posteriors { judgments, gold, prior: &prior, cells: &cells }.sums()
        };
        let starts = if self.start.is_some() { 1 } else { self.restarts };
        let mut best: Option<(f64, State)> = None;
        for restart in 0..starts {
            let mut state = self.start(judgments, restart as u64);
            let mut sums = expectation(&state);
            for _ in 0..self.iterations {
                progress.step();
                state = self.maximisation(&counts, &sums.rightness, &state);
                sums = expectation(&state);
            }
            if best.as_ref().is_none_or(|(found, _)| sums.log_likelihood > *found) {
                best = Some((sums.log_likelihood, state));
            }
        }
        let Some((log_likelihood, state)) = best else { unreachable!("restarts are at least 1") };
        let values = Posteriors { judgments, gold, prior: &prior, cells: &state.cells() }.all();
        let convergence = Convergence {
            iterations: self.iterations,
            converged: true,
            log_likelihood: Some(log_likelihood),
        };
        assemble(judgments, values, prior, Some(state.knowing), convergence)
    }
}

impl Mace {
    fn check(&self, judgments: &Judgments) -> Result<(), Error> {
        check_answers(judgments)?;
        let (workers, classes) = (judgments.workers(), judgments.classes());
        check_parameter("restarts", self.restarts as f64, self.restarts > 0, "at least 1")?;
        for (name, value) in [("alpha", self.alpha), ("beta", self.beta)] {
            check_parameter(name, value, value.is_finite() && value > 0.0, "a positive number")?;
        }
        let noise = self.noise.is_finite() && self.noise >= 0.0;
        check_parameter("noise", self.noise, noise, "a finite number of at least 0")?;
        if let Some(start) = &self.start {
            for (what, expected, found) in [
                ("knowing", workers, start.knowing.len()),
                ("strategies", workers * classes, start.strategies.len()),
            ] {
                if expected != found {
                    return Err(Error::Shape { what, expected, found });
                }
            }
            for &value in start.knowing.iter().chain(&start.strategies) {
                check_parameter("start", value, (0.0..=1.0).contains(&value), "probabilities")?;
            }
        }
        Ok(())
    }

    fn start(&self, judgments: &Judgments, restart: u64) -> State {
        let (workers, classes) = (judgments.workers(), judgments.classes());
        if let Some(MaceStart { knowing, strategies }) = self.start.clone() {
            return State {
                classes,
                spamming: knowing.iter().map(|know| 1.0 - know).collect(),
                knowing,
                strategies,
            };
        }
        let mut rng = Rng::new(self.seed.wrapping_mul(0x1_0000).wrapping_add(restart));
        let mut draw = || 1.0 + (1.0 + self.noise) * rng.uniform();
        let mut share = || {
            let (know, spam) = (draw(), draw());
            know / (know + spam)
        };
        let knowing: Vec<f64> = (0..workers).map(|_| share()).collect();
        let mut strategies: Vec<f64> = (0..workers * classes).map(|_| draw()).collect();
        for row in strategies.chunks_exact_mut(classes.max(1)) {
            super::common::normalise(row);
        }
        State {
            classes,
            spamming: knowing.iter().map(|know| 1.0 - know).collect(),
            knowing,
            strategies,
        }
    }

    /// κ and ξ from the expected numbers of knowing and spamming: of the answers y of a worker, Σ q(t, y) · κ/(κ +
    /// spam) are known.
    fn maximisation(&self, counts: &[f64], rightness: &[f64], state: &State) -> State {
        let classes = state.classes;
        let smoothing = 0.01 / classes.max(1) as f64;
        let mut strategies = counts.to_vec();
        let shares: Vec<(f64, f64)> = strategies
            .par_chunks_mut(classes.max(1))
            .with_min_len(64)
            .enumerate()
            .map(|(worker, strategy)| {
                let mut known = 0.0;
                for (label, spammed) in strategy.iter_mut().enumerate() {
                    let (know, spam) = state.split(worker, label);
                    let knew = rightness[worker * classes + label] * know / (know + spam);
                    known += knew;
                    *spammed = (*spammed - knew).max(0.0);
                }
                let spammed: f64 = strategy.iter().sum();
                self.normalise(strategy, STRATEGY_PRIOR, STRATEGY_PRIOR, smoothing);
                let mut pair = [spammed, known];
                self.normalise(&mut pair, self.alpha, self.beta, smoothing);
                (pair[0], pair[1])
            })
            .collect();
        let (spamming, knowing) = shares.into_iter().unzip();
        State { classes, knowing, spamming, strategies }
    }

    /// exp ψ(x + prior) / exp ψ(Σ), or smoothed shares; the first entry has prior `first`, the last `last`.
    fn normalise(&self, row: &mut [f64], first: f64, last: f64, smoothing: f64) {
        let prior = |index: usize| match (self.variational, index) {
            (false, _) => smoothing,
            (true, 0) => first,
            (true, _) => last,
        };
        let total: f64 = row.iter().enumerate().map(|(index, value)| value + prior(index)).sum();
        for (index, value) in row.iter_mut().enumerate() {
            let count = *value + prior(index);
            *value = if self.variational {
                (digamma(count) - digamma(total)).exp()
            } else {
                count / total
            };
        }
    }
}

/// Current probabilities; under variational Bayes κ + spamming may be below 1.
struct State {
    classes: usize,
    knowing: Vec<f64>,
    spamming: Vec<f64>,
    strategies: Vec<f64>,
}

impl State {
    /// Probability of the answer by knowing it and by spamming.
    fn split(&self, worker: usize, label: usize) -> (f64, f64) {
        let spam = self.spamming[worker] * self.strategies[worker * self.classes + label];
        (self.knowing[worker], spam.max(1e-300))
    }

    fn cells(&self) -> Vec<Cell> {
        let cell = |index: usize| {
            let (know, spam) = self.split(index / self.classes, index % self.classes);
            Cell::new(know + spam, spam)
        };
        (0..self.strategies.len()).map(cell).collect()
    }
}

/// How often each worker gave each answer.
fn answer_counts(judgments: &Judgments) -> Vec<f64> {
    let classes = judgments.classes();
    let mut counts = vec![0.0; judgments.workers() * classes];
    for (&worker, &label) in judgments.worker_codes().iter().zip(judgments.label_codes()) {
        counts[worker as usize * classes + label as usize] += 1.0;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::categorical::testing::{accuracy, judgments, simulated};

    #[test]
    fn knowing_is_ordered_and_the_truth_is_found() {
        let (data, truth) = simulated(400, 4, &[0.95, 0.8, 0.6, 0.3, 0.25], 5);
        for variational in [true, false] {
            let fit = Mace { variational, ..Mace::default() }.fit(&data).unwrap();
            assert!(accuracy(&fit.labels, &truth) > 0.9);
            let skills = fit.workers.skill.unwrap();
            assert!(
                skills[0] > skills[1] && skills[1] > skills[2] && skills[2] > skills[4],
                "{skills:?}"
            );
        }
    }

    /// One expectation by hand: κ = .5, ξ uniform over 2, one judgment of class 0: q(0) ∝ .5 + .25, q(1) ∝ .25.
    #[test]
    fn the_expectation_step_is_the_formula() {
        let data = judgments(1, 1, 2, &[(0, 0, 0)]);
        let start = Some(MaceStart { knowing: vec![0.5], strategies: vec![0.5, 0.5] });
        let fit = Mace { start, iterations: 0, ..Mace::default() }.fit(&data).unwrap();
        assert!((fit.posterior.row(0)[0] - 0.75).abs() < 1e-12);
        assert!((fit.convergence.log_likelihood.unwrap() - 0.5f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn odd_data_are_defined() {
        for data in
            [judgments(0, 0, 0, &[]), judgments(2, 1, 1, &[(0, 0, 0)]), judgments(2, 2, 2, &[])]
        {
            let fit = Mace::default().fit(&data).unwrap();
            assert!(fit.posterior.values().iter().all(|value| value.is_finite()));
        }
    }
}
