//! The script that brings the elements: templates name Amazon's, pages get our own.

use std::ops::Range;

use crate::elements::{Gives, gives};
use crate::fields::{is_control, is_submit_button};
use crate::html::{Markup, Tag};
use crate::lint::origin_of;

/// Puts our own `loader`, an element on one line, where a template loads the elements from anywhere, in front where it does
/// not, a form around questions that have none, as Mechanical Turk does, and our reader of documents where a frame shows
/// one. Lines stay where they are, so that what fails in a page fails in the same line of the template.
pub(crate) fn rewritten(source: &str, markup: &Markup, loader: &str) -> String {
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    let mut has_loader = false;
    for (number, tag) in markup.tags.iter().enumerate().filter(|(_, tag)| loads_elements(tag)) {
        let is_script = tag.name == "script";
        let end = markup.tags.get(number + 1).filter(|end| is_script && end.is_end);
        let place = tag.span.start..end.unwrap_or(tag).span.end;
        let lines = "\n".repeat(source[place.clone()].matches('\n').count());
        has_loader |= is_script;
        // It brings the styles along.
        changes.push((place, if is_script { loader.to_owned() + &lines } else { lines }));
    }
    let start = markup.doctype_end.unwrap_or(0);
    if markup.doctype_end.is_none() {
        changes.push((0..0, "<!doctype html>".to_owned()));
    }
    if !has_loader {
        let head = end_of(markup, "head").or_else(|| end_of(markup, "html")).unwrap_or(start);
        changes.push((head..head, loader.to_owned()));
    }
    for (tag, ends) in documents(markup) {
        let name = tag.span.start + 1..tag.span.start + 1 + tag.name.len();
        changes.push((name, DOCUMENT.to_owned()));
        changes.push(match ends {
            Some(end) => (end.span.clone(), format!("</{DOCUMENT}>")),
            None => (tag.span.end..tag.span.end, format!("</{DOCUMENT}>")),
        });
    }
    if let Some((open, close)) = missing_form(markup) {
        let body = end_of(markup, "body").or_else(|| end_of(markup, "html")).unwrap_or(start);
        let mut ends = markup.tags.iter().filter(|tag| tag.is_end && tag.name == "body");
        let end = ends.next_back().map_or(source.len(), |tag| tag.span.start);
        changes.push((body..body, open.to_owned()));
        changes.push((end..end, close.to_owned()));
    }
    applied(source, changes)
}

/// What is put in at one place stands in the order in which it was made, in front of what is replaced there.
fn applied(source: &str, mut changes: Vec<(Range<usize>, String)>) -> String {
    changes.sort_by_key(|(place, _)| (place.start, place.end));
    let (mut page, mut done) = (String::with_capacity(source.len() + 200), 0);
    for (place, text) in changes {
        page.push_str(&source[done..place.start]);
        page.push_str(&text);
        done = place.end;
    }
    page + &source[done..]
}

/// Where a start tag ends.
fn end_of(markup: &Markup, name: &str) -> Option<usize> {
    markup.starts().find(|tag| tag.name == name).map(|tag| tag.span.end)
}

/// Elements that submit what is in them.
pub(crate) const FORMS: [&str; 3] = ["crowd-form", "form", "crowd-entity-annotation"];

/// The tags of a form for questions that stand in none.
fn missing_form(markup: &Markup) -> Option<(&'static str, &'static str)> {
    if markup.starts().any(|tag| FORMS.contains(&&*tag.name)) {
        return None;
    }
    if markup.starts().any(|tag| gives(&tag.name).is_some_and(|gives| gives != Gives::Nothing)) {
        return Some(("<crowd-form>", "</crowd-form>"));
    }
    let submits = |tag: &Tag| is_control(tag) || is_submit_button(tag);
    // Scripts know Mechanical Turk's form by this name.
    let form = ("<form id=\"mturk_form\" name=\"mturk_form\">", "</form>");
    markup.starts().any(submits).then_some(form)
}

/// The element that shows a PDF. Browsers show none in a page without an origin.
const DOCUMENT: &str = "crowd-pdf";

/// Frames that show a PDF of the task, with their end tags.
fn documents(markup: &Markup) -> impl Iterator<Item = (&Tag, Option<&Tag>)> {
    let starts = markup.tags.iter().enumerate().filter(|(_, tag)| shows_document(tag));
    starts.map(|(index, tag)| {
        let later = || markup.tags[index + 1..].iter().find(|later| later.name == tag.name);
        (tag, later().filter(|later| later.is_end))
    })
}

/// Whether this is a frame for a PDF that the page may read.
pub(crate) fn shows_document(tag: &Tag) -> bool {
    let is_frame = ["iframe", "embed"].contains(&&*tag.name) && !tag.is_end;
    let is_pdf = || match (tag.fixed("type"), tag.fixed("src")) {
        (_, Some(address)) if origin_of(address).is_some() => false,
        (Some(kind), _) => kind.eq_ignore_ascii_case("application/pdf"),
        (_, Some(file)) => file.to_ascii_lowercase().ends_with(".pdf"),
        _ => false,
    };
    is_frame && tag.attribute("src").is_some() && is_pdf()
}

/// Whether this start tag loads the elements, or their styles.
pub(crate) fn loads_elements(tag: &Tag) -> bool {
    let files: &[&str] = match &*tag.name {
        _ if tag.is_end => &[],
        // The last is what pages took from Mechanical Turk to post their answers; ours has its functions.
        "script" => &["crowd-html-elements.js", "crowd-html-elements-v2.js", "externalHIT_v1.js"],
        "link" => &["crowd-html-elements-v2.css"],
        _ => &[],
    };
    let attribute = if tag.name == "link" { "href" } else { "src" };
    let address = tag.fixed(attribute).unwrap_or_default();
    let path = address.split(['?', '#']).next().unwrap_or_default();
    files.contains(&path.rsplit('/').next().unwrap_or_default())
}
