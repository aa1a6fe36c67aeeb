//! How probable it is that what some workers marked, and others did not, is there.

/// Who looked at a candidate object and whether they marked it.
pub(super) struct Candidate {
    /// (worker, marked)
    pub looks: Vec<(usize, bool)>,
}

/// Rates of the workers and probabilities of the candidates.
pub(super) struct Existence {
    pub probability: Vec<f64>,
    pub recall: Vec<f64>,
    pub false_marks: Vec<f64>,
    pub iterations: usize,
    pub converged: bool,
}

/// Pseudo-looks of the Beta priors: (marked, not marked) of an object, of a candidate that is none, and how many
/// candidates are real.
const RECALL_PRIOR: (f64, f64) = (4.0, 1.0);
const FALSE_PRIOR: (f64, f64) = (1.0, 4.0);
const REAL_PRIOR: (f64, f64) = (2.0, 1.0);

/// Two rates a worker, fitted by expectation-maximisation. A candidate that nobody marks is never seen, so every
/// probability is given that somebody marked it.
pub(super) fn estimate(candidates: &[Candidate], workers: usize, most: usize) -> Existence {
    let share = |(yes, no): (f64, f64)| yes / (yes + no);
    let mut state = Existence {
        probability: vec![share(REAL_PRIOR); candidates.len()],
        recall: vec![share(RECALL_PRIOR); workers],
        false_marks: vec![share(FALSE_PRIOR); workers],
        iterations: 0,
        converged: candidates.is_empty(),
    };
    let mut real = share(REAL_PRIOR);
    while state.iterations < most && !state.converged {
        state.iterations += 1;
        let mut moved = 0.0f64;
        for (candidate, probability) in candidates.iter().zip(&mut state.probability) {
            let there = (real / (1.0 - real)).ln() + log_seen(candidate, &state.recall)
                - log_seen(candidate, &state.false_marks);
            let next = 1.0 / (1.0 + (-there).exp());
            moved = moved.max((next - *probability).abs());
            *probability = next;
        }
        let total: f64 = state.probability.iter().sum();
        real = (total + REAL_PRIOR.0) / (candidates.len() as f64 + REAL_PRIOR.0 + REAL_PRIOR.1);
        let there = |index: usize| state.probability[index];
        state.recall = rates(candidates, workers, RECALL_PRIOR, there);
        state.false_marks = rates(candidates, workers, FALSE_PRIOR, |index| 1.0 - there(index));
        state.converged = moved < 1e-6;
    }
    state
}

/// Log-probability of these marks for workers with these rates, given at least one mark.
fn log_seen(candidate: &Candidate, rates: &[f64]) -> f64 {
    let mut log = 0.0;
    let mut nobody = 1.0;
    for &(worker, marked) in &candidate.looks {
        let rate = rates[worker];
        log += if marked { rate.ln() } else { (1.0 - rate).ln() };
        nobody *= 1.0 - rate;
    }
    log - (1.0 - nobody).ln()
}

fn rates(
    candidates: &[Candidate],
    workers: usize,
    prior: (f64, f64),
    weight: impl Fn(usize) -> f64,
) -> Vec<f64> {
    let mut marked = vec![prior.0; workers];
    let mut looked = vec![prior.0 + prior.1; workers];
    for (index, candidate) in candidates.iter().enumerate() {
        for &(worker, mark) in &candidate.looks {
            looked[worker] += weight(index);
            marked[worker] += if mark { weight(index) } else { 0.0 };
        }
    }
    marked.iter().zip(looked).map(|(marked, looked)| marked / looked).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(marks: &[bool]) -> Candidate {
        Candidate { looks: marks.iter().copied().enumerate().collect() }
    }

    #[test]
    fn many_marks_are_an_object_and_one_of_many_is_not() {
        let mut candidates: Vec<Candidate> = (0..20).map(|_| candidate(&[true; 4])).collect();
        candidates.extend((0..5).map(|_| candidate(&[false, false, false, true])));
        candidates.push(candidate(&[true, true, false, true]));
        let found = estimate(&candidates, 4, 200);
        assert!(
            found.probability[0] > 0.99 && found.probability[22] < 0.1,
            "{:?}",
            found.probability
        );
        assert!(found.probability[25] > 0.8);
        assert!(found.false_marks[3] > found.false_marks[0] && found.converged);
    }

    #[test]
    fn alone_nobody_can_be_checked() {
        let found = estimate(&[candidate(&[true])], 1, 50);
        assert!((found.probability[0] - 2.0 / 3.0).abs() < 1e-6);
    }
}
