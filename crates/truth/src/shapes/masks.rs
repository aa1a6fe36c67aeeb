//! Masks: many people's segmentations of one picture, combined pixel by pixel.
//!
//! A picture's masks are slices of equal length, `true` where the object is. Pictures are independent of each
//! other: call these once a picture. Whatever is estimated of a pixel depends only on who marked it, so that iterations
//! take time by the patterns of marks, of which three masks have eight, and not by the pixels.

use crate::error::{Error, check_parameter};

/// A combined mask and how it came about.
#[derive(Debug, Clone, PartialEq)]
pub struct MaskFit {
    /// Whether each pixel belongs to the object.
    pub mask: Vec<bool>,
    /// Probability (or weighted share of votes) of each pixel, 0..=1.
    pub probability: Vec<f64>,
    /// Weight or quality of each worker: share of votes, probability of a right pixel, or sensitivity.
    pub quality: Vec<f64>,
    /// Specificity of each worker for [`Staple`]; empty otherwise.
    pub specificity: Vec<f64>,
    /// What was maximised (or, for [`MaskRasa`], the relative change), by iteration.
    pub loss: Vec<f64>,
}

/// A pixel belongs to the object if at least half of the weight says so.
///
/// # Errors
/// Masks of different size, weights of the wrong number or out of range.
pub fn majority(masks: &[Vec<bool>], weights: Option<&[f64]>) -> Result<MaskFit, Error> {
    let pixels = check(masks)?;
    let quality = match weights {
        Some(weights) if weights.len() != masks.len() => {
            let (expected, found) = (masks.len(), weights.len());
            return Err(Error::Shape { what: "weights", expected, found });
        }
        Some(weights) => weights.to_vec(),
        None => vec![1.0; masks.len()],
    };
    for &weight in &quality {
        let valid = weight.is_finite() && weight >= 0.0;
        check_parameter("weights", weight, valid, "finite numbers of at least 0")?;
    }
    let total: f64 = quality.iter().sum();
    let votes = weighted_votes(masks, &quality, pixels);
    let mask = votes.iter().map(|&votes| !masks.is_empty() && 2.0 * votes - total >= 0.0).collect();
    let probability =
        votes.iter().map(|votes| if total > 0.0 { votes / total } else { 0.5 }).collect();
    Ok(MaskFit { mask, probability, quality, specificity: Vec::new(), loss: Vec::new() })
}

/// Expectation-maximisation with one rate of right pixels a worker; the prior of each pixel is its last posterior.
///
/// Rates are measured on the pixels that anybody marked. Source: Jung-Lin Lee, Das Sarma & Parameswaran 2018,
/// "Aggregating Crowdsourced Image Segmentations", HCOMP 2018 work in progress.
#[derive(Debug, Clone, PartialEq)]
pub struct MaskEm {
    /// Most iterations; 0 leaves the majority.
    pub iterations: usize,
    /// Stop when the bound per pixel and mask grows by less than this.
    pub tolerance: f64,
}

/// STAPLE: a sensitivity and a specificity a worker, and one prior for all pixels.
///
/// Source: Warfield, Zou & Wells 2004, doi:10.1109/TMI.2004.828354.
#[derive(Debug, Clone, PartialEq)]
pub struct Staple {
    /// Most iterations.
    pub iterations: usize,
    /// Stop when no rate moves by more than this.
    pub tolerance: f64,
}

/// Votes weighted by each mask's overlap (intersection over union) with the result, repeated.
///
/// The weight is `ln(1 + 1 / (1 - IoU))`, scaled to sum 1.
#[derive(Debug, Clone, PartialEq)]
pub struct MaskRasa {
    /// Most iterations; 0 leaves the majority.
    pub iterations: usize,
    /// Stop when the votes' squared change is less than this share of their squared size.
    pub tolerance: f64,
}

impl Default for MaskEm {
    fn default() -> Self {
        Self { iterations: 10, tolerance: 1e-5 }
    }
}

