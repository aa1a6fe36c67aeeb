//! The methods by name: what they are for, and the estimators of `crowdsmith-truth` behind them.

use anyhow::{Result, anyhow};
use crowdsmith_truth::auto::Auto;
use crowdsmith_truth::categorical::{
    Bwa, Catd, DawidSkene, Ebcc, Elice, Glad, GoldMajorityVote, HierarchicalDawidSkene, Ibcc, Kos,
    MMsr, Mace, MajorityVote, OneCoin, Pm, Wawa, ZenCrowd, ZeroBasedSkill,
};
use crowdsmith_truth::numeric::{self, Measurements, NumericFit};
use crowdsmith_truth::ordinal::OrdinalWorkers;
use crowdsmith_truth::{Error, Estimator};

/// What the answers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answers {
    /// One of several labels.
    Classes,
    /// One of several labels with an order, which are numbers.
    Scale,
    /// A quantity.
    Numbers,
}

/// One line of the table of methods.
#[derive(Debug)]
pub(crate) struct Method {
    pub(crate) name: &'static str,
    /// Other names that are understood.
    aliases: &'static [&'static str],
    pub(crate) answers: Answers,
    models: &'static str,
    when: &'static str,
    /// Which of `--iterations`, `--tolerance` and `--seed` mean something.
    uses: &'static str,
}

/// What the command line says about how to fit; `None` is the method's own choice.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tuning {
    pub(crate) iterations: Option<usize>,
    pub(crate) tolerance: Option<f64>,
    pub(crate) seed: Option<u64>,
}

const fn method(
    name: &'static str,
    aliases: &'static [&'static str],
    answers: Answers,
    models: &'static str,
    when: &'static str,
    uses: &'static str,
) -> Method {
    Method { name, aliases, answers, models, when, uses }
}

const CLASSES: Answers = Answers::Classes;
const SCALE: Answers = Answers::Scale;
const NUMBERS: Answers = Answers::Numbers;

/// All methods, in the order of the table.
#[rustfmt::skip]
pub(crate) const METHODS: &[Method] = &[
    method("auto", &["default"], CLASSES, "several models of the crowd, pooled, tempered and calibrated", "always, if nothing speaks for another: honest confidences", "it"),
    method("majority-vote", &["mv", "majority"], CLASSES, "nothing: every vote counts the same", "a baseline; very many good workers", ""),
    method("wawa", &[], CLASSES, "agreement of each worker with the majority", "a quick step beyond majority vote", ""),
    method("zero-based-skill", &["zbs"], CLASSES, "agreement with the weighted vote, learned slowly", "as wawa, where the majority is often wrong", "i"),
    method("gold-majority-vote", &["gold-majority"], CLASSES, "accuracy of each worker on gold", "much gold (--gold) for most workers", ""),
    method("dawid-skene", &["ds"], CLASSES, "a confusion matrix a worker, maximum likelihood", "many judgments a worker; too sure of itself", "it"),
    method("hierarchical-dawid-skene", &["hds"], CLASSES, "confusion matrices shrunk to accuracy and crowd", "confusions that matter, with few judgments a worker", "it"),
    method("one-coin", &["onecoin"], CLASSES, "one accuracy a worker, wrong answers alike", "few judgments a worker, classes alike", "it"),
    method("zencrowd", &["zen-crowd", "zc"], CLASSES, "one reliability a worker, classes equally likely", "as one-coin, where the shares of classes mislead", "it"),
    method("glad", &[], CLASSES, "ability of workers and difficulty of tasks", "tasks of very different difficulty", "it"),
    method("mace", &[], CLASSES, "workers know the answer, or spam in their own way", "spammers with a favourite answer", "is"),
    method("m-msr", &["mmsr"], CLASSES, "agreement between pairs of workers, some of them corrupt", "a few workers who work together against you", "its"),
    method("kos", &[], CLASSES, "messages between tasks and workers, two classes", "two classes, tasks given out at random", "i"),
    method("ibcc", &[], CLASSES, "confusion matrices with priors, variational Bayes", "as dawid-skene, with fewer judgments", "it"),
    method("ebcc", &[], CLASSES, "subtypes of tasks on which workers err alike", "workers whose errors go together, many judgments", "its"),
    method("bwa", &[], CLASSES, "a precision a worker around a common mean", "many judgments a task, mild confidences", "it"),
    method("catd", &[], CLASSES, "weights that few judgments keep low", "a long tail of workers with few judgments", "i"),
    method("pm", &[], CLASSES, "weights that least contradict the answers", "conflicting sources", "i"),
    method("elice", &[], CLASSES, "abilities from gold, difficulties from the crowd", "some gold (--gold), workers good and bad", ""),
    method("ordinal", &["ordinal-workers"], SCALE, "how far each worker strays on the crowd's scale", "ratings: labels that are numbers in an order", "it"),
    method("mean", &["average"], NUMBERS, "nothing: the mean of the judgments", "a baseline", ""),
    method("median", &[], NUMBERS, "nothing: the middle judgment", "gross mistakes among the numbers", ""),
    method("trimmed-mean", &["trimmed"], NUMBERS, "nothing: the mean without the outer fifths", "between mean and median", ""),
    method("gaussian", &["gaussian-workers"], NUMBERS, "a scale, a bias and a variance a worker", "workers who judge too high, too low or at random", "it"),
    method("numeric-catd", &["catd-numeric"], NUMBERS, "weights that few judgments keep low", "a long tail of workers with few judgments", "it"),
    method("lfc-n", &["lfcn", "lfc"], NUMBERS, "a variance a worker, maximum likelihood", "many judgments a worker", "it"),
];

