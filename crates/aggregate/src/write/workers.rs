//! The quality of each worker, one row a worker.

use std::io::{self, Write};

use crowdsmith_truth::diagnosis::spammer_scores;
use crowdsmith_truth::numeric::NumericFit;
use crowdsmith_truth::{Confusions, Fit};

use super::decimal::{number, probability};
use super::field;
use crate::data::Data;
use crate::outcome::Outcome;

/// Credibility of the intervals.
pub(crate) const LEVEL: f64 = 0.95;

/// Writes what the method learned of each worker.
///
/// Classes: judgments, accuracy with its credible interval; where the method has them the method's own `skill`, and
/// from the confusion matrix `informative` (1 for answers that tell the truth apart, 0 for a spammer) and the
/// commonest error as `true_label`, `given_label` and how probable it is given the truth. Numbers: judgments, bias,
/// scale and standard deviation.
pub(crate) fn workers(data: &Data, outcome: &Outcome, out: &mut impl Write) -> io::Result<()> {
    let judged = data.judged.per_worker();
    match outcome {
        Outcome::Classes(fit) => of_classes(data, fit, &judged, out),
        Outcome::Numbers(fit) => of_numbers(data, fit, &judged, out),
    }
}

fn of_classes(data: &Data, fit: &Fit, judged: &[u32], out: &mut impl Write) -> io::Result<()> {
    let models = &fit.workers;
    let confusions = models.confusions.as_ref().filter(|confusions| confusions.classes() > 1);
    let scores = confusions.map(spammer_scores);
    out.write_all(b"worker,judgments,accuracy,accuracy_low,accuracy_high")?;
    if models.skill.is_some() {
        out.write_all(b",skill")?;
    }
    if confusions.is_some() {
        out.write_all(b",informative,true_label,given_label,error_probability")?;
    }
    out.write_all(b"\n")?;
    let mut line = Vec::new();
    for (worker, accuracy) in models.accuracy.iter().enumerate() {
        data.workers.write(worker, &mut line);
        write!(line, ",{}", judged[worker])?;
        let interval = accuracy.interval(LEVEL);
        for value in [accuracy.mean(), interval.low, interval.high] {
            line.push(b',');
            probability(value, &mut line);
        }
        if let Some(skill) = &models.skill {
            line.push(b',');
            number(skill[worker], &mut line);
        }
        if let (Some(confusions), Some(scores)) = (confusions, &scores) {
            line.push(b',');
            probability(scores[worker], &mut line);
            let (truth, answer) = commonest_error(confusions, worker);
            for class in [truth, answer] {
                line.push(b',');
                field(data.labels.get(class).map_or("", |label| label), &mut line);
            }
            line.push(b',');
            probability(confusions.row(worker, truth)[answer], &mut line);
        }
        line.push(b'\n');
        out.write_all(&line)?;
        line.clear();
    }
    Ok(())
}

/// The wrong answer that the worker gives most often, counted in judgments, as (truth, answer).
pub(crate) fn commonest_error(confusions: &Confusions, worker: usize) -> (usize, usize) {
    let classes = confusions.classes();
    let mut worst = (f64::NEG_INFINITY, (0, 1));
    for truth in 0..classes {
        let weight = confusions.weight(worker, truth);
        for (answer, share) in confusions.row(worker, truth).iter().enumerate() {
            if answer != truth && weight * share > worst.0 {
                worst = (weight * share, (truth, answer));
            }
        }
    }
    worst.1
}

fn of_numbers(
    data: &Data,
    fit: &NumericFit,
    judged: &[u32],
    out: &mut impl Write,
) -> io::Result<()> {
    out.write_all(b"worker,judgments,bias,scale,deviation\n")?;
    let mut line = Vec::new();
    for (worker, variance) in fit.variance.iter().enumerate() {
        data.workers.write(worker, &mut line);
        write!(line, ",{}", judged[worker])?;
        for value in [fit.bias[worker], fit.scale[worker], variance.sqrt()] {
            line.push(b',');
            number(value, &mut line);
        }
        line.push(b'\n');
        out.write_all(&line)?;
        line.clear();
    }
    Ok(())
}
