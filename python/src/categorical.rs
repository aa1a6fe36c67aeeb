//! Categorical judgments and every estimator of their truth.

use crowdsmith_truth::auto::Auto;
use crowdsmith_truth::categorical::{
    Bwa, Catd, ClassPrior, DawidSkene, Ebcc, Elice, Glad, HierarchicalDawidSkene, Ibcc,
    KnownConfusions, Kos, MMsr, MajorityVote, Objective, OneCoin, Pm, SignPairs, ZenCrowd,
    ZeroBasedSkill,
};
use crowdsmith_truth::ordinal::OrdinalWorkers;
use crowdsmith_truth::{self as truth, Columns, Duplicates, Estimator, Fit};
use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::answers::{Answer, refused};
use crate::options::Options;

/// Checked judgments, ready for any estimator.
#[pyclass(frozen, module = "crowdsmith._native")]
pub(crate) struct Judgments(pub(crate) truth::Judgments);

#[pymethods]
impl Judgments {
    /// Takes dense integer codes; a worker may judge a task more than once.
    #[new]
    #[pyo3(signature = (tasks, workers, classes, task, worker, label, gold_task=None, gold_label=None))]
    #[expect(clippy::too_many_arguments, reason = "columns of one table")]
    fn new(
        py: Python<'_>,
        tasks: usize,
        workers: usize,
        classes: usize,
        task: PyReadonlyArray1<'_, u32>,
        worker: PyReadonlyArray1<'_, u32>,
        label: PyReadonlyArray1<'_, u16>,
        gold_task: Option<PyReadonlyArray1<'_, u32>>,
        gold_label: Option<PyReadonlyArray1<'_, u16>>,
    ) -> PyResult<Self> {
        let columns = Columns {
            tasks,
            workers,
            classes,
            task: task.to_vec()?,
            worker: worker.to_vec()?,
            label: label.to_vec()?,
        };
        let gold: Vec<(u32, u16)> = match (gold_task, gold_label) {
            (Some(task), Some(label)) => task.to_vec()?.into_iter().zip(label.to_vec()?).collect(),
            _ => Vec::new(),
        };
        py.detach(|| truth::Judgments::new(columns, Duplicates::Keep)?.with_gold(&gold))
            .map(Self)
            .map_err(refused)
    }
}

/// Fits a method to judgments; the rest are its hyper-parameters.
#[pyfunction]
#[pyo3(signature = (judgments, method, **options))]
pub(crate) fn fit<'py>(
    py: Python<'py>,
    judgments: &Judgments,
    method: &str,
    options: Option<Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyDict>> {
    let options = Options::new(options);
    let estimator = estimator(method, &options)?;
    options.finish()?;
    let fit = py.detach(|| estimator.fit(&judgments.0)).map_err(refused)?;
    answer(py, fit)
}

