use proptest::prelude::*;

use super::*;
use crate::rng::Rng;

/// A disc of 20 × 20 pixels seen by five workers who flip pixels at growing rates.
fn crowd() -> (Vec<Vec<bool>>, Vec<bool>) {
    let mut rng = Rng::new(3);
    let inside = |pixel: i32| (pixel % 20 - 10).pow(2) + (pixel / 20 - 10).pow(2) < 40;
    let truth: Vec<bool> = (0..400).map(inside).collect();
    let rates = [0.02, 0.05, 0.1, 0.4, 0.45];
    let mask = |rate: f64, rng: &mut Rng| -> Vec<bool> {
        truth.iter().map(|&set| set != (rng.uniform() < rate)).collect()
    };
    (rates.iter().map(|&rate| mask(rate, &mut rng)).collect(), truth)
}

fn wrong(mask: &[bool], truth: &[bool]) -> usize {
    mask.iter().zip(truth).filter(|(a, b)| a != b).count()
}

#[test]
fn learning_the_workers_beats_the_vote() {
    let (masks, truth) = crowd();
    let voted = wrong(&majority(&masks, None).unwrap().mask, &truth);
    let staple = Staple::default().fit(&masks).unwrap();
    assert!(wrong(&staple.mask, &truth) * 2 < voted, "{} {voted}", wrong(&staple.mask, &truth));
    assert!((staple.quality[0] - 0.98).abs() < 0.03 && (staple.specificity[3] - 0.6).abs() < 0.07);
    assert!(wrong(&MaskRasa::default().fit(&masks).unwrap().mask, &truth) < voted);
    assert!(wrong(&MaskEm::default().fit(&masks).unwrap().mask, &truth) < voted);
}

#[test]
fn a_tie_belongs_to_the_object_and_weights_decide() {
    let masks = [vec![true, false], vec![false, false]];
    assert_eq!(majority(&masks, None).unwrap().mask, [true, false]);
    assert_eq!(majority(&masks, Some(&[1.0, 2.0])).unwrap().mask, [false, false]);
    assert!(majority(&masks, Some(&[1.0])).is_err());
    let error = majority(&[vec![true], vec![true, false]], None).unwrap_err();
    assert_eq!(error.to_string(), "`mask` has 2 entries, expected 1");
}

#[test]
fn nobody_marked_anything() {
    let masks = [vec![false; 6], vec![false; 6]];
    assert_eq!(MaskEm::default().fit(&masks).unwrap().mask, [false; 6]);
    assert_eq!(MaskRasa::default().fit(&masks).unwrap().mask, [false; 6]);
    assert_eq!(Staple::default().fit(&masks).unwrap().mask, [false; 6]);
    assert!(MaskEm::default().fit(&[]).unwrap().mask.is_empty());
}

proptest! {
    #[test]
    fn every_method_gives_probabilities(
        bits in prop::collection::vec(prop::collection::vec(any::<bool>(), 6), 0..5),
    ) {
        let fits = [
            majority(&bits, None),
            MaskEm::default().fit(&bits),
            Staple::default().fit(&bits),
            MaskRasa::default().fit(&bits),
        ];
        for fit in fits {
            let fit = fit.unwrap();
            prop_assert!(fit.probability.iter().all(|p| (0.0..=1.0 + 1e-9).contains(p)), "{:?}", fit);
            prop_assert!(fit.quality.iter().all(|q| q.is_finite()), "{:?}", fit);
            prop_assert!(fit.loss.iter().all(|loss| !loss.is_nan()), "{:?}", fit);
        }
    }
}
