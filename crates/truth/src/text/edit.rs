//! Distances between token sequences.

use std::collections::HashMap;
use std::hash::Hash;

/// Levenshtein distance: the fewest insertions, deletions and substitutions that turn one sequence into the other.
///
/// Time proportional to the product of the lengths, memory to the shorter one. Levenshtein 1966.
///
/// ```
/// use crowdsmith_truth::text::edit;
///
/// assert_eq!(edit::distance(b"kitten", b"sitting"), 3);
/// ```
pub fn distance<T: PartialEq>(left: &[T], right: &[T]) -> usize {
    let (short, long) = if left.len() < right.len() { (left, right) } else { (right, left) };
    let mut row: Vec<usize> = (0..=short.len()).collect();
    for (above, token) in long.iter().enumerate() {
        let mut diagonal = above;
        row[0] = above + 1;
        for (column, other) in short.iter().enumerate() {
            let substituted = diagonal + usize::from(token != other);
            diagonal = row[column + 1];
            row[column + 1] = substituted.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[short.len()]
}

/// [`distance`] divided by the longer length: 0 for equal sequences, 1 for nothing in common.
pub fn relative_distance<T: PartialEq>(left: &[T], right: &[T]) -> f64 {
    let longest = left.len().max(right.len());
    if longest == 0 { 0.0 } else { distance(left, right) as f64 / longest as f64 }
}

/// Word error rate of a hypothesis: [`distance`] divided by the length of the reference; the distance itself for an
/// empty reference. May exceed 1.
pub fn error_rate<T: PartialEq>(reference: &[T], hypothesis: &[T]) -> f64 {
    distance(reference, hypothesis) as f64 / reference.len().max(1) as f64
}

/// Google-BLEU similarity, 0..=1: the smaller of precision and recall over all n-grams of 1 to 4 tokens.
///
/// Symmetric. Wu et al. 2016, arXiv:1609.08144.
///
/// ```
/// use crowdsmith_truth::text::edit;
///
/// let similarity = edit::gleu(&["the", "cat", "sat"], &["the", "cat"]);
/// assert!((similarity - 0.5).abs() < 1e-12); // 3 common n-grams of 6 and 3
/// ```
pub fn gleu<T: Eq + Hash>(left: &[T], right: &[T]) -> f64 {
    let (left_grams, left_total) = grams(left);
    let (right_grams, right_total) = grams(right);
    let common: usize = (left_grams.iter())
        .map(|(gram, &count)| count.min(right_grams.get(gram).copied().unwrap_or(0)))
        .sum();
    let total = left_total.max(right_total);
    if total == 0 { 0.0 } else { common as f64 / total as f64 }
}

fn grams<T: Eq + Hash>(tokens: &[T]) -> (HashMap<&[T], usize>, usize) {
    let mut counts = HashMap::new();
    let mut total = 0;
    for length in 1..=4 {
        for gram in tokens.windows(length) {
            *counts.entry(gram).or_insert(0) += 1;
            total += 1;
        }
    }
    (counts, total)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reference_values() {
        assert_eq!(distance(b"intention", b"execution"), 5);
        assert_eq!(distance::<u8>(b"", b"abc"), 3);
        assert!((error_rate(&["a", "b"], &["a", "c", "d", "e"]) - 1.5).abs() < 1e-12);
        assert!((gleu(&["a", "b", "c"], &["a", "b", "c"]) - 1.0).abs() < 1e-12);
        assert!(gleu::<u8>(b"", b"").abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn distance_is_a_metric(
            a in prop::collection::vec(0..3u8, 0..8),
            b in prop::collection::vec(0..3u8, 0..8),
            c in prop::collection::vec(0..3u8, 0..8),
        ) {
            prop_assert_eq!(distance(&a, &b), distance(&b, &a));
            prop_assert_eq!(distance(&a, &b) == 0, a == b);
            prop_assert!(distance(&a, &c) <= distance(&a, &b) + distance(&b, &c));
            prop_assert!((gleu(&a, &b) - gleu(&b, &a)).abs() < 1e-12);
        }
    }
}
