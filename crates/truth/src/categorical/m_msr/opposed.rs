//! Signs of the abilities as the authors' program finds them.

use super::pairs::Agreement;

/// Most workers for which all eigenvectors are computed; beyond, the leading one comes from a power iteration.
const DENSE: usize = 200;

/// Rounds of the power iteration.
const ROUNDS: usize = 300;

/// +1 or −1 for each worker, the majority +1; 0 for a worker whose agreements add up to nothing.
///
/// A positive agreement becomes a node between two workers, to which both are opposed, and the workers are split by
/// the eigenvector of the normalised graph whose eigenvalue −μ is closest to −1. A pair without common task, and a
/// worker with itself, count as opposed. Without the nodes in between that is the largest μ with λ(Q/μ − N) = μ for
/// the leading eigenvalue λ, where N holds the opposed pairs and Q half the signless Laplacian of the others, both
/// normalised by degree.
pub(super) fn signs(agreement: &Agreement) -> Vec<f64> {
    let known: Vec<usize> = (0..agreement.workers())
        .filter(|&worker| agreement.row(worker).iter().sum::<f64>() != 0.0)
        .collect();
    let split = Graph::new(agreement, &known).split();
    let total: f64 = split.iter().map(|value| value.signum()).sum();
    let turn = if total < 0.0 { -1.0 } else { 1.0 };
    let mut signs = vec![0.0; agreement.workers()];
    for (&worker, value) in known.iter().zip(split) {
        signs[worker] = if value < 0.0 { -turn } else { turn };
    }
    signs
}

/// The symmetric matrices N (`opposed`) and Q (`joined`), row-major.
struct Graph {
    workers: usize,
    opposed: Vec<f64>,
    joined: Vec<f64>,
}

impl Graph {
    fn new(agreement: &Agreement, known: &[usize]) -> Self {
        let workers = known.len();
        let values: Vec<f64> = (known.iter())
            .flat_map(|&worker| known.iter().map(move |&other| agreement.row(worker)[other]))
            .collect();
        let degree: Vec<f64> = (values.chunks_exact(workers.max(1)))
            .map(|row| row.iter().filter(|value| **value != 0.0).count().max(1) as f64)
            .collect();
        let empty = || vec![0.0; values.len()];
        let mut graph = Self { workers, opposed: empty(), joined: empty() };
        for worker in 0..workers {
            for other in 0..workers {
                let cell = worker * workers + other;
                let weight = 1.0 / (degree[worker] * degree[other]).sqrt();
                if values[cell] < 0.0 {
                    graph.opposed[cell] = weight;
                } else if values[cell] > 0.0 {
                    graph.joined[cell] += 0.5 * weight;
                    graph.joined[worker * workers + worker] += 0.5 / degree[worker];
                }
            }
        }
        graph
    }

    /// The eigenvector at the largest μ, by Newton's method from μ = 1.
    fn split(&self) -> Vec<f64> {
        let mut mu = 1.0;
        let mut vector = vec![1.0; self.workers];
        for _ in 0..30 {
            let matrix = self.joined.iter().zip(&self.opposed).map(|(q, n)| q / mu - n).collect();
            vector = leading(matrix, self.workers);
            let joined = quadratic(&self.joined, &vector);
            let gap = joined / mu - quadratic(&self.opposed, &vector) - mu;
            let next = (mu + gap / (joined / (mu * mu) + 1.0)).clamp(1e-6, 1.0);
            if (next - mu).abs() < 1e-12 {
                break;
            }
            mu = next;
        }
        vector
    }
}

