use proptest::prelude::*;

use super::super::{BoundingBox, Keypoints, Polygon};
use super::*;
use crate::rng::Rng;

/// Forty pictures with three boxes each and five workers: the first two are precise, one misses every third box,
/// one invents a box on every picture, the last is sloppy.
fn crowd() -> (Drawings<BoundingBox>, Vec<BoundingBox>) {
    let mut rng = Rng::new(9);
    let mut drawings = Drawings {
        tasks: 40,
        workers: 5,
        looked: (0..40).flat_map(|task| (0..5).map(move |worker| (task, worker))).collect(),
        task: Vec::new(),
        worker: Vec::new(),
        label: Vec::new(),
        shape: Vec::new(),
    };
    let mut truth = Vec::new();
    for task in 0..40 {
        let boxes: Vec<BoundingBox> = (0..3)
            .map(|place| BoundingBox {
                left: 100.0 * f64::from(place) + 20.0 * rng.uniform(),
                top: 50.0 * rng.uniform(),
                width: 30.0 + 20.0 * rng.uniform(),
                height: 40.0 + 20.0 * rng.uniform(),
            })
            .collect();
        for worker in 0..5u32 {
            let noise = [0.5, 0.5, 2.0, 2.0, 5.0][worker as usize];
            let kept = boxes.iter().enumerate().filter(|(place, _)| worker != 2 || *place > 0);
            let mut drawn: Vec<BoundingBox> = kept
                .map(|(_, shape)| BoundingBox {
                    left: shape.left + noise * rng.normal(),
                    top: shape.top + noise * rng.normal(),
                    width: shape.width + noise * rng.normal(),
                    height: shape.height + noise * rng.normal(),
                })
                .collect();
            if worker == 3 {
                let top = 200.0 + 100.0 * rng.uniform();
                drawn.push(BoundingBox { left: 10.0, top, width: 30.0, height: 30.0 });
            }
            for shape in drawn {
                drawings.task.push(task);
                drawings.worker.push(worker);
                drawings.label.push(u32::from(worker == 4));
                drawings.shape.push(shape);
            }
        }
        truth.extend(boxes);
    }
    (drawings, truth)
}

#[test]
fn finds_the_boxes_and_who_is_good_at_what() {
    let (drawings, truth) = crowd();
    let fit = ObjectConsensus::default().fit(&drawings).unwrap();
    let found: Vec<_> = fit.objects.iter().filter(|object| object.probability > 0.5).collect();
    assert_eq!(found.len(), truth.len());
    let best = |object: &&Object<BoundingBox>| {
        let on_picture = truth.chunks(3).nth(object.task as usize).unwrap();
        on_picture.iter().map(|shape| shape.similarity(&object.shape)).fold(0.0, f64::max)
    };
    let mean = found.iter().map(best).sum::<f64>() / found.len() as f64;
    assert!(mean > 0.95, "{mean}");
    assert!(found.iter().all(|object| object.label == 0));
    assert!(fit.recall[2] < 0.75 && fit.recall[0] > 0.95, "{:?}", fit.recall);
    assert!(fit.false_marks[3] > 0.8 && fit.false_marks[1] < 0.2, "{:?}", fit.false_marks);
    assert!(fit.imprecision[0] < fit.imprecision[4], "{:?}", fit.imprecision);
}

#[test]
fn a_picture_without_drawings_has_no_objects() {
    let (mut drawings, _) = crowd();
    drawings.tasks += 1;
    drawings.looked.push((40, 0));
    let fit = ObjectConsensus::default().fit(&drawings).unwrap();
    assert!(fit.objects.iter().all(|object| object.task < 40));
    drawings.shape[7].width = f64::NAN;
    let error = ObjectConsensus::default().fit(&drawings).unwrap_err();
    assert_eq!(error.to_string(), "row 7: a coordinate is NaN, expected a finite number");
}

fn one_picture<S: Shape>(shapes: &[(u32, S)]) -> ObjectFit<S> {
    let drawings = Drawings {
        tasks: 1,
        workers: 4,
        looked: Vec::new(),
        task: vec![0; shapes.len()],
        worker: shapes.iter().map(|shape| shape.0).collect(),
        label: vec![0; shapes.len()],
        shape: shapes.iter().map(|shape| shape.1.clone()).collect(),
    };
    ObjectConsensus::default().fit(&drawings).unwrap()
}

#[test]
fn polygons_and_keypoints_match_too() {
    let triangle = |x: f64| Polygon(vec![(x, 0.0), (x + 10.0, 0.0), (x, 10.0)]);
    let fit = one_picture(&[(0, triangle(0.0)), (1, triangle(1.0)), (2, triangle(30.0))]);
    assert_eq!(fit.objects.len(), 2);
    let person = |x: f64| Keypoints(vec![Some((x, 0.0)), Some((x + 5.0, 20.0)), None]);
    let fit =
        one_picture(&[(0, person(0.0)), (0, person(90.0)), (1, person(0.5)), (1, person(90.5))]);
    assert_eq!(fit.objects.len(), 2);
    assert!(fit.objects.iter().all(|object| object.drawings.len() == 2));
}

proptest! {
    #[test]
    fn every_drawing_has_one_object_and_no_worker_twice(
        rows in prop::collection::vec((0..4u32, 0.0..40.0f64, 0.0..40.0f64, 0.0..20.0f64), 0..20),
    ) {
        let shapes: Vec<(u32, BoundingBox)> = (rows.into_iter())
            .map(|(worker, left, top, size)| (worker, BoundingBox { left, top, width: size, height: size }))
            .collect();
        let fit = one_picture(&shapes);
        let drawn: usize = fit.objects.iter().map(|object| object.drawings.len()).sum();
        prop_assert_eq!(drawn, shapes.len());
        for object in &fit.objects {
            let mut makers: Vec<u32> = object.drawings.iter().map(|&row| shapes[row].0).collect();
            makers.sort_unstable();
            makers.dedup();
            prop_assert_eq!(makers.len(), object.drawings.len());
            prop_assert!((0.0..=1.0).contains(&object.probability));
            prop_assert!((0.0..=1.0).contains(&object.agreement));
        }
    }
}
