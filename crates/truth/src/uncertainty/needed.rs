//! How many more judgments a task needs.

use crate::error::{Error, check_parameter};

/// The workers who would judge next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crowd {
    /// Probability that a judgment is right, in (0, 1).
    pub accuracy: f64,
    /// ρ, how far judgments of a task depend on each other, in [0, 1): n judgments count as n/(1 + (n−1)ρ).
    pub dependence: f64,
}

/// Expected number of further judgments until the most probable class of a task has probability `target`.
///
/// A judgment of accuracy a among K classes moves the log-odds of the true class by λ = ln(a(K−1)/(1−a)) where right,
/// by −λ against one rival where wrong: D = λ(a − (1−a)/(K−1)) in the mean. From log-odds ℓ(c) of class c against the
/// strongest other, the target log-odds L take (L − ℓ(c))/D independent judgments if c is true (Wald's
/// approximation); the mean is over the current posterior q(c). Dependence turns m more independent judgments into
/// the n with n/(1 + (n−1)ρ) growing by m; `judged` is how many there are now.
///
/// 0 if the target is reached; `None` if no number of judgments is expected to reach it.
///
/// # Errors
/// An accuracy, dependence or target out of range.
pub fn judgments_needed(
    posterior: &[f64],
    judged: usize,
    target: f64,
    crowd: Crowd,
) -> Result<Option<f64>, Error> {
    let Crowd { accuracy, dependence } = crowd;
    check_parameter("target", target, target > 0.0 && target < 1.0, "a number between 0 and 1")?;
    check_parameter(
        "accuracy",
        accuracy,
        accuracy > 0.0 && accuracy < 1.0,
        "a number between 0 and 1",
    )?;
    check_parameter(
        "dependence",
        dependence,
        (0.0..1.0).contains(&dependence),
        "a number in [0, 1)",
    )?;
    let top = posterior.iter().copied().fold(0.0, f64::max);
    if top >= target || posterior.len() < 2 {
        return Ok(Some(0.0));
    }
    let rivals = posterior.len() as f64 - 1.0;
    let weight = (accuracy * rivals / (1.0 - accuracy)).ln();
    let drift = weight * (accuracy - (1.0 - accuracy) / rivals);
    if drift <= 1e-9 {
        return Ok(None);
    }
    let goal = (target / (1.0 - target)).ln();
    let expected: f64 = posterior
        .iter()
        .enumerate()
        .map(|(class, &probability)| {
            probability * ((goal - log_odds(posterior, class)) / drift).max(0.0)
        })
        .sum();
    // So many independent judgments are there and will have to be.
    let effective = |count: f64| count / (1.0 + (count - 1.0).max(0.0) * dependence);
    let wanted = effective(judged as f64) + expected;
    if wanted * dependence >= 1.0 {
        return Ok(None);
    }
    let count = if wanted < 1.0 {
        wanted
    } else {
        wanted * (1.0 - dependence) / (1.0 - wanted * dependence)
    };
    Ok(Some((count - judged as f64).max(0.0)))
}

/// ln q(c) − ln of the largest other probability, both kept from 0.
fn log_odds(posterior: &[f64], class: usize) -> f64 {
    let others = posterior.iter().enumerate().filter(|&(other, _)| other != class);
    let rival = others.map(|(_, &value)| value).fold(1e-9, f64::max);
    posterior[class].max(1e-9).ln() - rival.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needed(
        posterior: &[f64],
        judged: usize,
        target: f64,
        accuracy: f64,
        dependence: f64,
    ) -> Option<f64> {
        judgments_needed(posterior, judged, target, Crowd { accuracy, dependence }).unwrap()
    }

    #[test]
    fn an_even_task_needs_the_log_odds_over_the_drift() {
        let weight = 4f64.ln();
        let expected = (0.95f64 / 0.05).ln() / (weight * 0.6);
        let found = needed(&[0.5, 0.5], 0, 0.95, 0.8, 0.0).unwrap();
        assert!((found - expected).abs() < 1e-12, "{found}, {expected}");
    }

    #[test]
    fn surer_tasks_need_less_and_dependence_more() {
        let even = needed(&[0.5, 0.5], 2, 0.9, 0.8, 0.0).unwrap();
        assert!(needed(&[0.8, 0.2], 2, 0.9, 0.8, 0.0).unwrap() < even);
        assert!(needed(&[0.5, 0.5], 2, 0.9, 0.8, 0.1).unwrap() > even);
        assert_eq!(needed(&[0.95, 0.05], 2, 0.9, 0.8, 0.0), Some(0.0));
        assert_eq!(needed(&[0.5, 0.5], 2, 0.99, 0.8, 0.5), None);
        assert_eq!(needed(&[0.5, 0.5], 2, 0.9, 0.5, 0.0), None);
    }

    #[test]
    fn parameters_out_of_range_are_refused() {
        let crowd = Crowd { accuracy: 0.8, dependence: 0.0 };
        assert!(judgments_needed(&[0.5, 0.5], 0, 1.0, crowd).is_err());
        assert!(
            judgments_needed(&[0.5, 0.5], 0, 0.9, Crowd { accuracy: f64::NAN, ..crowd }).is_err()
        );
        assert!(judgments_needed(&[0.5, 0.5], 0, 0.9, Crowd { dependence: 1.0, ..crowd }).is_err());
    }
}
