//! Sums and maxima over all paths of a Markov chain.

/// Log-weights of a chain: of the first tag, and of a tag after another (`[before][after]`).
pub(super) struct Chain {
    pub tags: usize,
    pub start: Vec<f64>,
    pub next: Vec<f64>,
}

/// What forward-backward answers for one document.
pub(super) struct Paths {
    /// Probability of each tag of each token, `[token][tag]`.
    pub marginal: Vec<f64>,
    /// Expected number of transitions, `[before][after]`.
    pub transitions: Vec<f64>,
    /// Log of the total weight of all paths.
    pub log_total: f64,
}

impl Chain {
    /// Forward-backward. `emission` holds the log-weight of each tag of each token; time tokens × tags².
    pub(super) fn paths(&self, emission: &[f64]) -> Paths {
        let (tags, tokens) = (self.tags, emission.len() / self.tags.max(1));
        let next: Vec<f64> = self.next.iter().map(|log| log.exp()).collect();
        let mut forward = vec![0.0; emission.len()];
        let mut local = vec![0.0; emission.len()];
        let mut log_total = 0.0;
        for token in 0..tokens {
            let range = token * tags..(token + 1) * tags;
            let largest = emission[range.clone()].iter().copied().fold(f64::NEG_INFINITY, f64::max);
            for (weight, log) in local[range.clone()].iter_mut().zip(&emission[range.clone()]) {
                *weight = (log - largest).exp();
            }
            let (before, here) = forward.split_at_mut(range.start);
            let here = &mut here[..tags];
            for (tag, value) in here.iter_mut().enumerate() {
                let reached = match before.len().checked_sub(tags) {
                    Some(last) => dot_column(&before[last..], &next, tag, tags),
                    None => self.start[tag].exp(),
                };
                *value = reached * local[range.start + tag];
            }
            log_total += normalize(here).ln() + largest;
        }
        let (marginal, transitions) = self.backward(&forward, &local, &next);
        Paths { marginal, transitions, log_total }
    }

    fn backward(&self, forward: &[f64], local: &[f64], next: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (tags, tokens) = (self.tags, forward.len() / self.tags.max(1));
        let mut marginal = forward.to_vec();
        let mut transitions = vec![0.0; tags * tags];
        let mut backward = vec![1.0; tags];
        let mut pairs = vec![0.0; tags * tags];
        for token in (1..tokens).rev() {
            let here = token * tags;
            let weighted: Vec<f64> =
                (0..tags).map(|tag| backward[tag] * local[here + tag]).collect();
            for before in 0..tags {
                let reached = forward[here - tags + before];
                for (after, weight) in weighted.iter().enumerate() {
                    pairs[before * tags + after] = reached * next[before * tags + after] * weight;
                }
            }
            normalize(&mut pairs);
            for (sum, pair) in transitions.iter_mut().zip(&pairs) {
                *sum += pair;
            }
            for before in 0..tags {
                marginal[here - tags + before] = pairs[before * tags..][..tags].iter().sum();
                backward[before] =
                    next[before * tags..][..tags].iter().zip(&weighted).map(|(a, b)| a * b).sum();
            }
            normalize(&mut backward);
        }
        (marginal, transitions)
    }

    /// The path of largest weight (Viterbi).
    pub(super) fn best(&self, emission: &[f64]) -> Vec<u16> {
        let (tags, tokens) = (self.tags, emission.len() / self.tags.max(1));
        let mut from = vec![0u16; emission.len()];
        let mut score = vec![0.0; tags];
        for token in 0..tokens {
            let mut reached = self.start.clone();
            if token > 0 {
                for (tag, value) in reached.iter_mut().enumerate() {
                    let options =
                        (0..tags).map(|before| score[before] + self.next[before * tags + tag]);
                    let (best, weight) = largest(options);
                    *value = weight;
                    from[token * tags + tag] = best as u16;
                }
            }
            for (tag, value) in reached.iter_mut().enumerate() {
                *value += emission[token * tags + tag];
            }
            score = reached;
        }
        let mut path = vec![0u16; tokens];
        let mut tag = largest(score.iter().copied()).0 as u16;
        for token in (0..tokens).rev() {
            path[token] = tag;
            tag = from[token * tags + usize::from(tag)];
        }
        path
    }
}

fn dot_column(left: &[f64], table: &[f64], column: usize, width: usize) -> f64 {
    left.iter().enumerate().map(|(row, value)| value * table[row * width + column]).sum()
}

/// The first index of the largest value, and the value.
fn largest(values: impl Iterator<Item = f64>) -> (usize, f64) {
    let start = (0, f64::NEG_INFINITY);
    values.enumerate().fold(start, |best, item| if item.1 > best.1 { item } else { best })
}

/// Scales to sum 1 and says what the sum was.
fn normalize(values: &mut [f64]) -> f64 {
    let total: f64 = values.iter().sum();
    let bounded = total.max(f64::MIN_POSITIVE);
    for value in values {
        *value /= bounded;
    }
    bounded
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three tokens, two tags: all eight paths can be written down.
    fn example() -> (Chain, Vec<f64>) {
        let logs = |values: &[f64]| values.iter().map(|value: &f64| value.ln()).collect();
        let chain = Chain { tags: 2, start: logs(&[0.6, 0.4]), next: logs(&[0.7, 0.3, 0.2, 0.8]) };
        (chain, logs(&[0.5, 0.1, 0.4, 0.6, 0.9, 0.3]))
    }

    fn weights(chain: &Chain, emission: &[f64]) -> Vec<([usize; 3], f64)> {
        let weight = |path: [usize; 3]| {
            let moves = chain.next[path[0] * 2 + path[1]] + chain.next[path[1] * 2 + path[2]];
            let seen: f64 = (0..3).map(|token| emission[token * 2 + path[token]]).sum();
            (chain.start[path[0]] + moves + seen).exp()
        };
        let path = |code: usize| [code & 1, code >> 1 & 1, code >> 2];
        (0..8).map(|code| (path(code), weight(path(code)))).collect()
    }

    #[test]
    fn agrees_with_writing_all_paths_down() {
        let (chain, emission) = example();
        let all = weights(&chain, &emission);
        let total: f64 = all.iter().map(|path| path.1).sum();
        let paths = chain.paths(&emission);
        assert!((paths.log_total - total.ln()).abs() < 1e-12);
        for token in 0..3 {
            for tag in 0..2 {
                let with = all.iter().filter(|path| path.0[token] == tag);
                let expected = with.map(|path| path.1).sum::<f64>() / total;
                assert!((paths.marginal[token * 2 + tag] - expected).abs() < 1e-12);
            }
        }
        let count = |a: usize, b: usize, path: &[usize; 3]| {
            path.windows(2).filter(|pair| **pair == [a, b]).count() as f64
        };
        for (a, b) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let sum: f64 = all.iter().map(|(path, weight)| weight * count(a, b, path)).sum();
            assert!((paths.transitions[a * 2 + b] - sum / total).abs() < 1e-12);
        }
        let best = all.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap().0;
        assert_eq!(chain.best(&emission), best.map(|tag| tag as u16));
    }

    #[test]
    fn a_document_without_tokens() {
        let (chain, _) = example();
        assert!(chain.best(&[]).is_empty() && chain.paths(&[]).marginal.is_empty());
    }
}
