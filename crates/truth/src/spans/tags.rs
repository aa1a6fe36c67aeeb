//! Tags of the BIO scheme and the spans they stand for.

use std::collections::HashSet;

use super::sequences::Sequences;

/// What a tag says of its token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Outside,
    Begin(u16),
    Inside(u16),
}

/// Tags `O`, `B-KIND` and `I-KIND`: outside, first token of a span, further token of a span.
///
/// ```
/// use crowdsmith_truth::spans::BioScheme;
///
/// let scheme = BioScheme::new(&["O", "B-PER", "I-PER"]);
/// let spans = scheme.spans(&[1, 2, 0, 1]);
/// assert_eq!((spans[0].start, spans[0].end), (0, 2));
/// assert_eq!((spans[1].start, spans[1].end), (3, 4));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BioScheme {
    roles: Vec<Role>,
    kinds: Vec<String>,
}

/// A run of tokens of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// Kind, as an index into [`BioScheme::kinds`].
    pub kind: u16,
}

/// How well spans were found; a span counts if start, end and kind are right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Share of the found spans that are right; 1 if none was found.
    pub precision: f64,
    /// Share of the true spans that were found; 1 if there are none.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
}

impl BioScheme {
    /// Reads the roles from the names of the tags; a name without `B-` or `I-` is outside.
    pub fn new<T: AsRef<str>>(names: &[T]) -> Self {
        let mut kinds: Vec<String> = Vec::new();
        let mut kind = |name: &str| {
            let known = kinds.iter().position(|kind| kind == name);
            known.unwrap_or_else(|| {
                kinds.push(name.to_owned());
                kinds.len() - 1
            }) as u16
        };
        let mut role = |name: &str| match name.split_at_checked(2) {
            Some(("B-", rest)) => Role::Begin(kind(rest)),
            Some(("I-", rest)) => Role::Inside(kind(rest)),
            _ => Role::Outside,
        };
        let roles = names.iter().map(|name| role(name.as_ref())).collect();
        Self { roles, kinds }
    }

    /// The names of the kinds of span.
    pub fn kinds(&self) -> &[String] {
        &self.kinds
    }

    /// Which tag may follow which, `[before][after]`: `I-KIND` only after a tag of the same kind.
    pub fn allowed(&self) -> Vec<bool> {
        let may = |before: Role, after: Role| match after {
            Role::Inside(kind) => before == Role::Begin(kind) || before == Role::Inside(kind),
            _ => true,
        };
        self.roles.iter().flat_map(|&a| self.roles.iter().map(move |&b| may(a, b))).collect()
    }

    /// The spans of a document. An `I-KIND` that continues nothing of its kind begins a span; a tag code without
    /// name is outside.
    pub fn spans(&self, tags: &[u16]) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        let mut open = false;
        for (token, &tag) in tags.iter().enumerate() {
            let role = self.roles.get(usize::from(tag)).copied().unwrap_or(Role::Outside);
            match (role, spans.last_mut()) {
                (Role::Outside, _) => open = false,
                (Role::Inside(kind), Some(span)) if open && span.kind == kind => {
                    span.end = token + 1;
                }
                (Role::Begin(kind) | Role::Inside(kind), _) => {
                    spans.push(Span { start: token, end: token + 1, kind });
                    open = true;
                }
            }
        }
        spans
    }
}

/// Precision, recall and F1 of found against true tags, over all documents together (CoNLL-2003,
/// doi:10.3115/1119176.1119195).
pub fn span_f1(scheme: &BioScheme, truth: &[Vec<u16>], found: &[Vec<u16>]) -> Score {
    let (mut right, mut expected, mut given) = (0, 0, 0);
    for (truth, found) in truth.iter().zip(found) {
        let (common, true_spans, found_spans) = compare(scheme, truth, found);
        right += common;
        expected += true_spans;
        given += found_spans;
    }
    score(right, expected, given)
}

