//! GLAD: worker ability and task difficulty.

mod model;

use self::model::Model;
use super::common::{assemble, check_posterior, normalise};
use super::rows::{fill_rows, softmax};
use crate::error::{Error, check_parameter};
use crate::fit::{Convergence, Estimator, Fit, Posterior, Progress};
use crate::judgments::Judgments;
use crate::optimize::{Limits, minimise};

/// GLAD: worker w is right on task t with probability σ(αʷ exp βᵗ), else any wrong class is equally likely.
///
/// αʷ is ability (negative for an adversary), exp βᵗ the ease of the task; both have normal priors of variance 1
/// around 1. Expectation maximisation: q(t, c) ∝ p(c) ∏ σ or (1 − σ)/(K − 1); then α, β maximise
/// Q = Σ r ln σ + (1 − r) ln((1 − σ)/(K − 1)) + ln priors, r = q(t, y), by L-BFGS. The skill of the fit is α, the
/// difficulty −β.
///
/// Whitehill, Ruvolo, Wu, Bergsma, Movellan: Whose Vote Should Count More. NIPS 2009,
/// <https://papers.nips.cc/paper/3644>.
#[derive(Debug, Clone, PartialEq)]
pub struct Glad {
    /// Most iterations of expectation and maximisation.
    pub iterations: usize,
    /// Stop when Q per judgment and class grows by less than this.
    pub tolerance: f64,
    /// Probability of each class beforehand; `None` is uniform.
    pub class_prior: Option<Vec<f64>>,
    /// Prior mean of each worker's ability; `None` is 1.
    pub ability_prior: Option<Vec<f64>>,
    /// Prior mean of each task's β; `None` is 1.
    pub ease_prior: Option<Vec<f64>>,
    /// Most iterations of one maximisation.
    pub inner_iterations: usize,
    /// Gradient (largest entry) at which a maximisation stops.
    pub inner_tolerance: f64,
}

impl Default for Glad {
    fn default() -> Self {
        Self {
            iterations: 100,
            tolerance: 1e-5,
            class_prior: None,
            ability_prior: None,
            ease_prior: None,
            inner_iterations: 25,
            inner_tolerance: 1e-2,
        }
    }
}

/// Abilities αʷ and eases βᵗ.
#[derive(Debug, Clone, PartialEq)]
pub struct GladParameters {
    /// αʷ of each worker.
    pub ability: Vec<f64>,
    /// βᵗ of each task, the logarithm of its ease.
    pub ease: Vec<f64>,
}

impl Estimator for Glad {
    fn name(&self) -> &'static str {
        "glad"
    }

    fn fit_watched(&self, judgments: &Judgments, progress: &Progress) -> Result<Fit, Error> {
        let model = self.model(judgments)?;
        let mut parameters = GladParameters {
            ability: vec![1.0; judgments.workers()],
            ease: vec![1.0; judgments.tasks()],
        };
        let mut values = vec![0.0; judgments.tasks() * judgments.classes()];
        let mut convergence = Convergence::default();
        let mut log_likelihood = expectation(&model, &parameters, &mut values);
        let mut last = f64::NEG_INFINITY;
        while convergence.iterations < self.iterations && !convergence.converged {
            if convergence.iterations > 0 {
                log_likelihood = expectation(&model, &parameters, &mut values);
            }
            let q = self.maximise(&model, &values, &mut parameters);
            let scaled = q / (judgments.len() * judgments.classes()).max(1) as f64;
            convergence.iterations += 1;
            progress.step();
            convergence.converged = scaled - last < self.tolerance;
            last = scaled;
        }
        convergence.log_likelihood = Some(log_likelihood);
        let difficulty = parameters.ease.iter().map(|ease| -ease).collect();
        let mut fit =
            assemble(judgments, values, model.class_prior, Some(parameters.ability), convergence)?;
        fit.task_difficulty = Some(difficulty);
        Ok(fit)
    }
}

impl Glad {
    /// The expectation step alone: the posterior of every task under given parameters.
    ///
    /// # Errors
    /// Parameters or priors of another length than workers, tasks or classes.
    pub fn posterior(
        &self,
        judgments: &Judgments,
        parameters: &GladParameters,
    ) -> Result<Posterior, Error> {
        let model = self.model(judgments)?;
        check_parameters(judgments, parameters)?;
        let mut values = vec![0.0; judgments.tasks() * judgments.classes()];
        expectation(&model, parameters, &mut values);
        Posterior::new(judgments.classes(), values)
    }

    /// Q and its gradient in the abilities and eases, priors included (the constants of the normal densities in Q).
    ///
    /// # Errors
    /// Parameters, priors or posterior of another shape than the judgments.
    pub fn gradient(
        &self,
        judgments: &Judgments,
        posterior: &Posterior,
        parameters: &GladParameters,
    ) -> Result<(f64, GladParameters), Error> {
        let model = self.model(judgments)?;
        check_parameters(judgments, parameters)?;
        let expected = judgments.tasks() * judgments.classes();
        if posterior.values().len() != expected {
            return Err(Error::Shape {
                what: "posterior",
                expected,
                found: posterior.values().len(),
            });
        }
        let rightness = model.rightness(posterior.values());
        let point: Vec<f64> = parameters.ability.iter().chain(&parameters.ease).copied().collect();
        let mut gradient = vec![0.0; point.len()];
        let loss = model.loss(&rightness, &point, &mut gradient);
        let mut ability: Vec<f64> = gradient.iter().map(|slope| -slope).collect();
        let ease = ability.split_off(judgments.workers());
        Ok((-loss, GladParameters { ability, ease }))
    }

