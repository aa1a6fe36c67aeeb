//! Crowds that can be asked as often as one likes: described by a few numbers, or like one that was recorded.

use anyhow::{Result, ensure};
use crowdsmith_quality::replay::Recording;
use crowdsmith_truth::categorical::HierarchicalDawidSkene;
use crowdsmith_truth::rng::Rng;
use crowdsmith_truth::{Columns, Duplicates, Estimator as _, Judgments};

/// A crowd and the tasks it is given.
#[derive(Debug, Clone, PartialEq)]
pub struct Crowd {
    workers: Vec<Worker>,
    /// Probability of each class, summing to 1.
    classes: Vec<f64>,
    /// Standard deviation of what a task adds to the logit of an answer being right.
    difficulty: f64,
}

#[derive(Debug, Clone, PartialEq)]
struct Worker {
    /// How much of the work is theirs, beside others.
    activity: f64,
    /// Probability of each answer, a row a truth.
    rows: Vec<Vec<f64>>,
}

/// A crowd in a few numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Description {
    /// Number of workers; the n-th does 1/n of what the first does.
    pub workers: usize,
    /// Number of classes, equally likely.
    pub classes: usize,
    /// Mean accuracy of those who try, in (0, 1).
    pub accuracy: f64,
    /// Standard deviation of their accuracies.
    pub spread: f64,
    /// Share of workers who answer at random.
    pub spammers: f64,
    /// Standard deviation of what a task adds to the logit of an answer being right.
    pub difficulty: f64,
}

impl Crowd {
    /// A crowd as described; the same seed gives the same workers.
    ///
    /// # Errors
    /// A number out of range; the message names the option.
    pub fn described(of: Description, random: &mut Rng) -> Result<Self> {
        ensure!(of.workers > 0, "--workers must be at least 1");
        ensure!(
            (2..=1000).contains(&of.classes),
            "--classes is {}, expected 2 to 1000",
            of.classes
        );
        ensure!(of.accuracy > 0.0 && of.accuracy < 1.0, "--accuracy must be between 0 and 1");
        ensure!((0.0..=1.0).contains(&of.spammers), "--spammers must be a share in [0, 1]");
        let widest = of.accuracy * (1.0 - of.accuracy);
        ensure!(
            of.spread >= 0.0 && of.spread * of.spread < widest,
            "--spread is {}, expected at least 0 and below {:.2}, the most that accuracies around {} can spread",
            of.spread,
            widest.sqrt(),
            of.accuracy
        );
        ensure!(
            of.difficulty.is_finite() && of.difficulty >= 0.0,
            "--difficulty must be at least 0"
        );
        let worker = |number: usize| Worker {
            activity: 1.0 / (number + 1) as f64,
            rows: coin(accuracy(of, random), of.classes),
        };
        let workers = (0..of.workers).map(worker).collect();
        Ok(Self {
            workers,
            classes: vec![1.0 / of.classes as f64; of.classes],
            difficulty: of.difficulty,
        })
    }

    /// A crowd whose workers answer as those of a recording seem to, by hierarchical Dawid-Skene.
    ///
    /// Errors that a task causes in everybody are taken for errors of the workers; `difficulty` adds what is missing.
    ///
    /// # Errors
    /// Judgments that cannot be fitted, or only one label.
    pub fn like(recording: &Recording, difficulty: f64) -> Result<Self> {
        ensure!(recording.classes > 1, "the recording has only one label");
        let judgments = judgments(recording)?;
        let fit = HierarchicalDawidSkene::default().fit(&judgments)?;
        let judged = judgments.judgments_per_worker();
        let Some(confusions) = fit.workers.confusions else {
            anyhow::bail!("there are too many labels")
        };
        let row = |worker, truth| confusions.row(worker, truth).to_vec();
        let worker = |(worker, &judged): (usize, &u32)| Worker {
            activity: f64::from(judged).max(1e-9),
            rows: (0..recording.classes).map(|truth| row(worker, truth)).collect(),
        };
        let mut classes = vec![1e-9; recording.classes];
        for row in fit.posterior.rows() {
            classes
                .iter_mut()
                .zip(row)
                .for_each(|(sum, share)| *sum += share / judgments.tasks() as f64);
        }
        Ok(Self { workers: judged.iter().enumerate().map(worker).collect(), classes, difficulty })
    }

    /// Judgments of `tasks` tasks, `each` of every one by different workers (fewer where there are not so many), and the
    /// truth.
    pub fn work(&self, tasks: usize, each: usize, random: &mut Rng) -> Recording {
        let mut recording = Recording {
            classes: self.classes.len(),
            workers: self.workers.len(),
            tasks: Vec::with_capacity(tasks),
            truth: Vec::with_capacity(tasks),
        };
        for _ in 0..tasks {
            let truth = draw(&self.classes, random);
            let shift = self.difficulty * random.normal();
            let judge = |worker: usize, random: &mut Rng| {
                let row = shifted(&self.workers[worker].rows[truth], truth, shift);
                (worker as u32, draw(&row, random) as u16)
            };
            let judges = self.judges(each, random);
            recording.tasks.push(judges.into_iter().map(|worker| judge(worker, random)).collect());
            recording.truth.push(Some(truth as u16));
        }
        recording
    }

