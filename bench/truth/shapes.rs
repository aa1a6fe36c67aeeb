//! Speed of what combines drawings: polygons matched into objects, masks combined pixel by pixel.
//!
//! `cargo run --release -p crowdsmith-truth --example truth-shapes -- [--tasks N] [--objects N] [--corners N]
//! [--pictures N] [--side PIXELS]`; three workers of thirty draw on each picture.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod options;

use std::f64::consts::TAU;
use std::time::Instant;

use crowdsmith_truth::Error;
use crowdsmith_truth::rng::Rng;
use crowdsmith_truth::shapes::masks::{MaskEm, MaskFit, MaskRasa, Staple, majority};
use crowdsmith_truth::shapes::{Drawings, ObjectConsensus, Polygon};

use options::Options;

/// Workers who draw on each picture.
const OVERLAP: usize = 3;
const WORKERS: usize = 30;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::read();
    polygons(
        options.number("--tasks", 10_000)?,
        options.number("--objects", 3)?,
        options.number("--corners", 20)?,
    )?;
    masks(options.number("--pictures", 200)?, options.number("--side", 1024)?)?;
    Ok(())
}

fn polygons(tasks: usize, objects: usize, corners: usize) -> Result<(), Error> {
    let mut random = Rng::new(1);
    let mut drawings = Drawings { tasks, workers: WORKERS, ..Drawings::default() };
    for task in 0..tasks {
        let outlines: Vec<Polygon> =
            (0..objects).map(|object| outline(object, corners, &mut random)).collect();
        for judgment in 0..OVERLAP {
            let worker = ((task + judgment * 7) % WORKERS) as u32;
            drawings.looked.push((task as u32, worker));
            for outline in &outlines {
                drawings.task.push(task as u32);
                drawings.worker.push(worker);
                drawings.label.push(0);
                drawings.shape.push(traced(outline, 1.0 + f64::from(worker) / 10.0, &mut random));
            }
        }
    }
    let start = Instant::now();
    let fit = ObjectConsensus::default().fit(&drawings)?;
    println!(
        "polygons: {} of {corners} corners on {tasks} pictures are {} objects  {:>8.2} s",
        drawings.shape.len(),
        fit.objects.len(),
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

/// A ragged outline around a place of its own.
fn outline(object: usize, corners: usize, random: &mut Rng) -> Polygon {
    let (x, y) = (100.0 + 150.0 * object as f64, 100.0 + 80.0 * random.uniform());
    let corner = |corner: usize| {
        let angle = TAU * corner as f64 / corners as f64;
        let radius = 30.0 + 40.0 * random.uniform();
        (x + radius * angle.cos(), y + radius * angle.sin())
    };
    Polygon((0..corners).map(corner).collect())
}

/// The outline as somebody draws it who is off by some pixels.
fn traced(outline: &Polygon, off: f64, random: &mut Rng) -> Polygon {
    let mut move_by = || off * (2.0 * random.uniform() - 1.0);
    Polygon(outline.0.iter().map(|(x, y)| (x + move_by(), y + move_by())).collect())
}

/// A way to combine masks.
type Method<'m> = (&'m str, &'m dyn Fn(&[Vec<bool>]) -> Result<MaskFit, Error>);

fn masks(pictures: usize, side: usize) -> Result<(), Error> {
    let mut random = Rng::new(1);
    let methods: [Method<'_>; 4] = [
        ("majority", &|masks| majority(masks, None)),
        ("expectation", &|masks| MaskEm::default().fit(masks)),
        ("rasa", &|masks| MaskRasa::default().fit(masks)),
        ("staple", &|masks| Staple::default().fit(masks)),
    ];
    let mut seconds = [0.0; 4];
    for _ in 0..pictures {
        let radius = side as f64 * (0.1 + 0.3 * random.uniform());
        let mut drawn = || disc(side, radius * (0.95 + 0.1 * random.uniform()));
        let masks: Vec<Vec<bool>> = (0..OVERLAP).map(|_| drawn()).collect();
        for ((_, method), seconds) in methods.iter().zip(&mut seconds) {
            let start = Instant::now();
            method(&masks)?;
            *seconds += start.elapsed().as_secs_f64();
        }
    }
    for ((name, _), seconds) in methods.iter().zip(seconds) {
        println!(
            "masks: {name:<12} {pictures} pictures of {side} × {side}, {OVERLAP} masks each  {seconds:>8.2} s"
        );
    }
    Ok(())
}

/// A disc around the middle.
fn disc(side: usize, radius: f64) -> Vec<bool> {
    let off = |place: usize| place as f64 - side as f64 / 2.0;
    let pixel = |place: usize| off(place % side).hypot(off(place / side)) < radius;
    (0..side * side).map(pixel).collect()
}
