//! Which workers answer against the rest.

use super::pairs::Agreement;

/// Rounds of the power iteration; signs settle long before values do.
const ROUNDS: usize = 300;

/// +1 or −1 for each worker, so that pairs of positive agreement have equal signs where possible, the majority +1.
///
/// The signs of the leading eigenvector of the matrix of agreement signs, scaled by degree; the power iteration
/// starts from all ones, so that without contrary evidence nobody is an adversary.
pub(super) fn signs(agreement: &Agreement) -> Vec<f64> {
    let workers = agreement.workers();
    let sign = |value: f64| if value == 0.0 { 0.0 } else { value.signum() };
    let mut vector = vec![1.0; workers];
    for _ in 0..ROUNDS {
        let mut next: Vec<f64> = (0..workers)
            .map(|worker| {
                let row = agreement.row(worker);
                let pairs = (0..workers).filter(|&other| agreement.shares(worker, other));
                let (mut sum, mut degree) = (0.0, 1.0);
                for other in pairs {
                    sum += sign(row[other]) * vector[other];
                    degree += 1.0;
                }
                // The identity added keeps the iteration from swinging between two vectors.
                (vector[worker] + sum) / degree
            })
            .collect();
        let largest = next.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
        if largest <= 0.0 {
            break;
        }
        for value in &mut next {
            *value /= largest;
        }
        vector = next;
    }
    let total: f64 = vector.iter().map(|value| value.signum()).sum();
    let turn = if total < 0.0 { -1.0 } else { 1.0 };
    vector.into_iter().map(|value| if value < 0.0 { -turn } else { turn }).collect()
}