    /// Different workers, the active ones more often: those with the largest ln(u)/activity.
    ///
    /// Efraimidis, Spirakis: Weighted random sampling with a reservoir. Information Processing Letters 97(5), 2006,
    /// <https://doi.org/10.1016/j.ipl.2005.11.003>.
    fn judges(&self, each: usize, random: &mut Rng) -> Vec<usize> {
        let key =
            |worker: &Worker, random: &mut Rng| (1.0 - random.uniform()).ln() / worker.activity;
        let mut keys: Vec<(f64, usize)> = self
            .workers
            .iter()
            .enumerate()
            .map(|(index, worker)| (key(worker, random), index))
            .collect();
        keys.sort_by(|one, other| other.0.total_cmp(&one.0));
        keys.into_iter().take(each).map(|(_, worker)| worker).collect()
    }
}

fn judgments(recording: &Recording) -> Result<Judgments> {
    let mut columns = Columns {
        tasks: recording.tasks.len(),
        workers: recording.workers,
        classes: recording.classes,
        ..Columns::default()
    };
    for (task, judgments) in recording.tasks.iter().enumerate() {
        for &(worker, label) in judgments {
            columns.task.push(task as u32);
            columns.worker.push(worker);
            columns.label.push(label);
        }
    }
    Ok(Judgments::new(columns, Duplicates::Keep)?)
}

/// A spammer's accuracy, or one from the Beta distribution of the given mean and spread.
fn accuracy(of: Description, random: &mut Rng) -> f64 {
    if random.uniform() < of.spammers {
        return 1.0 / of.classes as f64;
    }
    if of.spread < 1e-6 {
        return of.accuracy;
    }
    let total = of.accuracy * (1.0 - of.accuracy) / (of.spread * of.spread) - 1.0;
    let right = random.gamma(total * of.accuracy);
    right / (right + random.gamma(total * (1.0 - of.accuracy)))
}

fn coin(accuracy: f64, classes: usize) -> Vec<Vec<f64>> {
    let wrong = (1.0 - accuracy) / (classes - 1) as f64;
    let cell = |truth, answer| if truth == answer { accuracy } else { wrong };
    (0..classes).map(|truth| (0..classes).map(|answer| cell(truth, answer)).collect()).collect()
}

/// The row on a task that adds `shift` to the logit of being right.
fn shifted(row: &[f64], truth: usize, shift: f64) -> Vec<f64> {
    let before = row[truth].clamp(1e-9, 1.0 - 1e-9);
    let right = 1.0 / (1.0 + (1.0 - before) / before * (-shift).exp());
    let rest = (1.0 - right) / (1.0 - before);
    let cell = |(answer, share): (usize, &f64)| if answer == truth { right } else { share * rest };
    row.iter().enumerate().map(cell).collect()
}

fn draw(shares: &[f64], random: &mut Rng) -> usize {
    let mut left = random.uniform() * shares.iter().sum::<f64>();
    for (index, share) in shares.iter().enumerate() {
        left -= share;
        if left < 0.0 {
            return index;
        }
    }
    shares.len() - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESCRIPTION: Description = Description {
        workers: 60,
        classes: 3,
        accuracy: 0.8,
        spread: 0.1,
        spammers: 0.0,
        difficulty: 0.0,
    };

    fn share_right(recording: &Recording) -> f64 {
        let pairs = recording.tasks.iter().zip(&recording.truth);
        let (mut right, mut all) = (0.0, 0.0);
        for (judgments, truth) in pairs {
            right += judgments.iter().filter(|judgment| Some(judgment.1) == *truth).count() as f64;
            all += judgments.len() as f64;
        }
        right / all
    }

    #[test]
    fn the_crowd_is_as_described() {
        let mut random = Rng::new(1);
        let crowd = Crowd::described(DESCRIPTION, &mut random).unwrap();
        let recording = crowd.work(2000, 5, &mut random);
        assert!((share_right(&recording) - 0.8).abs() < 0.05, "{}", share_right(&recording));
        for judgments in &recording.tasks {
            let mut workers: Vec<u32> = judgments.iter().map(|judgment| judgment.0).collect();
            workers.sort_unstable();
            workers.dedup();
            assert_eq!(workers.len(), 5);
        }
        let spammers = Description { spammers: 1.0, ..DESCRIPTION };
        let crowd = Crowd::described(spammers, &mut random).unwrap();
        assert!((share_right(&crowd.work(2000, 5, &mut random)) - 1.0 / 3.0).abs() < 0.03);
    }

    #[test]
    fn a_crowd_like_another_is_as_accurate() {
        let mut random = Rng::new(2);
        let original =
            Crowd::described(DESCRIPTION, &mut random).unwrap().work(1000, 6, &mut random);
        let again = Crowd::like(&original, 0.0).unwrap().work(1000, 6, &mut random);
        assert!((share_right(&original) - share_right(&again)).abs() < 0.04);
    }

    #[test]
    fn numbers_out_of_range_are_named() {
        for (wrong, name) in [
            (Description { workers: 0, ..DESCRIPTION }, "--workers"),
            (Description { classes: 1, ..DESCRIPTION }, "--classes"),
            (Description { accuracy: 1.0, ..DESCRIPTION }, "--accuracy"),
            (Description { spread: 0.4, ..DESCRIPTION }, "--spread"),
            (Description { spammers: -0.1, ..DESCRIPTION }, "--spammers"),
            (Description { difficulty: f64::NAN, ..DESCRIPTION }, "--difficulty"),
        ] {
            let message = Crowd::described(wrong, &mut Rng::new(1)).unwrap_err().to_string();
            assert!(message.contains(name), "{message}");
        }
    }
}
