//! The API's document is a snapshot: a change of it is a reviewed diff.

#[test]
fn the_document_is_as_reviewed() {
    let document: serde_json::Value =
        serde_json::from_str(&crowdsmith_server::document()).expect("JSON");
    insta::assert_json_snapshot!("openapi", document);
}