/// Mean over all pairs of workers with a document in common of the F1 between their spans, and how many pairs
/// there were; 1 without pairs.
///
/// F1 between two annotators does not depend on who is taken for the truth, and approaches kappa as the number of
/// possible spans grows: Hripcsak & Rothschild 2005, doi:10.1197/jamia.M1733.
pub fn span_agreement(scheme: &BioScheme, sequences: &Sequences) -> (f64, usize) {
    let mut counts = std::collections::BTreeMap::new();
    for annotations in sequences.by_document() {
        for (index, first) in annotations.iter().enumerate() {
            for second in annotations[..index].iter().filter(|other| other.worker != first.worker) {
                let key = (first.worker.min(second.worker), first.worker.max(second.worker));
                let (right, expected, given) = compare(scheme, &first.tags, &second.tags);
                let sums = counts.entry(key).or_insert((0, 0, 0));
                *sums = (sums.0 + right, sums.1 + expected, sums.2 + given);
            }
        }
    }
    let total: f64 = counts.values().map(|&(right, a, b)| score(right, a, b).f1).sum();
    let pairs = counts.len();
    (if pairs > 0 { total / pairs as f64 } else { 1.0 }, pairs)
}

/// Spans in common, spans of the first, spans of the second.
fn compare(scheme: &BioScheme, first: &[u16], second: &[u16]) -> (usize, usize, usize) {
    let expected: HashSet<Span> = scheme.spans(first).into_iter().collect();
    let found = scheme.spans(second);
    let right = found.iter().filter(|span| expected.contains(span)).count();
    (right, expected.len(), found.len())
}

fn score(right: usize, expected: usize, given: usize) -> Score {
    let share = |whole: usize| if whole > 0 { right as f64 / whole as f64 } else { 1.0 };
    let (precision, recall) = (share(given), share(expected));
    let both = expected + given;
    let f1 = if both > 0 { 2.0 * right as f64 / both as f64 } else { 1.0 };
    Score { precision, recall, f1 }
}

#[cfg(test)]
mod tests {
    use super::super::Annotation;
    use super::*;

    fn scheme() -> BioScheme {
        BioScheme::new(&["O", "B-PER", "I-PER", "B-LOC", "I-LOC"])
    }

    #[test]
    fn spans_of_good_and_bad_tags() {
        let span = |start, end, kind| Span { start, end, kind };
        assert_eq!(scheme().spans(&[1, 2, 1, 0, 3]), [span(0, 2, 0), span(2, 3, 0), span(4, 5, 1)]);
        // An inside of another kind, and one after outside, begin a span.
        assert_eq!(scheme().spans(&[1, 4, 0, 2, 2]), [span(0, 1, 0), span(1, 2, 1), span(3, 5, 0)]);
        assert!(scheme().spans(&[u16::MAX, 0]).is_empty());
    }

    #[test]
    fn only_a_tag_of_its_kind_comes_before_an_inside() {
        let allowed = scheme().allowed();
        let may = |before: usize, after: usize| allowed[before * 5 + after];
        assert!(may(1, 2) && may(2, 2) && !may(0, 2) && !may(3, 2) && may(2, 1) && may(2, 0));
    }

    #[test]
    fn f1_by_hand() {
        let truth = [vec![1, 2, 0, 3], vec![0, 0]];
        let found = [vec![1, 2, 0, 1], vec![3, 0]];
        let score = span_f1(&scheme(), &truth, &found);
        assert!((score.precision - 1.0 / 3.0).abs() < 1e-12 && (score.recall - 0.5).abs() < 1e-12);
        assert!((score.f1 - 0.4).abs() < 1e-12);
    }

    #[test]
    fn agreement_is_the_mean_over_pairs() {
        let annotation =
            |worker, tags: &[u16]| Annotation { document: 0, worker, tags: tags.to_vec() };
        let sequences = Sequences {
            tags: 5,
            workers: 3,
            lengths: vec![3],
            annotations: vec![
                annotation(0, &[1, 2, 0]),
                annotation(1, &[1, 2, 0]),
                annotation(2, &[0, 0, 3]),
            ],
            allowed: None,
        };
        let (agreement, pairs) = span_agreement(&scheme(), &sequences);
        assert_eq!(pairs, 3);
        assert!((agreement - 1.0 / 3.0).abs() < 1e-12);
    }
}
