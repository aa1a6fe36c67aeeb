use proptest::prelude::*;

use super::super::{BioScheme, NO_TAG, span_f1};
use super::*;
use crate::rng::Rng;

const TAGS: [&str; 3] = ["O", "B-X", "I-X"];

/// 150 documents of 20 tokens with spans of one to three; one good worker, two who miss whole spans,
/// one who guesses.
fn crowd() -> (Sequences, Vec<Vec<u16>>) {
    let mut rng = Rng::new(21);
    let mut truth = Vec::new();
    let mut annotations = Vec::new();
    for document in 0..150 {
        let mut tags = vec![0u16; 20];
        let mut token = rng.below(4);
        while token < 20 {
            let length = 1 + rng.below(3);
            for (place, tag) in tags[token..].iter_mut().take(length).enumerate() {
                *tag = if place == 0 { 1 } else { 2 };
            }
            token += length + 1 + rng.below(5);
        }
        for worker in 0..4 {
            let mut said = tags.clone();
            let mut missing = false;
            for token in 0..20 {
                missing = match tags[token] {
                    1 => rng.uniform() < 0.4,
                    2 => missing,
                    _ => false,
                };
                if ((worker == 1 || worker == 2) && missing) || rng.uniform() < 0.02 {
                    said[token] = 0;
                }
                if worker == 3 {
                    said[token] = u16::from(rng.uniform() > 0.7);
                }
            }
            annotations.push(Annotation { document, worker, tags: said });
        }
        truth.push(tags);
    }
    let allowed = Some(BioScheme::new(&TAGS).allowed());
    (Sequences { tags: 3, workers: 4, lengths: vec![20; 150], annotations, allowed }, truth)
}

#[test]
fn both_models_beat_the_vote_and_keep_to_the_scheme() {
    let (sequences, truth) = crowd();
    let scheme = BioScheme::new(&TAGS);
    let votes = vote_shares(&sequences, &sequences.by_document());
    let voted: Vec<Vec<u16>> = (votes.iter())
        .map(|rows| rows.chunks_exact(3).map(|row| crate::fit::argmax(row) as u16).collect())
        .collect();
    let majority = span_f1(&scheme, &truth, &voted).f1;
    let chain = HmmCrowd::default().fit(&sequences).unwrap();
    let sequential = BayesianSequences::default().fit(&sequences).unwrap();
    let score = |fit: &SpanFit| span_f1(&scheme, &truth, &fit.tags).f1;
    assert!(score(&chain) > majority + 0.2, "{} {majority}", score(&chain));
    assert!(score(&sequential) > 0.97, "{} {}", score(&sequential), score(&chain));
    for fit in [chain, sequential] {
        let valid = |pair: &[u16]| pair[1] != 2 || pair[0] != 0;
        assert!(fit.tags.iter().all(|tags| tags.windows(2).all(valid) && tags[0] != 2));
        assert!(fit.confusions[8] > 0.9 && fit.confusions[9 + 8] < 0.8, "{:?}", fit.confusions);
        assert!(fit.convergence.converged);
    }
}

#[test]
fn refuses_what_does_not_fit() {
    let (mut sequences, _) = crowd();
    sequences.annotations[5].tags.pop();
    let error = HmmCrowd::default().fit(&sequences).unwrap_err();
    assert_eq!(error.to_string(), "`tags of an annotation` has 19 entries, expected 20");
    sequences.annotations[5].tags.push(9);
    let error = HmmCrowd::default().fit(&sequences).unwrap_err();
    assert_eq!(error.to_string(), "row 5: tag code 9 is out of range, there are 3");
}

proptest! {
    #[test]
    fn posteriors_are_distributions(
        rows in prop::collection::vec((0..3u32, 0..3u32, prop::collection::vec(0..4u16, 5)), 0..8),
        bio: bool,
    ) {
        let tag = |tag: u16| if tag == 3 { NO_TAG } else { tag };
        let annotation = |(document, worker, tags): (u32, u32, Vec<u16>)| {
            let length = [5, 1, 0][document as usize];
            Annotation { document, worker, tags: tags.into_iter().take(length).map(tag).collect() }
        };
        let sequences = Sequences {
            tags: 3,
            workers: 3,
            lengths: vec![5, 1, 0],
            annotations: rows.into_iter().map(annotation).collect(),
            allowed: bio.then(|| BioScheme::new(&TAGS).allowed()),
        };
        let fits = [
            HmmCrowd { iterations: 20, ..HmmCrowd::default() }.fit(&sequences).unwrap(),
            BayesianSequences { iterations: 20, ..BayesianSequences::default() }.fit(&sequences).unwrap(),
        ];
        for fit in fits {
            for document in &fit.posterior {
                for row in document.chunks_exact(3) {
                    prop_assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{:?}", fit);
                }
            }
            prop_assert!(fit.confusions.iter().all(|p| (0.0..=1.0).contains(p)));
            prop_assert_eq!(fit.tags.iter().map(Vec::len).collect::<Vec<_>>(), [5, 1, 0]);
        }
    }
}
