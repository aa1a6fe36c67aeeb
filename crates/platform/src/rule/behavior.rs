//! Means over how judgments came about.

use crate::judgment::Behavior;
use crate::policy::Rule;
use crate::policy::rules::Metric;

/// The mean of what the pages told; `None` if none told it.
pub(super) fn mean(told: &[Behavior], metric: Metric) -> Option<f64> {
    let values: Vec<f64> = told.iter().filter_map(|one| value(one, metric)).collect();
    match metric {
        Metric::Count => Some(told.len() as f64),
        _ if values.is_empty() => None,
        _ => Some(values.iter().sum::<f64>() / values.len() as f64),
    }
}

fn value(told: &Behavior, metric: Metric) -> Option<f64> {
    match metric {
        Metric::ActiveSeconds => told.active_ms.map(|millis| f64::from(millis) / 1000.0),
        Metric::FirstActionSeconds => told.first_action_ms.map(|millis| f64::from(millis) / 1000.0),
        Metric::FocusLost => told.focus_lost.map(f64::from),
        Metric::Keys => told.keys.map(f64::from),
        Metric::Pastes => told.pastes.map(f64::from),
        _ => None,
    }
}

/// The means that a rule looks at, in words.
pub(super) fn seen(told: &[Behavior], rule: &Rule) -> String {
    let mut means = Vec::new();
    for metric in rule.when.iter().map(|condition| condition.metric) {
        let Some(mean) = mean(told, metric).filter(|_| metric != Metric::Count) else { continue };
        let text = format!("{metric} {}", (mean * 100.0).round() / 100.0);
        if !means.contains(&text) {
            means.push(text);
        }
    }
    format!("{} on average over {} judgments", means.join(", "), told.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_over_those_that_tell() {
        let told = |active_ms, pastes| Behavior { active_ms, pastes, ..Behavior::default() };
        let told = [told(Some(1000), Some(1)), told(Some(2500), None), told(None, Some(2))];
        assert_eq!(mean(&told, Metric::ActiveSeconds), Some(1.75));
        assert_eq!(mean(&told, Metric::Pastes), Some(1.5));
        assert_eq!(mean(&told, Metric::Keys), None);
        assert_eq!(mean(&told, Metric::Count), Some(3.0));
    }
}
