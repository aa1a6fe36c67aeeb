//! A box that moves through a film.

use crowdsmith_truth::shapes::{BoundingBox, Shape};
use serde_json::{Map, Value, json};

use super::{Drawing, object};

/// Boxes by time in milliseconds, ascending; between two of them every edge moves in a straight line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Track(Vec<(i64, BoundingBox)>);

/// Times at which two tracks are compared at most.
const MOST_TIMES: usize = 400;

impl Track {
    /// The box at a time; `None` before the first and after the last.
    fn at(&self, time: i64) -> Option<BoundingBox> {
        let next = self.0.partition_point(|(other, _)| *other < time);
        let (later, box_) = self.0.get(next)?;
        if *later == time {
            return Some(*box_);
        }
        let (earlier, before) = self.0.get(next.checked_sub(1)?)?;
        let share = (time - earlier) as f64 / (later - earlier) as f64;
        Some(BoundingBox::consensus(&[(before, 1.0 - share), (box_, share)]))
    }

    fn times(&self) -> impl Iterator<Item = i64> + '_ {
        self.0.iter().map(|(time, _)| *time)
    }
}

/// All times of several tracks, thinned out evenly where there are too many.
fn times<'t>(tracks: impl Iterator<Item = &'t Track>, most: usize) -> Vec<i64> {
    let mut times: Vec<i64> = tracks.flat_map(Track::times).collect();
    times.sort_unstable();
    times.dedup();
    let step = times.len().div_ceil(most).max(1);
    times.into_iter().step_by(step).collect()
}

impl Shape for Track {
    fn not_finite(&self) -> Option<f64> {
        self.0.iter().find_map(|(_, box_)| box_.not_finite())
    }

    /// Mean intersection over union over the frames of either; 0 in a frame that only one of them has.
    fn similarity(&self, other: &Self) -> f64 {
        let times = times([self, other].into_iter(), MOST_TIMES);
        let overlap = |time: &i64| match (self.at(*time), other.at(*time)) {
            (Some(one), Some(two)) => one.similarity(&two),
            _ => 0.0,
        };
        times.iter().map(overlap).sum::<f64>() / times.len().max(1) as f64
    }

    /// In every frame the weighted mean of the boxes there, where at least half of the weight has one.
    fn consensus(shapes: &[(&Self, f64)]) -> Self {
        let total: f64 = shapes.iter().map(|(_, weight)| weight).sum();
        let frame = |time: i64| {
            let there: Vec<(BoundingBox, f64)> = shapes
                .iter()
                .filter_map(|(track, weight)| Some((track.at(time)?, *weight)))
                .collect();
            let weight: f64 = there.iter().map(|(_, weight)| weight).sum();
            let boxes: Vec<_> = there.iter().map(|(box_, weight)| (box_, *weight)).collect();
            (weight >= total / 2.0).then(|| (time, BoundingBox::consensus(&boxes)))
        };
        let frames: Vec<_> = times(shapes.iter().map(|(track, _)| *track), usize::MAX)
            .into_iter()
            .filter_map(frame)
            .collect();
        if frames.is_empty() { shapes[0].0.clone() } else { Self(frames) }
    }
}

impl Drawing for Track {
    fn read(mark: &Value, size: f64) -> Option<Self> {
        let frame = |frame: &Value| {
            let time = (frame.get("time")?.as_f64()? * 1000.0).round() as i64;
            Some((time, BoundingBox::read(frame, size)?))
        };
        let frames: Vec<_> =
            mark.get("frames")?.as_array()?.iter().map(frame).collect::<Option<_>>()?;
        (!frames.is_empty()).then_some(Self(frames))
    }

    fn write(&self) -> Map<String, Value> {
        let frame = |(time, box_): &(i64, BoundingBox)| {
            let mut frame = object(json!({"time": *time as f64 / 1000.0}));
            frame.extend(box_.write());
            frame.insert("key".into(), true.into());
            Value::Object(frame)
        };
        object(json!({"frames": self.0.iter().map(frame).collect::<Vec<_>>()}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(frames: &[(i64, f64)]) -> Track {
        let box_ = |left| BoundingBox { left, top: 0.0, width: 10.0, height: 10.0 };
        Track(frames.iter().map(|(time, left)| (*time, box_(*left))).collect())
    }

    #[test]
    fn key_frames_need_not_be_the_same() {
        let sparse = track(&[(0, 0.0), (1000, 10.0)]);
        let dense = track(&[(0, 0.0), (500, 5.0), (1000, 10.0)]);
        assert!((sparse.similarity(&dense) - 1.0).abs() < 1e-9);
        let half = track(&[(0, 0.0), (500, 5.0)]);
        assert!((sparse.similarity(&half) - 2.0 / 3.0).abs() < 1e-9);
        let mean = Track::consensus(&[(&sparse, 1.0), (&track(&[(0, 2.0), (1000, 12.0)]), 1.0)]);
        assert_eq!(mean, track(&[(0, 1.0), (1000, 11.0)]));
    }
}
