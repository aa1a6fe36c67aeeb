//! The script that brings the elements: templates name Amazon's, we serve our own.

use std::ops::Range;

use crate::elements::{Gives, gives};
use crate::fields::is_control;
use crate::html::{Markup, Tag};

/// Puts our own address where a template loads the elements from, the script where it loads none, and a form around
/// questions that have none, as Mechanical Turk does. Lines stay where they are, so that what fails in a page fails in the
/// same line of the template.
pub(crate) fn rewritten(source: &str, markup: &Markup, base: &str) -> String {
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    let mut has_loader = false;
    for tag in markup.starts() {
        let Some((address, file)) = loaded(tag) else { continue };
        let start = tag.attribute(attribute_of(tag)).map_or(tag.span.start, |found| found.at);
        let Some(found) = source[start..tag.span.end].find(&address) else { continue };
        let place = start + found..start + found + address.len();
        changes.push((place, format!("{base}/{file}")));
        has_loader |= tag.name == "script";
    }
    let start = markup.doctype_end.unwrap_or(0);
    if markup.doctype_end.is_none() {
        changes.push((0..0, "<!doctype html>".to_owned()));
    }
    if !has_loader {
        let head = end_of(markup, "head").or_else(|| end_of(markup, "html")).unwrap_or(start);
        let script = format!("<script src=\"{base}/crowd-html-elements.js\"></script>");
        changes.push((head..head, script));
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

/// Changes at one place stand in the order in which they were made.
fn applied(source: &str, mut changes: Vec<(Range<usize>, String)>) -> String {
    changes.sort_by_key(|(place, _)| place.start);
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
    markup.starts().any(is_control).then_some(("<form>", "</form>"))
}

fn attribute_of(tag: &Tag) -> &'static str {
    if tag.name == "link" { "href" } else { "src" }
}

/// The address as the template writes it, and our file's name, if this tag loads the elements.
pub(crate) fn loaded(tag: &Tag) -> Option<(String, &'static str)> {
    if !["script", "link"].contains(&&*tag.name) {
        return None;
    }
    let address = tag.fixed(attribute_of(tag))?;
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let file = match path.rsplit('/').next().unwrap_or_default() {
        "crowd-html-elements.js" => "crowd-html-elements.js",
        "crowd-html-elements-v2.js" => "crowd-html-elements-v2.js",
        "crowd-html-elements-v2.css" => "css/crowd-html-elements-v2.css",
        _ => return None,
    };
    Some((address.to_owned(), file))
}
