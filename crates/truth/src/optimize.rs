//! Minimising a smooth function of many variables.

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Most iterations.
    pub(crate) iterations: usize,
    /// Stop when the largest entry of the gradient is at most this.
    pub(crate) gradient: f64,
}

/// Pairs of steps and gradient changes remembered.
const MEMORY: usize = 8;

/// Minimises `f`, which writes the gradient and returns the value, from `start`; returns the best point and value.
///
/// Limited-memory BFGS with a backtracking line search. Values that are not finite count as too large.
///
/// Nocedal, Wright: Numerical Optimization, 2006, algorithms 3.1 and 7.4,
/// <https://doi.org/10.1007/978-0-387-40065-5>.
pub(crate) fn minimise(
    start: Vec<f64>,
    limits: Limits,
    mut f: impl FnMut(&[f64], &mut [f64]) -> f64,
) -> (Vec<f64>, f64) {
    let mut point = start;
    let mut gradient = vec![0.0; point.len()];
    let mut value = f(&point, &mut gradient);
    let mut memory: Vec<(Vec<f64>, Vec<f64>, f64)> = Vec::new();
    let mut next = point.clone();
    let mut next_gradient = gradient.clone();
    for _ in 0..limits.iterations {
        let largest = gradient.iter().fold(0.0f64, |largest, slope| largest.max(slope.abs()));
        if !(largest > limits.gradient && value.is_finite()) {
            break;
        }
        let mut direction = descent(&gradient, &memory);
        let mut slope = dot(&direction, &gradient);
        if slope >= 0.0 {
            memory.clear();
            direction = gradient.iter().map(|slope| -slope).collect();
            slope = dot(&direction, &gradient);
        }
        let mut step = if memory.is_empty() { 1.0 / largest.max(1.0) } else { 1.0 };
        let mut accepted = None;
        for _ in 0..40 {
            for ((next, point), direction) in next.iter_mut().zip(&point).zip(&direction) {
                *next = point + step * direction;
            }
            let found = f(&next, &mut next_gradient);
            if found <= value + 1e-4 * step * slope {
                accepted = Some(found);
                break;
            }
            step *= 0.5;
        }
        let Some(found) = accepted else { break };
        let moved: Vec<f64> = next.iter().zip(&point).map(|(new, old)| new - old).collect();
        let bent: Vec<f64> =
            next_gradient.iter().zip(&gradient).map(|(new, old)| new - old).collect();
        let curvature = dot(&moved, &bent);
        if curvature > 1e-12 {
            if memory.len() == MEMORY {
                memory.remove(0);
            }
            memory.push((moved, bent, 1.0 / curvature));
        }
        value = found;
        point.clone_from(&next);
        gradient.clone_from(&next_gradient);
    }
    (point, value)
}

/// −H·gradient with the inverse Hessian H of the remembered pairs (two-loop recursion).
fn descent(gradient: &[f64], memory: &[(Vec<f64>, Vec<f64>, f64)]) -> Vec<f64> {
    let mut direction: Vec<f64> = gradient.iter().map(|slope| -slope).collect();
    let mut weights = Vec::with_capacity(memory.len());
    for (moved, bent, inverse) in memory.iter().rev() {
        let weight = inverse * dot(moved, &direction);
        direction.iter_mut().zip(bent).for_each(|(entry, bent)| *entry -= weight * bent);
        weights.push(weight);
    }
    if let Some((_, bent, inverse)) = memory.last() {
        let scale = 1.0 / (inverse * dot(bent, bent));
        for entry in &mut direction {
            *entry *= scale;
        }
    }
    for ((moved, bent, inverse), weight) in memory.iter().zip(weights.into_iter().rev()) {
        let correction = weight - inverse * dot(bent, &direction);
        direction.iter_mut().zip(moved).for_each(|(entry, moved)| *entry += correction * moved);
    }
    direction
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rosenbrock_is_minimised() {
        let limits = Limits { iterations: 200, gradient: 1e-9 };
        let (point, value) = minimise(vec![-1.2, 1.0], limits, |x, gradient| {
            let (a, b) = (1.0 - x[0], x[1] - x[0] * x[0]);
            gradient[0] = -2.0 * a - 400.0 * x[0] * b;
            gradient[1] = 200.0 * b;
            a * a + 100.0 * b * b
        });
        assert!(value < 1e-15 && (point[0] - 1.0).abs() < 1e-6 && (point[1] - 1.0).abs() < 1e-6);
    }

    #[test]
    fn values_that_are_not_finite_stop_it() {
        let limits = Limits { iterations: 10, gradient: 1e-9 };
        let (point, _) = minimise(vec![1.0], limits, |_, _| f64::NAN);
        assert_eq!(point, [1.0]);
    }
}