    fn model<'a>(&self, judgments: &'a Judgments) -> Result<Model<'a>, Error> {
        check_posterior(judgments)?;
        for (name, value) in
            [("tolerance", self.tolerance), ("inner_tolerance", self.inner_tolerance)]
        {
            check_parameter(name, value, value >= 0.0, "at least 0")?;
        }
        let vector = |what, given: &Option<Vec<f64>>, count: usize, default: f64| match given {
            None => Ok(vec![default; count]),
            Some(values) if values.len() == count => Ok(values.clone()),
            Some(values) => Err(Error::Shape { what, expected: count, found: values.len() }),
        };
        let mut class_prior = vector("class prior", &self.class_prior, judgments.classes(), 1.0)?;
        normalise(&mut class_prior);
        let ability = vector("ability prior", &self.ability_prior, judgments.workers(), 1.0)?;
        let ease = vector("ease prior", &self.ease_prior, judgments.tasks(), 1.0)?;
        for &value in class_prior.iter().chain(&ability).chain(&ease) {
            check_parameter("prior", value, value.is_finite(), "finite numbers")?;
        }
        Ok(Model::new(judgments, class_prior, ability, ease))
    }

    /// Maximises Q in place and returns it.
    fn maximise(&self, model: &Model, values: &[f64], parameters: &mut GladParameters) -> f64 {
        let rightness = model.rightness(values);
        let mut point = std::mem::take(&mut parameters.ability);
        let workers = point.len();
        point.append(&mut parameters.ease);
        let limits = Limits { iterations: self.inner_iterations, gradient: self.inner_tolerance };
        let (mut point, loss) =
            minimise(point, limits, |point, gradient| model.loss(&rightness, point, gradient));
        parameters.ease = point.split_off(workers);
        parameters.ability = point;
        -loss
    }
}

fn check_parameters(judgments: &Judgments, parameters: &GladParameters) -> Result<(), Error> {
    let lengths = [
        ("abilities", judgments.workers(), parameters.ability.len()),
        ("eases", judgments.tasks(), parameters.ease.len()),
    ];
    for (what, expected, found) in lengths {
        if expected != found {
            return Err(Error::Shape { what, expected, found });
        }
    }
    Ok(())
}

/// Writes the posterior; returns the log-likelihood of the judgments.
fn expectation(model: &Model, parameters: &GladParameters, values: &mut [f64]) -> f64 {
    let log_prior: Vec<f64> =
        model.class_prior.iter().map(|share| share.max(1e-300).ln()).collect();
    let others = (model.judgments.classes().saturating_sub(1).max(1) as f64).ln();
    fill_rows(model.judgments, values, |task, row| {
        row.copy_from_slice(&log_prior);
        let ease = parameters.ease[task].exp();
        let mut common = 0.0;
        for (worker, label) in model.judgments.task(task) {
            let logit = parameters.ability[worker] * ease;
            // ln σ(x) − ln(1 − σ(x)) = x.
            row[label] += logit + others;
            common += -model::softplus(logit) - others;
        }
        softmax(row) + common
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::categorical::testing::{accuracy, judgments, simulated};

    #[test]
    fn abilities_are_ordered_and_the_truth_is_found() {
        let (data, truth) = simulated(300, 3, &[0.95, 0.8, 0.6, 0.45, 0.2], 5);
        let fit = Glad::default().fit(&data).unwrap();
        assert!(accuracy(&fit.labels, &truth) > 0.88);
        let skills = fit.workers.skill.unwrap();
        assert!(skills.windows(2).all(|pair| pair[0] > pair[1]), "{skills:?}");
        assert_eq!(fit.task_difficulty.unwrap().len(), 300);
    }

    /// One task, one worker who answered class 0 of 2, α = 1, β = 0: q = σ(1).
    #[test]
    fn the_expectation_step_is_the_formula() {
        let data = judgments(1, 1, 2, &[(0, 0, 0)]);
        let parameters = GladParameters { ability: vec![1.0], ease: vec![0.0] };
        let posterior = Glad::default().posterior(&data, &parameters).unwrap();
        assert!((posterior.row(0)[0] - 1.0 / (1.0 + (-1f64).exp())).abs() < 1e-12);
    }

    #[test]
    fn the_gradient_is_that_of_q() {
        let (data, _) = simulated(6, 3, &[0.9, 0.5, 0.4], 2);
        let model = Glad::default();
        let at = |shift: f64, index: usize| {
            let mut point = GladParameters { ability: vec![0.7, 1.3, -0.4], ease: vec![0.2; 6] };
            if index < 3 {
                point.ability[index] += shift;
            } else {
                point.ease[index - 3] += shift;
            }
            point
        };
        let posterior = model.posterior(&data, &at(0.0, 0)).unwrap();
        let (_, gradient) = model.gradient(&data, &posterior, &at(0.0, 0)).unwrap();
        for index in 0..9 {
            let value = |shift| model.gradient(&data, &posterior, &at(shift, index)).unwrap().0;
            let slope = (value(1e-5) - value(-1e-5)) / 2e-5;
            let found = if index < 3 { gradient.ability[index] } else { gradient.ease[index - 3] };
            assert!((slope - found).abs() < 1e-6, "{slope} {found}");
        }
    }

    #[test]
    fn odd_data_are_defined() {
        for data in [
            judgments(0, 0, 0, &[]),
            judgments(2, 1, 1, &[(0, 0, 0)]),
            judgments(2, 2, 2, &[(0, 0, 0)]),
        ] {
            let fit = Glad::default().fit(&data).unwrap();
            assert!(fit.posterior.values().iter().all(|value| value.is_finite()));
        }
    }
}