fn answer(py: Python<'_>, fit: Fit) -> PyResult<Bound<'_, PyDict>> {
    let answer = Answer::new(py);
    let shape = [fit.labels.len(), fit.posterior.classes()];
    answer
        .table("posterior", fit.posterior.values().to_vec(), shape)?
        .column("labels", fit.labels)?
        .column("class_prior", fit.class_prior)?
        .column("accuracy", fit.workers.accuracy.iter().map(|beta| beta.mean()).collect())?
        .column("accuracy_alpha", fit.workers.accuracy.iter().map(|beta| beta.alpha).collect())?
        .column("accuracy_beta", fit.workers.accuracy.iter().map(|beta| beta.beta).collect())?
        .set("iterations", fit.convergence.iterations)?
        .set("converged", fit.convergence.converged)?
        .set("log_likelihood", fit.convergence.log_likelihood)?;
    if let Some(confusions) = fit.workers.confusions {
        let shape = [confusions.workers(), confusions.classes(), confusions.classes()];
        answer.table("confusions", confusions.values().to_vec(), shape)?;
    }
    if let Some(skill) = fit.workers.skill {
        answer.column("skill", skill)?;
    }
    if let Some(difficulty) = fit.task_difficulty {
        answer.column("difficulty", difficulty)?;
    }
    Ok(answer.0)
}

type Boxed = Box<dyn Estimator + Send + Sync>;

fn estimator(method: &str, options: &Options<'_>) -> PyResult<Boxed> {
    Ok(match method {
        "auto" => Box::new(Auto::default()),
        "majority-vote" => Box::new(MajorityVote { weights: options.maybe("weights")? }),
        "zero-based-skill" => {
            let base = ZeroBasedSkill::default();
            Box::new(ZeroBasedSkill {
                iterations: options.or("iterations", base.iterations)?,
                rate: options.or("rate", base.rate)?,
                rate_steps: options.or("rate_steps", base.rate_steps)?,
                rate_factor: options.or("rate_factor", base.rate_factor)?,
                margin: options.or("margin", base.margin)?,
            })
        }
        "dawid-skene" => Box::new(dawid_skene(options)?),
        "one-coin" => {
            let base = OneCoin::default();
            Box::new(OneCoin {
                iterations: options.or("iterations", base.iterations)?,
                tolerance: options.or("tolerance", base.tolerance)?,
                class_prior: class_prior(options)?,
                shrinkage: options.or("shrinkage", base.shrinkage)?,
                objective: Objective::JointBound,
            })
        }
        "glad" => Box::new(glad(options)?),
        "kos" => {
            let iterations = options.or("iterations", Kos::default().iterations)?;
            Box::new(Kos { iterations, start: options.maybe("start")? })
        }
        "m-msr" => {
            let base = MMsr::default();
            Box::new(MMsr {
                iterations: options.or("iterations", base.iterations)?,
                tolerance: options.or("tolerance", base.tolerance)?,
                start: options.maybe("start")?,
                signs: match options.or("pairs", "sharing".to_owned())?.as_str() {
                    "all" => SignPairs::All,
                    "sharing" => SignPairs::Sharing,
                    other => {
                        let text = format!("pairs must be `all` or `sharing`, not `{other}`");
                        return Err(PyValueError::new_err(text));
                    }
                },
                ..base
            })
        }
        "elice" => Box::new(Elice::default()),
        "hierarchical" => Box::new(HierarchicalDawidSkene::default()),
        "ibcc" => Box::new(Ibcc::default()),
        "ebcc" => Box::new(Ebcc::default()),
        "bwa" => Box::new(Bwa::default()),
        "catd" => Box::new(Catd::default()),
        "pm" => Box::new(Pm::default()),
        "zencrowd" => Box::new(ZenCrowd::default()),
        "ordinal" => {
            let base = OrdinalWorkers::default();
            Box::new(OrdinalWorkers {
                iterations: options.or("iterations", base.iterations)?,
                tolerance: options.or("tolerance", base.tolerance)?,
                shrinkage: options.or("shrinkage", base.shrinkage)?,
            })
        }
        _ => return Err(PyValueError::new_err(format!("unknown method `{method}`"))),
    })
}

fn dawid_skene(options: &Options<'_>) -> PyResult<DawidSkene> {
    let base = DawidSkene::default();
    let known: Option<PyReadonlyArray1<'_, f64>> = options.maybe("known")?;
    let assign = options.or("assign_known", false)?;
    let known = known.map(|table| table.to_vec()).transpose()?.map(|table| {
        if assign { KnownConfusions::Assign(table) } else { KnownConfusions::Add(table) }
    });
    Ok(DawidSkene {
        iterations: options.or("iterations", base.iterations)?,
        tolerance: options.or("tolerance", base.tolerance)?,
        class_prior: class_prior(options)?,
        shrinkage: options.or("shrinkage", base.shrinkage)?,
        known,
        objective: Objective::JointBound,
    })
}

fn glad(options: &Options<'_>) -> PyResult<Glad> {
    let base = Glad::default();
    Ok(Glad {
        iterations: options.or("iterations", base.iterations)?,
        tolerance: options.or("tolerance", base.tolerance)?,
        class_prior: options.maybe("class_prior")?,
        ability_prior: options.maybe("ability_prior")?,
        ease_prior: options.maybe("ease_prior")?,
        inner_iterations: options.or("inner_iterations", base.inner_iterations)?,
        inner_tolerance: options.or("inner_tolerance", base.inner_tolerance)?,
    })
}

fn class_prior(options: &Options<'_>) -> PyResult<ClassPrior> {
    let name: String = options.or("class_prior", "estimated".to_owned())?;
    match name.as_str() {
        "estimated" => Ok(ClassPrior::Estimated),
        "vote-share" => Ok(ClassPrior::VoteShare),
        _ => Err(PyValueError::new_err("`class_prior` must be 'estimated' or 'vote-share'")),
    }
}

/// Sum of the votes' weights (1 each, if none are given) by task and label.
#[pyfunction]
#[pyo3(signature = (tasks, classes, task, label, weight=None))]
pub(crate) fn weighted_votes<'py>(
    py: Python<'py>,
    tasks: usize,
    classes: usize,
    task: PyReadonlyArray1<'py, u32>,
    label: PyReadonlyArray1<'py, u16>,
    weight: Option<PyReadonlyArray1<'py, f64>>,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let weight = weight.as_ref().map(|weight| weight.as_slice()).transpose()?;
    let (task, label) = (task.as_slice()?, label.as_slice()?);
    let votes = py.detach(|| {
        let mut votes = vec![0.0; tasks * classes];
        for (row, (&task, &label)) in task.iter().zip(label).enumerate() {
            let (task, label) = (task as usize, usize::from(label));
            if task < tasks && label < classes {
                votes[task * classes + label] += weight.map_or(1.0, |weight| weight[row]);
            }
        }
        votes
    });
    votes.into_pyarray(py).reshape([tasks, classes])
}

/// Each worker's share of answers that equal the labels, an answer given twice counted once; 0 without answers.
#[pyfunction]
pub(crate) fn agreement<'py>(
    py: Python<'py>,
    judgments: &Judgments,
    labels: PyReadonlyArray1<'py, u16>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let judgments = &judgments.0;
    let labels = labels.as_slice()?;
    let shares = py.detach(|| {
        let mut right = vec![0.0; judgments.workers()];
        let mut total = vec![0.0f64; judgments.workers()];
        let mut answers = Vec::new();
        for (task, &chosen) in labels.iter().enumerate().take(judgments.tasks()) {
            answers.clear();
            answers.extend(judgments.task(task));
            answers.sort_unstable();
            answers.dedup();
            for &(worker, label) in &answers {
                total[worker] += 1.0;
                right[worker] += f64::from(u8::from(label == usize::from(chosen)));
            }
        }
        right.iter().zip(total).map(|(right, total)| right / total.max(1.0)).collect::<Vec<_>>()
    });
    Ok(shares.into_pyarray(py))
}