fn quadratic(matrix: &[f64], vector: &[f64]) -> f64 {
    let rows = matrix.chunks_exact(vector.len().max(1)).zip(vector);
    rows.map(|(row, value)| value * dot(row, vector)).sum()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The unit eigenvector of the largest eigenvalue of a symmetric matrix.
fn leading(matrix: Vec<f64>, size: usize) -> Vec<f64> {
    if size > DENSE { power(&matrix, size) } else { jacobi(matrix, size) }
}

/// Power iteration; the identity added makes the largest eigenvalue the one of largest size.
fn power(matrix: &[f64], size: usize) -> Vec<f64> {
    let mut vector = vec![(size as f64).sqrt().recip(); size];
    for _ in 0..ROUNDS {
        let rows = matrix.chunks_exact(size).zip(&vector);
        let next: Vec<f64> = rows.map(|(row, own)| own + dot(row, &vector)).collect();
        let norm = dot(&next, &next).sqrt();
        if norm <= 0.0 {
            break;
        }
        vector = next.into_iter().map(|value| value / norm).collect();
    }
    vector
}

/// Jacobi's rotations, until nothing is left off the diagonal.
fn jacobi(mut matrix: Vec<f64>, size: usize) -> Vec<f64> {
    let mut vectors = vec![0.0; size * size];
    for place in 0..size {
        vectors[place * size + place] = 1.0;
    }
    for _ in 0..50 {
        let mut off = 0.0;
        for row in 0..size {
            for column in row + 1..size {
                let value = matrix[row * size + column];
                off += value * value;
                if value.abs() > 1e-300 {
                    rotate(&mut matrix, &mut vectors, size, row, column);
                }
            }
        }
        if off < 1e-28 {
            break;
        }
    }
    let value = |place: usize| matrix[place * size + place];
    let best = (0..size).max_by(|&a, &b| value(a).total_cmp(&value(b))).unwrap_or(0);
    (0..size).map(|row| vectors[row * size + best]).collect()
}

/// Makes the entry at (row, column) zero.
fn rotate(matrix: &mut [f64], vectors: &mut [f64], size: usize, row: usize, column: usize) {
    let at = |a: usize, b: usize| a * size + b;
    let half =
        (matrix[at(column, column)] - matrix[at(row, row)]) / (2.0 * matrix[at(row, column)]);
    let tangent = half.signum() / (half.abs() + half.hypot(1.0));
    let cosine = tangent.hypot(1.0).recip();
    let sine = tangent * cosine;
    let turn = |values: &mut [f64], first: usize, second: usize| {
        let (a, b) = (values[first], values[second]);
        values[first] = cosine * a - sine * b;
        values[second] = sine * a + cosine * b;
    };
    for other in 0..size {
        turn(matrix, at(other, row), at(other, column));
    }
    for other in 0..size {
        turn(matrix, at(row, other), at(column, other));
        turn(vectors, at(other, row), at(other, column));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::categorical::testing::judgments;

    #[test]
    fn jacobi_and_power_agree() {
        // Eigenvalues 4, 2 and 1.
        let matrix = vec![3.0, 1.0, 0.0, 1.0, 3.0, 0.0, 0.0, 0.0, 1.0];
        let (dense, iterated) = (jacobi(matrix.clone(), 3), power(&matrix, 3));
        for (a, b) in dense.iter().zip(&iterated) {
            assert!((a.abs() - b.abs()).abs() < 1e-9, "{dense:?} {iterated:?}");
        }
        assert!((dense[0].abs() - 0.5f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn a_worker_against_four_is_turned_round() {
        let answer = |task: u32, worker: u32| (task as u16 + u16::from(worker == 2)) % 2;
        let rows: Vec<(u32, u32, u16)> = (0..8)
            .flat_map(|task| (0..5).map(move |worker| (task, worker, answer(task, worker))))
            .collect();
        let agreement = Agreement::new(&judgments(8, 5, 2, &rows));
        assert_eq!(signs(&agreement), [1.0, 1.0, -1.0, 1.0, 1.0]);
    }

    /// Two workers without a common task agree with a third: here they are opposed to each other, yet all are positive.
    #[test]
    fn a_chain_of_agreement_holds() {
        let rows = [
            (0, 0, 1),
            (0, 1, 1),
            (1, 0, 0),
            (1, 1, 0),
            (2, 1, 1),
            (2, 2, 1),
            (3, 1, 0),
            (3, 2, 0),
        ];
        let agreement = Agreement::new(&judgments(4, 3, 2, &rows));
        assert_eq!(signs(&agreement), [1.0, 1.0, 1.0]);
    }
}