impl Default for Staple {
    fn default() -> Self {
        Self { iterations: 100, tolerance: 1e-7 }
    }
}

impl Default for MaskRasa {
    fn default() -> Self {
        Self { iterations: 10, tolerance: 1e-5 }
    }
}

/// Posteriors below this count as 0.
const SMALLEST: f64 = 1e-15;

impl MaskEm {
    /// Combines the masks of one picture.
    ///
    /// # Errors
    /// Masks of different size, a negative tolerance.
    pub fn fit(&self, masks: &[Vec<bool>]) -> Result<MaskFit, Error> {
        check_parameter("tolerance", self.tolerance, self.tolerance >= 0.0, "at least 0")?;
        let patterns = Patterns::of(masks)?;
        let start = majority(&patterns.masks, None)?;
        let region =
            patterns.sum(|p| f64::from(u8::from(patterns.masks.iter().any(|mask| mask[p]))));
        if region == 0.0 {
            return Ok(patterns.spread(MaskFit { mask: vec![false; start.mask.len()], ..start }));
        }
        let mut prior = start.probability;
        let rounded: Vec<f64> = prior.iter().map(|p| f64::from(u8::from(*p > 0.5))).collect();
        let mut rates = right_rates(&patterns, &rounded, region);
        let (mut loss, mut last) = (Vec::new(), f64::NEG_INFINITY);
        for _ in 0..self.iterations {
            let posterior = posteriors(&patterns.masks, &rates, &prior);
            rates = right_rates(&patterns, &posterior, region);
            let bound = bound(&patterns, &rates, &prior, &posterior);
            prior = posterior;
            loss.push(bound);
            if bound - last < self.tolerance {
                break;
            }
            last = bound;
        }
        let mask = prior.iter().map(|p| *p > 0.5).collect();
        let fit =
            MaskFit { mask, probability: prior, quality: rates, specificity: Vec::new(), loss };
        Ok(patterns.spread(fit))
    }
}

/// Share of right pixels among those that anybody marked.
fn right_rates(patterns: &Patterns, posterior: &[f64], region: f64) -> Vec<f64> {
    let rate = |mask: &Vec<bool>| {
        let wrong = patterns.sum(|at| if mask[at] { 1.0 - posterior[at] } else { posterior[at] });
        1.0 - wrong / region
    };
    patterns.masks.iter().map(rate).collect()
}

fn posteriors(masks: &[Vec<bool>], rates: &[f64], prior: &[f64]) -> Vec<f64> {
    let posterior = |(pixel, prior): (usize, &f64)| {
        let (mut yes, mut no) = (prior.ln(), (1.0 - prior).ln());
        for (mask, rate) in masks.iter().zip(rates) {
            let (right, wrong) = (rate.ln(), (1.0 - rate).ln());
            yes += if mask[pixel] { right } else { wrong };
            no += if mask[pixel] { wrong } else { right };
        }
        let posterior = 1.0 / (1.0 + (no - yes).exp());
        // Both impossible: workers without fault contradict each other.
        if posterior >= SMALLEST { posterior } else { 0.0 }
    };
    prior.iter().enumerate().map(posterior).collect()
}

/// Evidence lower bound for each pixel and mask; a term that is impossible with probability 0 counts 0.
fn bound(patterns: &Patterns, rates: &[f64], prior: &[f64], posterior: &[f64]) -> f64 {
    let term = |weight: f64, log: f64| if weight > 0.0 { weight * log.max(-1e300) } else { 0.0 };
    let mut sum = 0.0;
    for (mask, rate) in patterns.masks.iter().zip(rates) {
        sum += patterns.sum(|at| {
            let said = if mask[at] { *rate } else { 1.0 - rate };
            term(posterior[at], said.ln() + prior[at].ln())
                + term(1.0 - posterior[at], (1.0 - said).ln() + (1.0 - prior[at]).ln())
        });
    }
    let entropy = patterns.sum(|at| term(posterior[at], posterior[at].ln()));
    (sum - entropy) / (rates.len() * patterns.of.len()) as f64
}

