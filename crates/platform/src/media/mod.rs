//! stub until below
pub fn is_path(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 500
        && !text.starts_with('/')
        && !text.contains(['\\', ':', '\0'])
        && text.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}