impl Method {
    /// The method of a name or alias; case and `_` for `-` do not matter.
    ///
    /// # Errors
    /// An unknown name, with the closest known one.
    pub(crate) fn find(name: &str) -> Result<&'static Self> {
        let wanted = name.trim().to_lowercase().replace(['_', ' '], "-");
        let known = METHODS.iter().find(|m| m.name == wanted || m.aliases.contains(&&*wanted));
        known.ok_or_else(|| {
            let names = METHODS
                .iter()
                .flat_map(|m| m.aliases.iter().map(|a| (*a, m.name)).chain([(m.name, m.name)]));
            let closest = names
                .map(|(spelled, name)| (strsim::jaro_winkler(spelled, &wanted), name))
                .max_by(|a, b| a.0.total_cmp(&b.0));
            match closest {
                Some((likeness, close)) if likeness > 0.75 => {
                    anyhow!(
                        "there is no method `{name}`; did you mean `{close}`? --list explains all"
                    )
                }
                _ => anyhow!("there is no method `{name}`; --list explains those there are"),
            }
        })
    }

    /// Whether the labels are read as quantities.
    pub(crate) fn takes_numbers(&self) -> bool {
        self.answers == Answers::Numbers
    }

    /// Which of the given options mean nothing to the method.
    pub(crate) fn ignores(&self, tuning: Tuning) -> Vec<&'static str> {
        [
            ("--iterations", 'i', tuning.iterations.is_some()),
            ("--tolerance", 't', tuning.tolerance.is_some()),
            ("--seed", 's', tuning.seed.is_some()),
        ]
        .into_iter()
        .filter(|&(_, letter, given)| given && !self.uses.contains(letter))
        .map(|(option, ..)| option)
        .collect()
    }

    /// The estimator of a method for classes or scales; `None` for one for numbers.
    pub(crate) fn estimator(&self, tuning: Tuning) -> Option<Box<dyn Estimator>> {
        /// Puts given values in place of the estimator's own, if it has something to tune.
        macro_rules! tuned {
            ($base:expr) => { Box::new($base) };
            ($base:expr $(, $field:ident)+) => {{
                let mut estimator = $base;
                $(if let Some(value) = tuning.$field { estimator.$field = value; })+
                Box::new(estimator)
            }};
        }
        Some(match self.name {
            "auto" => tuned!(Auto::default(), iterations, tolerance),
            "majority-vote" => tuned!(MajorityVote::default()),
            "wawa" => tuned!(Wawa),
            "zero-based-skill" => tuned!(ZeroBasedSkill::default(), iterations),
            "gold-majority-vote" => tuned!(GoldMajorityVote),
            "dawid-skene" => tuned!(DawidSkene::default(), iterations, tolerance),
            "hierarchical-dawid-skene" => {
                tuned!(HierarchicalDawidSkene::default(), iterations, tolerance)
            }
            "one-coin" => tuned!(OneCoin::default(), iterations, tolerance),
            "zencrowd" => tuned!(ZenCrowd::default(), iterations, tolerance),
            "glad" => tuned!(Glad::default(), iterations, tolerance),
            "mace" => tuned!(Mace::default(), iterations, seed),
            "m-msr" => tuned!(MMsr::default(), iterations, tolerance, seed),
            "kos" => tuned!(Kos::default(), iterations),
            "ibcc" => tuned!(Ibcc::default(), iterations, tolerance),
            "ebcc" => {
                let mut ebcc = Ebcc::default();
                let base = ebcc.base;
                ebcc.base.iterations = tuning.iterations.unwrap_or(base.iterations);
                ebcc.base.tolerance = tuning.tolerance.unwrap_or(base.tolerance);
                tuned!(ebcc, seed)
            }
            "bwa" => tuned!(Bwa::default(), iterations, tolerance),
            "catd" => tuned!(Catd::default(), iterations),
            "pm" => tuned!(Pm::default(), iterations),
            "elice" => tuned!(Elice::default()),
            "ordinal" => tuned!(OrdinalWorkers::default(), iterations, tolerance),
            _ => return None,
        })
    }

    /// Fits a method for numbers; `None` for one for classes.
    pub(crate) fn fit_numbers(
        &self,
        tuning: Tuning,
        measurements: &Measurements,
    ) -> Option<Result<NumericFit, Error>> {
        macro_rules! fitted {
            ($base:expr) => {{
                let mut method = $base;
                method.iterations = tuning.iterations.unwrap_or(method.iterations);
                method.tolerance = tuning.tolerance.unwrap_or(method.tolerance);
                method.fit(measurements)
            }};
        }
        Some(match self.name {
            "mean" => numeric::Mean.fit(measurements),
            "median" => numeric::Median.fit(measurements),
            "trimmed-mean" => numeric::TrimmedMean::default().fit(measurements),
            "gaussian" => fitted!(numeric::GaussianWorkers::default()),
            "numeric-catd" => fitted!(numeric::Catd::default()),
            "lfc-n" => fitted!(numeric::LfcN::default()),
            _ => return None,
        })
    }
}

