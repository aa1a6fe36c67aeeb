//! Painted pictures: masks pixel by pixel, instances object by object.

use crowdsmith_truth::shapes::{Drawings, Object, ObjectConsensus, Shape as _};
use indexmap::IndexSet;
use rayon::prelude::*;
use serde_json::{Map, Value};

use super::crowd::{Context, statistics};
use super::objects::{by_task, is_there, sureness};
use super::{Answers, Field, FieldResult, rounded};
use crate::drawing::{Painted, Region, vote};
use crate::error::Result;
use crate::result::Method;

/// A label for each pixel, by weighted vote. A worker's weight is `ln(1 + 1 / (1 - IoU))` of the mean overlap with the vote of
/// all, over the whole batch; by majority vote everybody's is 1. The confidence is the share of the weight that is behind the
/// result, over the pixels that anybody painted. Pictures that could not be unpacked are left out.
#[derive(Debug, Default)]
pub(super) struct Masks(Packed);

/// Pictures as they were submitted: unpacking takes milliseconds each, which is for a thread that may take its time.
#[derive(Debug, Default)]
struct Packed(Vec<(u32, Value)>);

impl Packed {
    /// All that can be unpacked, and the labels on them.
    fn unpack(&self) -> Pictures {
        let read = |(row, answer): &(u32, Value)| Some((*row, Painted::read(answer)?));
        let pictures: Vec<(u32, Painted)> = self.0.par_iter().filter_map(read).collect();
        let layers = pictures.iter().flat_map(|(_, picture)| &picture.layers);
        let labels: IndexSet<String> = layers.map(|(label, _)| label.clone()).collect();
        Pictures { labels, pictures }
    }
}

struct Pictures {
    labels: IndexSet<String>,
    pictures: Vec<(u32, Painted)>,
}

impl Answers for Masks {
    fn add(&mut self, row: u32, answer: &Value) {
        self.0.0.push((row, answer.clone()));
    }

    fn aggregate(&self, context: &mut Context) -> Result<Field> {
        let pictures = self.0.unpack();
        let labels: Vec<String> = pictures.labels.iter().cloned().collect();
        let mut weights = vec![1.0; context.crowd.workers()];
        if context.method != Method::MajorityVote {
            weights = pictures.weights(context, &pictures.votes(context, &labels, &weights));
        }
        let result = |vote: Option<Vote>| {
            vote.map(|vote| FieldResult {
                value: vote.picture.write_mask(),
                confidence: Some(rounded(vote.share)),
                judgments: vote.judgments as i64,
                probabilities: None,
            })
        };
        let votes = pictures.votes(context, &labels, &weights);
        Ok(Field::Results(votes.into_par_iter().map(result).collect()))
    }
}

struct Vote {
    picture: Painted,
    share: f64,
    judgments: usize,
}

impl Pictures {
    /// The vote on each task.
    fn votes(&self, context: &Context, labels: &[String], weights: &[f64]) -> Vec<Option<Vote>> {
        let crowd = context.crowd;
        let mut groups: Vec<Vec<(&Painted, f64)>> = vec![Vec::new(); crowd.tasks()];
        for (row, picture) in &self.pictures {
            let group = &mut groups[crowd.task(*row) as usize];
            // All pictures of a task have its size; one that has not is of another task's input.
            if group.first().is_none_or(|(first, _)| first.size() == picture.size()) {
                group.push((picture, weights[crowd.worker(*row) as usize]));
            }
        }
        let vote_on = |pictures: &Vec<(&Painted, f64)>| {
            let (picture, share) = (!pictures.is_empty()).then(|| vote(pictures, labels))?;
            Some(Vote { picture, share, judgments: pictures.len() })
        };
        groups.par_iter().map(vote_on).collect()
    }

    fn weights(&self, context: &Context, votes: &[Option<Vote>]) -> Vec<f64> {
        let crowd = context.crowd;
        let mut overlaps = vec![(0.0, 0.0); crowd.workers()];
        for (row, picture) in &self.pictures {
            let Some(vote) = &votes[crowd.task(*row) as usize] else { continue };
            for (label, region) in &vote.picture.layers {
                let own = picture.layers.iter().find(|(own, _)| own == label);
                let overlap = own.map_or(0.0, |(_, own)| own.similarity(region));
                let sum = &mut overlaps[crowd.worker(*row) as usize];
                *sum = (sum.0 + overlap, sum.1 + 1.0);
            }
        }
        let weight = |(sum, count): (f64, f64)| {
            let overlap = if count > 0.0 { sum / count } else { 0.0 };
            (1.0 / (1.0 - overlap + 1e-2)).ln_1p()
        };
        overlaps.into_iter().map(weight).collect()
    }
}

/// Objects of pixels: matched by their overlap as boxes are, each with the pixels that at least half of the weight gives it.
/// The confidence is that of shapes.
#[derive(Debug, Default)]
pub(super) struct Instances(Packed);

/// Colours that a picture has.
const MOST: usize = 255;

impl Answers for Instances {
    fn add(&mut self, row: u32, answer: &Value) {
        self.0.0.push((row, answer.clone()));
    }

    fn aggregate(&self, context: &mut Context) -> Result<Field> {
        let Pictures { labels, pictures } = self.0.unpack();
        let crowd = context.crowd;
        let mut drawings: Drawings<Region> =
            Drawings { tasks: crowd.tasks(), workers: crowd.workers(), ..Drawings::default() };
        for (row, picture) in &pictures {
            let (task, worker) = (crowd.task(*row), crowd.worker(*row));
            drawings.looked.push((task, worker));
            for (label, region) in &picture.layers {
                drawings.task.push(task);
                drawings.worker.push(worker);
                drawings.label.push(labels.get_index_of(label).unwrap_or_default() as u32);
                drawings.shape.push(region.clone());
            }
        }
        let mut fit =
            ObjectConsensus::default().fit(&drawings).map_err(|error| statistics(&error))?;
        let pictures = crowd.by_task(&pictures);
        if context.method == Method::MajorityVote {
            for object in &mut fit.objects {
                let looked = pictures[object.task as usize].len();
                object.probability = object.drawings.len() as f64 / looked as f64;
            }
        }
        let objects = by_task(&fit.objects, crowd.tasks());
        let result = |(pictures, objects): (&Vec<&Painted>, &Vec<&Object<Region>>)| {
            let mut there: Vec<_> = objects.iter().filter(|object| is_there(object)).collect();
            // What is more probable is painted later, over the others.
            there.sort_by(|one, two| one.probability.total_cmp(&two.probability));
            let there = &there[there.len().saturating_sub(MOST)..];
            let (width, height) = pictures.first()?.size();
            let layers = there
                .iter()
                .map(|object| (labels[object.label as usize].clone(), object.shape.clone()));
            let painted = Painted { width, height, layers: layers.collect() };
            let more = |place: usize| {
                let mut more = Map::new();
                more.insert("probability".into(), rounded(there[place].probability).into());
                more.insert("agreement".into(), rounded(there[place].agreement).into());
                more
            };
            Some(FieldResult {
                value: painted.write_instances(more),
                confidence: (!objects.is_empty())
                    .then(|| rounded(objects.iter().map(|object| sureness(object)).product())),
                judgments: pictures.len() as i64,
                probabilities: None,
            })
        };
        Ok(Field::Results(pictures.iter().zip(&objects).map(result).collect()))
    }
}