impl Staple {
    /// Combines the masks of one picture.
    ///
    /// # Errors
    /// Masks of different size, a negative tolerance.
    pub fn fit(&self, masks: &[Vec<bool>]) -> Result<MaskFit, Error> {
        check_parameter("tolerance", self.tolerance, self.tolerance >= 0.0, "at least 0")?;
        let patterns = Patterns::of(masks)?;
        let MaskFit { mut probability, .. } = majority(&patterns.masks, None)?;
        let pixels = patterns.of.len().max(1) as f64;
        let prior = (patterns.sum(|at| probability[at]) / pixels).clamp(1e-6, 1.0 - 1e-6);
        let (mut yes, mut no) = (vec![0.99; masks.len()], vec![0.99; masks.len()]);
        let mut loss = Vec::new();
        for _ in 0..self.iterations {
            probability = staple_posteriors(&patterns, &yes, &no, prior);
            let next_yes = hit_rates(&patterns, &probability, true);
            let next_no = hit_rates(&patterns, &probability, false);
            let pairs = yes.iter().chain(&no).zip(next_yes.iter().chain(&next_no));
            let moved = pairs.map(|(old, new)| (old - new).abs()).fold(0.0, f64::max);
            (yes, no) = (next_yes, next_no);
            loss.push(moved);
            if moved <= self.tolerance {
                break;
            }
        }
        let mask = probability.iter().map(|p| *p > 0.5).collect();
        Ok(patterns.spread(MaskFit { mask, probability, quality: yes, specificity: no, loss }))
    }
}

fn staple_posteriors(patterns: &Patterns, yes: &[f64], no: &[f64], prior: f64) -> Vec<f64> {
    let log_odds = |pixel: usize| -> f64 {
        let start = (prior / (1.0 - prior)).ln();
        let rates = yes.iter().zip(no);
        let terms = patterns.masks.iter().zip(rates).map(|(mask, (yes, no))| {
            if mask[pixel] { (yes / (1.0 - no)).ln() } else { ((1.0 - yes) / no).ln() }
        });
        start + terms.sum::<f64>()
    };
    (0..patterns.sizes.len()).map(|pixel| 1.0 / (1.0 + (-log_odds(pixel)).exp())).collect()
}

/// Sensitivity (`set`) or specificity of each mask, kept inside 0..1 by half a pixel on either side.
fn hit_rates(patterns: &Patterns, probability: &[f64], set: bool) -> Vec<f64> {
    let weight = |at: usize| if set { probability[at] } else { 1.0 - probability[at] };
    let total = patterns.sum(weight);
    let hits = |mask: &Vec<bool>| patterns.sum(|at| if mask[at] == set { weight(at) } else { 0.0 });
    patterns.masks.iter().map(|mask| (hits(mask) + 0.5) / (total + 1.0)).collect()
}

impl MaskRasa {
    /// Combines the masks of one picture.
    ///
    /// # Errors
    /// Masks of different size, a negative tolerance.
    pub fn fit(&self, masks: &[Vec<bool>]) -> Result<MaskFit, Error> {
        check_parameter("tolerance", self.tolerance, self.tolerance >= 0.0, "at least 0")?;
        let patterns = Patterns::of(masks)?;
        let (masks, pixels) = (&patterns.masks, patterns.sizes.len());
        let mut quality = vec![1.0 / masks.len().max(1) as f64; masks.len()];
        let mut votes = weighted_votes(masks, &quality, pixels);
        let mut mask: Vec<bool> = votes.iter().map(|votes| *votes >= 0.5).collect();
        let mut loss = Vec::new();
        for round in 0..self.iterations {
            let next = weighted_votes(masks, &quality, pixels);
            mask = next.iter().map(|votes| *votes >= 0.5).collect();
            quality = overlap_weights(&patterns, &mask);
            let change = patterns.sum(|at| (next[at] - votes[at]).powi(2));
            let size = patterns.sum(|at| next[at] * next[at]);
            votes = next;
            if round > 0 {
                loss.push(if size > 0.0 { change / size } else { 0.0 });
                if loss.last().is_some_and(|change| *change < self.tolerance) {
                    break;
                }
            }
        }
        let specificity = Vec::new();
        Ok(patterns.spread(MaskFit { mask, probability: votes, quality, specificity, loss }))
    }
}

