//! What workers answer where a label is true.

use crowdsmith_truth::{Fit, Judgments};

use super::chart::heat;
use super::html::section as card;
use crate::data::{Data, Truth};
use crate::summary::shortened;

/// Classes shown; of more, those with most judgments.
const SHOWN: usize = 12;

/// The crowd's confusion matrix under the posterior and, where the truth is known, the result's.
pub(super) fn section(data: &Data, judgments: &Judgments, fit: &Fit) -> String {
    let shown = shown(judgments);
    let names: Vec<String> =
        shown.iter().map(|&class| shortened(&data.labels[class], 14)).collect();
    let crowd = crowd(judgments, fit, &shown);
    let mut content = String::from(
        "<div class=\"pair\"><div><h3>Workers: answers in % by the label of the method</h3>",
    );
    content +=
        &heat("Answers of the workers by label", &names, &names, |row, column| crowd[row][column]);
    content += "</div>";
    if let Some(Truth::Classes(truth)) = &data.truth {
        let result = result(truth, fit, &shown);
        content += "<div><h3>Result: labels in % by the truth</h3>";
        content += &heat("Labels of the method by truth", &names, &names, |row, column| {
            result[row][column]
        });
        content += "</div>";
    }
    content += "</div>\n";
    let mut reading =
        "Each row is a label, each column what was answered in its place; rows add up to 100 %."
            .to_owned();
    if shown.len() < judgments.classes() {
        reading += &format!(" The {} labels with most judgments are shown.", shown.len());
    }
    card("confusion", true, "Confusion", &reading, &content)
}

fn shown(judgments: &Judgments) -> Vec<usize> {
    let mut counts = vec![0u64; judgments.classes()];
    for &label in judgments.label_codes() {
        counts[label as usize] += 1;
    }
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|&class| std::cmp::Reverse(counts[class]));
    order.truncate(SHOWN);
    order.sort_unstable();
    order
}

/// Probability of each answer given the truth, the truth weighted by the posterior.
fn crowd(judgments: &Judgments, fit: &Fit, shown: &[usize]) -> Vec<Vec<f64>> {
    let place = places(shown, judgments.classes());
    let mut sums = vec![vec![0.0; shown.len() + 1]; shown.len()];
    for (task, row) in fit.posterior.rows().enumerate() {
        for (_, answer) in judgments.task(task) {
            for (sum, &class) in sums.iter_mut().zip(shown) {
                sum[place[answer]] += row[class];
            }
        }
    }
    shares(sums)
}

/// Share of each label of the method among the tasks of a true label.
fn result(truth: &[(usize, usize)], fit: &Fit, shown: &[usize]) -> Vec<Vec<f64>> {
    let classes =
        truth.iter().map(|pair| pair.1 + 1).max().unwrap_or(0).max(fit.posterior.classes());
    let place = places(shown, classes);
    let mut sums = vec![vec![0.0; shown.len() + 1]; shown.len()];
    for &(task, class) in truth {
        if let Some(sum) = sums.get_mut(place[class]) {
            sum[place[fit.labels[task] as usize]] += 1.0;
        }
    }
    shares(sums)
}

/// Where each class is shown; those that are not share the place behind the last.
fn places(shown: &[usize], classes: usize) -> Vec<usize> {
    let mut places = vec![shown.len(); classes];
    for (place, &class) in shown.iter().enumerate() {
        places[class] = place;
    }
    places
}

fn shares(mut sums: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    for row in &mut sums {
        let total: f64 = row.iter().sum();
        for value in row {
            *value /= total.max(f64::MIN_POSITIVE);
        }
    }
    sums
}
