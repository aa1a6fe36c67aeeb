//! Majority vote.

use super::common::{assemble, check_posterior, label_shares, vote_shares};
use crate::error::{Error, check_parameter};
use crate::fit::{Convergence, Estimator, Fit, Progress};
use crate::judgments::Judgments;

/// The class with most votes; the posterior is the share of votes (not a calibrated probability).
///
/// With `weights` a vote of worker w counts `weights[w]`. A tie goes to the lowest class code;
/// [`Posterior::ties`](crate::Posterior::ties) lists the tied classes. A task without votes has the share of each
/// class among all judgments. Time linear in judgments + tasks × classes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MajorityVote {
    /// Weight of each worker's vote, finite and not negative; `None` counts every vote as one.
    pub weights: Option<Vec<f64>>,
}

impl MajorityVote {
    fn check(&self, judgments: &Judgments) -> Result<(), Error> {
        let Some(weights) = &self.weights else { return Ok(()) };
        if weights.len() != judgments.workers() {
            let (expected, found) = (judgments.workers(), weights.len());
            return Err(Error::Shape { what: "weights", expected, found });
        }
        weights.iter().try_for_each(|&weight| {
            let valid = weight.is_finite() && weight >= 0.0;
            check_parameter("weights", weight, valid, "finite numbers of at least 0")
        })
    }
}

impl Estimator for MajorityVote {
    fn name(&self) -> &'static str {
        "majority-vote"
    }

    fn fit_watched(&self, judgments: &Judgments, _progress: &Progress) -> Result<Fit, Error> {
        check_posterior(judgments)?;
        self.check(judgments)?;
        let prior = label_shares(judgments);
        let values = match &self.weights {
            None => vote_shares(judgments, |_| 1.0, &prior),
            Some(weights) => vote_shares(judgments, |worker| weights[worker], &prior),
        };
        assemble(judgments, values, prior, None, Convergence::CLOSED_FORM)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judgments::{Columns, Duplicates};

    fn judgments() -> Judgments {
        let columns = Columns {
            tasks: 3,
            workers: 3,
            classes: 3,
            task: vec![0, 0, 0, 1, 1],
            worker: vec![0, 1, 2, 0, 1],
            label: vec![2, 2, 0, 1, 0],
        };
        Judgments::new(columns, Duplicates::Refuse).unwrap()
    }

    #[test]
    fn shares_are_votes_and_a_tie_goes_to_the_lowest_code() {
        let fit = MajorityVote::default().fit(&judgments()).unwrap();
        assert_eq!(fit.labels, [2, 0, 0]);
        assert_eq!(fit.posterior.row(0), [1.0 / 3.0, 0.0, 2.0 / 3.0]);
        assert_eq!(fit.posterior.ties(1), [0, 1]);
        assert_eq!(fit.posterior.row(2), &fit.class_prior[..]);
    }

    #[test]
    fn weights_decide_and_gold_overrules() {
        let weighted = MajorityVote { weights: Some(vec![1.0, 0.5, 2.0]) };
        let gold = judgments().with_gold(&[(1, 2)]).unwrap();
        let fit = weighted.fit(&gold).unwrap();
        assert_eq!(fit.labels, [0, 2, 0]);
        assert_eq!(fit.posterior.row(1), [0.0, 0.0, 1.0]);
    }

    #[test]
    fn weights_of_the_wrong_length_or_sign_are_refused() {
        for weights in [vec![1.0], vec![1.0, -1.0, 1.0], vec![1.0, f64::NAN, 1.0]] {
            assert!(MajorityVote { weights: Some(weights) }.fit(&judgments()).is_err());
        }
    }
}
