//! Marked stretches of a text: a model of sequences where nobody's spans overlap, matched stretches where they do.

use std::collections::BTreeSet;

use crowdsmith_truth::spans::{Annotation, BayesianSequences, BioScheme, Sequences, SpanFit};
use indexmap::IndexSet;
use serde_json::{Map, Value, json};

use super::crowd::{Context, Crowd, statistics};
use super::objects::Objects;
use super::{Answers, Field, FieldResult, rounded};
use crate::drawing::{Drawing as _, Marked, Stretch, read_all};
use crate::error::Result;
use crate::result::Method;

/// A text is cut wherever anybody's span begins or ends, and the pieces are the tokens of Bayesian sequence combination
/// (`truth::spans`): within a piece everybody says the same, so it is one piece of evidence in any language.
///
/// Each span has its `probability`, that of its least sure piece. The confidence is the probability that all is right: the
/// product over the spans, and over what lies between them. Where spans of one worker overlap, where there are many labels,
/// and by majority vote, spans are matched as shapes on a line, with the confidence of shapes.
#[derive(Debug)]
pub(super) struct Spans {
    labels: IndexSet<String>,
    /// Label and stretch of each span, in order, by row.
    answers: Vec<(u32, Vec<(u16, Stretch)>)>,
    overlap: bool,
    shapes: Objects<Stretch>,
}

impl Default for Spans {
    fn default() -> Self {
        Self {
            labels: IndexSet::new(),
            answers: Vec::new(),
            overlap: false,
            shapes: Objects::new("entities"),
        }
    }
}

/// With more labels the tables of the sequence model grow beyond what answers can fill.
const MOST_LABELS: usize = 20;
/// The tag of what no span has; `B-` and `I-` of each label follow it.
const OUTSIDE: u16 = 0;

fn begin(label: u16) -> u16 {
    1 + 2 * label
}

impl Answers for Spans {
    fn add(&mut self, row: u32, answer: &Value) {
        let mut spans: Vec<(u16, Stretch)> = Vec::new();
        for Marked { label, shape, .. } in read_all::<Stretch>(answer, "entities") {
            spans.push((self.labels.insert_full(label).0 as u16, shape));
        }
        spans.sort_by(|one, two| one.1.start.total_cmp(&two.1.start));
        self.overlap |= spans.windows(2).any(|pair| pair[1].1.start < pair[0].1.end);
        self.answers.push((row, spans));
        self.shapes.add(row, answer);
    }

    fn aggregate(&self, context: &mut Context) -> Result<Field> {
        let is_sequence = !self.overlap && self.labels.len() <= MOST_LABELS;
        if !is_sequence || context.method == Method::MajorityVote {
            return self.shapes.aggregate(context);
        }
        let crowd = context.crowd;
        let cuts = self.cuts(crowd);
        let tags = self.tags();
        let scheme = BioScheme::new(&tags);
        let sequences = Sequences {
            tags: tags.len(),
            workers: crowd.workers(),
            lengths: cuts.iter().map(|cuts| cuts.len().saturating_sub(1)).collect(),
            annotations: self
                .answers
                .iter()
                .map(|answer| annotation(crowd, &cuts, answer))
                .collect(),
            allowed: Some(scheme.allowed()),
        };
        let fit =
            BayesianSequences::default().fit(&sequences).map_err(|error| statistics(&error))?;
        let counts = crowd.counts(self.answers.iter().map(|(row, _)| *row));
        let result = |(task, judgments): (usize, u32)| {
            (judgments > 0).then(|| self.result(&scheme, &fit, task, &cuts[task], judgments))
        };
        Ok(Field::Results(counts.into_iter().enumerate().map(result).collect()))
    }
}

impl Spans {
    /// Where the text of each task is cut.
    fn cuts(&self, crowd: &Crowd) -> Vec<Vec<i64>> {
        let mut cuts: Vec<BTreeSet<i64>> = vec![BTreeSet::new(); crowd.tasks()];
        for (row, spans) in &self.answers {
            let ends = spans.iter().flat_map(|(_, span)| [span.start as i64, span.end as i64]);
            cuts[crowd.task(*row) as usize].extend(ends);
        }
        cuts.into_iter().map(|cuts| cuts.into_iter().collect()).collect()
    }

    fn tags(&self) -> Vec<String> {
        let of_label = |label: &String| [format!("B-{label}"), format!("I-{label}")];
        std::iter::once("O".to_owned()).chain(self.labels.iter().flat_map(of_label)).collect()
    }

    fn result(
        &self,
        scheme: &BioScheme,
        fit: &SpanFit,
        task: usize,
        cuts: &[i64],
        judgments: u32,
    ) -> FieldResult {
        let tags = &fit.tags[task];
        let width = 1 + 2 * self.labels.len();
        let sure = |token: usize| {
            let row = &fit.posterior[task][token * width..(token + 1) * width];
            row.get(usize::from(tags[token])).copied().unwrap_or_default()
        };
        let least = |tokens: std::ops::Range<usize>| tokens.map(sure).fold(1.0, f64::min);
        let spans = scheme.spans(tags);
        let (mut confidence, mut before) = (1.0, 0);
        let mut entities = Vec::new();
        for span in &spans {
            let probability = least(span.start..span.end);
            confidence *= least(before..span.start) * probability;
            before = span.end;
            let stretch = Stretch { start: cuts[span.start] as f64, end: cuts[span.end] as f64 };
            let mut entity = Map::new();
            entity.insert("label".into(), self.labels[usize::from(span.kind)].as_str().into());
            entity.extend(stretch.write());
            entity.insert("probability".into(), rounded(probability).into());
            entities.push(entity);
        }
        confidence *= least(before..tags.len());
        FieldResult {
            value: json!({"entities": entities}),
            confidence: (!tags.is_empty()).then(|| rounded(confidence)),
            judgments: i64::from(judgments),
            probabilities: None,
        }
    }
}

/// What one worker says of each piece of the text.
fn annotation(
    crowd: &Crowd,
    cuts: &[Vec<i64>],
    (row, spans): &(u32, Vec<(u16, Stretch)>),
) -> Annotation {
    let (document, worker) = (crowd.task(*row), crowd.worker(*row));
    let cuts = &cuts[document as usize];
    let mut tags = vec![OUTSIDE; cuts.len().saturating_sub(1)];
    for (label, span) in spans {
        let place = |offset: f64| cuts.partition_point(|cut| *cut < offset as i64);
        let (start, end) = (place(span.start), place(span.end));
        tags[start..end].fill(begin(*label) + 1);
        if start < end {
            tags[start] = begin(*label);
        }
    }
    Annotation { document, worker, tags }
}