fn overlap_weights(patterns: &Patterns, result: &[bool]) -> Vec<f64> {
    let weight = |mask: &Vec<bool>| -> f64 {
        let count = |pixel: &dyn Fn(bool, bool) -> bool| {
            patterns.sum(|at| f64::from(u8::from(pixel(mask[at], result[at]))))
        };
        let (both, either) = (count(&|a, b| a && b), count(&|a, b| a || b));
        let overlap = if either > 0.0 { both / either } else { 1.0 };
        (1.0 / (1.0 - overlap + 1e-5)).ln_1p()
    };
    let weights: Vec<f64> = patterns.masks.iter().map(weight).collect();
    let total: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / total).collect()
}

fn weighted_votes(masks: &[Vec<bool>], weights: &[f64], pixels: usize) -> Vec<f64> {
    let mut votes = vec![0.0; pixels];
    for (mask, weight) in masks.iter().zip(weights) {
        for (vote, &set) in votes.iter_mut().zip(mask) {
            *vote += if set { *weight } else { 0.0 };
        }
    }
    votes
}

/// The pixels that the same masks mark, taken together.
struct Patterns {
    /// The pattern of each pixel.
    of: Vec<u32>,
    /// How many pixels each pattern has.
    sizes: Vec<f64>,
    /// Whether each mask marks a pattern.
    masks: Vec<Vec<bool>>,
}

impl Patterns {
    /// Splits all pixels by one mask after the other; patterns are in the order of their first pixels.
    fn of(masks: &[Vec<bool>]) -> Result<Self, Error> {
        let mut of = vec![0; check(masks)?];
        let mut firsts: Vec<usize> = Vec::new();
        for mask in masks {
            let mut split = vec![[u32::MAX; 2]; firsts.len().max(1)];
            firsts.clear();
            for (pixel, (pattern, &set)) in of.iter_mut().zip(mask).enumerate() {
                let code = &mut split[*pattern as usize][usize::from(set)];
                if *code == u32::MAX {
                    *code = firsts.len() as u32;
                    firsts.push(pixel);
                }
                *pattern = *code;
            }
        }
        let mut sizes = vec![0.0; firsts.len()];
        for &pattern in &of {
            sizes[pattern as usize] += 1.0;
        }
        let mark = |mask: &Vec<bool>| firsts.iter().map(|&pixel| mask[pixel]).collect();
        Ok(Self { sizes, masks: masks.iter().map(mark).collect(), of })
    }

    /// The sum over all pixels of what each pattern has.
    fn sum(&self, value: impl Fn(usize) -> f64) -> f64 {
        self.sizes.iter().enumerate().map(|(at, size)| size * value(at)).sum()
    }

    /// A fit of patterns as one of pixels.
    fn spread(&self, fit: MaskFit) -> MaskFit {
        let mask = self.of.iter().map(|&pattern| fit.mask[pattern as usize]).collect();
        let probability = self.of.iter().map(|&pattern| fit.probability[pattern as usize]);
        MaskFit { mask, probability: probability.collect(), ..fit }
    }
}

/// The number of pixels that all masks have.
fn check(masks: &[Vec<bool>]) -> Result<usize, Error> {
    let expected = masks.first().map_or(0, Vec::len);
    match masks.iter().find(|mask| mask.len() != expected) {
        Some(mask) => Err(Error::Shape { what: "mask", expected, found: mask.len() }),
        None => Ok(expected),
    }
}

#[cfg(test)]
mod tests;
