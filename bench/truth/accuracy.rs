//! Accuracy and calibration of every categorical method over a folder of data sets.
//!
//! `cargo run --release -p crowdsmith-truth --example truth-accuracy -- FOLDER [--sets a,b] [--methods a,b]`
//!
//! Each data set is a folder with `labels.csv` (`task,worker,label`) and `truth.csv` (`task,label`). Prints tables
//! in Markdown, method by set: accuracy (a tie counts 1/(number tied)), expected calibration error (15 bins),
//! logarithmic loss (clipped at 1e-3), and the same for the default with a tenth of the truth given as gold and
//! scored on the rest.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod sets;

use crowdsmith_truth::Estimator;
use crowdsmith_truth::calibration::Evaluation;
use crowdsmith_truth::categorical as methods;
use sets::Set;

/// Seeds of the gold samples.
const SEEDS: std::ops::Range<u64> = 0..5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = arguments.first().ok_or("give the folder of the data sets")?;
    let option = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        Some(arguments.get(place + 1)?.split(',').map(str::to_owned).collect::<Vec<_>>())
    };
    let sets = Set::read_all(folder.as_ref(), option("--sets").as_deref())?;
    let mut estimators = estimators();
    if let Some(wanted) = option("--methods") {
        estimators.retain(|method| wanted.iter().any(|name| name == method.name()));
    }
    let mut rows = Vec::new();
    for method in &estimators {
        rows.push((
            method.name().to_owned(),
            sets.iter().map(|set| set.score(method.as_ref())).collect(),
        ));
        let gold: Vec<_> =
            sets.iter().map(|set| set.score_with_gold(method.as_ref(), SEEDS)).collect();
        if method.name() == "auto" {
            rows.push((format!("{} + gold", method.name()), gold));
        }
    }
    print_table("Accuracy, per cent", &sets, &rows, |scores| 100.0 * scores.accuracy, 1);
    print_table("Expected calibration error", &sets, &rows, |scores| scores.ece, 3);
    print_table("Logarithmic loss", &sets, &rows, |scores| scores.log_loss, 3);
    print_regret(&rows);
    Ok(())
}

fn estimators() -> Vec<Box<dyn Estimator>> {
    vec![
        Box::new(crowdsmith_truth::auto::Auto::default()),
        Box::new(methods::HierarchicalDawidSkene::default()),
        Box::new(methods::MajorityVote::default()),
        Box::new(methods::Wawa),
        Box::new(methods::ZeroBasedSkill::default()),
        Box::new(methods::OneCoin::default()),
        Box::new(methods::ZenCrowd::default()),
        Box::new(methods::DawidSkene::default()),
        Box::new(methods::Ibcc::default()),
        Box::new(methods::Ebcc::default()),
        Box::new(methods::Glad::default()),
        Box::new(methods::Mace::default()),
        Box::new(methods::MMsr::default()),
        Box::new(methods::Kos::default()),
        Box::new(methods::Bwa::default()),
        Box::new(methods::Pm::default()),
        Box::new(methods::Catd::default()),
    ]
}

type Row = (String, Vec<Option<Evaluation>>);

fn print_table(
    title: &str,
    sets: &[Set],
    rows: &[Row],
    value: impl Fn(&Evaluation) -> f64,
    digits: usize,
) {
    println!("\n{title}\n");
    let names: Vec<&str> = sets.iter().map(|set| set.name.as_str()).collect();
    println!("| method | mean | {} |", names.join(" | "));
    println!("|---|--:|{}", "--:|".repeat(names.len()));
    for (method, scores) in rows {
        let values: Vec<Option<f64>> =
            scores.iter().map(|scores| scores.as_ref().map(&value)).collect();
        let known: Vec<f64> = values.iter().flatten().copied().collect();
        let mean = known.iter().sum::<f64>() / known.len().max(1) as f64;
        let cell = |value: &Option<f64>| {
            value.map_or("–".to_owned(), |value| format!("{value:.digits$}"))
        };
        let cells: Vec<String> = values.iter().map(cell).collect();
        println!("| {method} | {mean:.*} | {} |", digits + 1, cells.join(" | "));
    }
}

/// How far each method is below the best method of each set, over the sets that it can do.
fn print_regret(rows: &[Row]) {
    println!(
        "\nRegret: points of accuracy below the best method of a set\n\n| method | worst | mean |\n|---|--:|--:|"
    );
    let plain: Vec<&Row> = rows.iter().filter(|(name, _)| !name.contains('+')).collect();
    let sets = plain.first().map_or(0, |(_, scores)| scores.len());
    let accuracy =
        |row: &Row, set: usize| row.1[set].as_ref().map(|scores| 100.0 * scores.accuracy);
    let best: Vec<f64> = (0..sets)
        .map(|set| plain.iter().filter_map(|row| accuracy(row, set)).fold(0.0, f64::max))
        .collect();
    for row in &plain {
        let regrets: Vec<f64> =
            (0..sets).filter_map(|set| Some(best[set] - accuracy(row, set)?)).collect();
        let worst = regrets.iter().copied().fold(0.0, f64::max);
        println!(
            "| {} | {worst:.1} | {:.2} |",
            row.0,
            regrets.iter().sum::<f64>() / regrets.len().max(1) as f64
        );
    }
}
