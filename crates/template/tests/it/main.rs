//! Templates through the public door.

mod examine;
mod property;
mod render;

use crowdsmith_template::{Known, Template};
use serde_json::Value;

/// What brings the elements.
const LOADER: &str = "<script data-elements=\"/elements/\">load()</script>";

/// The page of a template without the parts that every page gets.
fn render(template: &str, input: &Value) -> String {
    let inputs: Vec<&str> =
        input.as_object().expect("a table").keys().map(String::as_str).collect();
    let known = Known { inputs: &inputs, ..Known::default() };
    let template = Template::read(template, &known, LOADER).expect("a good template");
    let grant = |path: &str| {
        path.strip_prefix("s3://").map(|path| format!("/media/{path}?signature=1&x=2"))
    };
    let page = template.render(input, &grant).expect("a page");
    let start = format!("<!doctype html>{LOADER}");
    page.strip_prefix(&start).map_or(page.clone(), str::to_owned)
}
