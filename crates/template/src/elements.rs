//! The elements that task pages may use, as `web/elements` defines them.

/// What an element gives to the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gives {
    /// An answer under its name.
    Answer,
    /// The same, and never without one.
    Always,
    Nothing,
}

use Gives::{Always, Answer, Nothing};

const ELEMENTS: [(&str, Gives); 56] = [
    ("crowd-form", Nothing),
    ("crowd-alert", Nothing),
    ("crowd-audio-recording", Answer),
    ("crowd-audio-segments", Answer),
    ("crowd-badge", Nothing),
    ("crowd-bounding-box", Answer),
    ("crowd-button", Nothing),
    ("crowd-card", Nothing),
    ("crowd-checkbox", Answer),
    ("crowd-classifier", Always),
    ("crowd-classifier-multi-select", Always),
    ("crowd-comparison", Answer),
    ("crowd-consent", Always),
    ("crowd-entity-annotation", Answer),
    ("crowd-fab", Nothing),
    ("crowd-icon-button", Nothing),
    ("crowd-image-classifier", Always),
    ("crowd-image-classifier-multi-select", Always),
    ("crowd-image-overlay", Nothing),
    ("crowd-input", Answer),
    ("crowd-instance-segmentation", Answer),
    ("crowd-instructions", Nothing),
    ("crowd-json", Answer),
    ("crowd-keypoint", Answer),
    ("crowd-likert", Answer),
    ("crowd-line", Answer),
    ("crowd-location", Answer),
    ("crowd-map", Answer),
    ("crowd-modal", Nothing),
    ("crowd-pdf", Answer),
    ("crowd-photo", Answer),
    ("crowd-polygon", Answer),
    ("crowd-polyline", Answer),
    ("crowd-question-answer-generation", Answer),
    ("crowd-radio-button", Answer),
    ("crowd-radio-group", Nothing),
    ("crowd-ranking", Answer),
    ("crowd-rating", Answer),
    ("crowd-recorder", Nothing),
    ("crowd-rekognition-detect-moderation-labels", Always),
    ("crowd-relation-annotation", Answer),
    ("crowd-semantic-segmentation", Answer),
    ("crowd-slider", Answer),
    ("crowd-slider-label", Nothing),
    ("crowd-tab", Nothing),
    ("crowd-tabs", Nothing),
    ("crowd-taxonomy", Answer),
    ("crowd-text-area", Answer),
    ("crowd-text-ranking", Answer),
    ("crowd-textract-analyze-document", Answer),
    ("crowd-toast", Nothing),
    ("crowd-toggle-button", Answer),
    ("crowd-video-bounding-box", Answer),
    ("crowd-video-recording", Answer),
    ("crowd-video-segments", Answer),
    ("iron-icon", Nothing),
];

/// What an element of ours gives; `None` if it is none.
pub(crate) fn gives(name: &str) -> Option<Gives> {
    ELEMENTS.iter().find(|(known, _)| *known == name).map(|(_, gives)| *gives)
}

pub(crate) fn names() -> Vec<&'static str> {
    ELEMENTS.iter().map(|(name, _)| *name).collect()
}

/// Elements whose answers are merged when they share a name.
pub(crate) fn shares_names(element: &str) -> bool {
    ["crowd-checkbox", "crowd-radio-button", "crowd-toggle-button"].contains(&element)
}

/// The key of an element's answer when it has no name; `None` if it then gives none.
pub(crate) fn own_key(element: &str) -> Option<&str> {
    match element {
        "crowd-input" | "crowd-text-area" | "crowd-slider" => None,
        "crowd-rekognition-detect-moderation-labels" => {
            Some("AWS/Rekognition/DetectModerationLabels/Image/V3")
        }
        "crowd-textract-analyze-document" => Some("AWS/Textract/AnalyzeDocument/Forms/V1"),
        other if shares_names(other) || gives(other).is_none_or(|gives| gives == Nothing) => None,
        other => Some(other),
    }
}
