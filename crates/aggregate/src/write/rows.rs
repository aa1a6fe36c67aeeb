//! Labels and probabilities, one or several rows a task.

use std::io::{self, Write};

use crowdsmith_truth::Fit;
use crowdsmith_truth::numeric::NumericFit;

use super::decimal::{number, probability};
use super::field;
use crate::data::Data;
use crate::outcome::Outcome;

/// Writes `task,label,confidence,judgments`, for numbers `task,label,deviation,judgments`.
pub(crate) fn labels(data: &Data, outcome: &Outcome, out: &mut impl Write) -> io::Result<()> {
    let judged = data.judged.per_task();
    let mut line = Vec::new();
    match outcome {
        Outcome::Classes(fit) => {
            out.write_all(b"task,label,confidence,judgments\n")?;
            let names = quoted(&data.labels);
            for (task, &label) in fit.labels.iter().enumerate() {
                data.tasks.write(task, &mut line);
                line.push(b',');
                line.extend(names.get(label as usize).into_iter().flatten());
                line.push(b',');
                probability(confidence(fit, task), &mut line);
                end(&mut line, judged[task], out)?;
            }
        }
        Outcome::Numbers(NumericFit { values, deviations, .. }) => {
            out.write_all(b"task,label,deviation,judgments\n")?;
            for (task, (value, deviation)) in values.iter().zip(deviations).enumerate() {
                data.tasks.write(task, &mut line);
                for value in [*value, *deviation] {
                    line.push(b',');
                    number(value, &mut line);
                }
                end(&mut line, judged[task], out)?;
            }
        }
    }
    Ok(())
}

/// Writes `task,label,probability`, every label of every task.
pub(crate) fn probabilities(data: &Data, fit: &Fit, out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"task,label,probability\n")?;
    let names = quoted(&data.labels);
    let (mut line, mut task_name) = (Vec::new(), Vec::new());
    for (task, row) in fit.posterior.rows().enumerate() {
        task_name.clear();
        data.tasks.write(task, &mut task_name);
        for (name, &value) in names.iter().zip(row) {
            line.extend_from_slice(&task_name);
            line.push(b',');
            line.extend_from_slice(name);
            line.push(b',');
            probability(value, &mut line);
            line.push(b'\n');
        }
        out.write_all(&line)?;
        line.clear();
    }
    Ok(())
}

/// The probability of the label that a task was given.
pub(crate) fn confidence(fit: &Fit, task: usize) -> f64 {
    fit.posterior.row(task).get(fit.labels[task] as usize).copied().unwrap_or(0.0)
}

fn quoted(labels: &[String]) -> Vec<Vec<u8>> {
    let quote = |label: &String| {
        let mut name = Vec::new();
        field(label, &mut name);
        name
    };
    labels.iter().map(quote).collect()
}

fn end(line: &mut Vec<u8>, judged: u32, out: &mut impl Write) -> io::Result<()> {
    writeln!(line, ",{judged}")?;
    out.write_all(line)?;
    line.clear();
    Ok(())
}