/// The table of `--list`.
pub(crate) fn list() -> String {
    let heads = ["METHOD", "ANSWERS", "WHAT IT MODELS", "WHEN TO USE IT"];
    let mut rows = vec![heads];
    for method in METHODS {
        let answers = match method.answers {
            Answers::Classes => "classes",
            Answers::Scale => "scale",
            Answers::Numbers => "numbers",
        };
        rows.push([method.name, answers, method.models, method.when]);
    }
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    let mut table = String::new();
    for [name, answers, models, when] in rows {
        let [first, second, third] = widths;
        table += &format!("{name:first$}  {answers:second$}  {models:third$}  {when}\n");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_has_exactly_one_estimator() {
        let empty = Measurements::default();
        for method in METHODS {
            let classes = method.estimator(Tuning::default()).is_some();
            let numbers = method.fit_numbers(Tuning::default(), &empty).is_some();
            assert_eq!(
                (classes, numbers),
                (!method.takes_numbers(), method.takes_numbers()),
                "{}",
                method.name
            );
        }
    }

    #[test]
    fn names_are_those_of_the_estimators() {
        for method in METHODS {
            if let Some(estimator) = method.estimator(Tuning::default()) {
                assert_eq!(estimator.name(), method.name);
            }
            for name in method.aliases.iter().chain([&method.name]) {
                assert_eq!(Method::find(&name.to_uppercase()).unwrap().name, method.name);
            }
        }
    }

    #[test]
    fn a_wrong_name_gets_the_closest() {
        let wrong = |name: &str| Method::find(name).unwrap_err().to_string();
        assert!(
            wrong("david-skene").contains("did you mean `dawid-skene`?"),
            "{}",
            wrong("david-skene")
        );
        assert!(wrong("majorty").contains("`majority-vote`"), "{}", wrong("majorty"));
        assert!(wrong("xyz").ends_with("--list explains those there are"), "{}", wrong("xyz"));
    }
}
