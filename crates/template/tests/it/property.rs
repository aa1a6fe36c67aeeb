//! Whatever the template and the values: no panic, and values stay values.

use crowdsmith_template::{Known, Template, examine};
use proptest::prelude::*;
use serde_json::json;

use crate::LOADER;

/// Pieces that templates are made of, and broken ones.
fn template() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("{{ task.input.a }}".to_owned()),
        Just("{{ task.input.a | to_json }}".to_owned()),
        Just("{{ task.input.b | split: task.input.a | first | escape }}".to_owned()),
        Just("{% if task.input.a == task.input.b %}".to_owned()),
        Just("{% endif %}".to_owned()),
        Just("{% for x in task.input.b reversed %}{{ x }}".to_owned()),
        Just("{% endfor %}".to_owned()),
        Just("${a}".to_owned()),
        Just("<script>".to_owned()),
        Just("<script src=crowd-html-elements.js>".to_owned()),
        Just("</script>".to_owned()),
        Just("<p title=\"".to_owned()),
        Just("<crowd-input name='".to_owned()),
        "[ -~äé\n]{0,8}",
        "[{}%$|\"'<>/=. a-z-]{0,8}",
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_template_makes_a_panic(text in template(), a in "\\PC{0,12}", b in "\\PC{0,12}") {
        let known = Known { inputs: &["a", "b"], ..Known::default() };
        examine(&text, &known);
        if let Ok(template) = Template::read(&text, &known, LOADER) {
            let _ = template.render(&json!({"a": a, "b": b}), &|_| None);
        }
    }

    #[test]
    fn a_value_adds_no_markup(value in "[\"'<>&=/ a-z`\\\\\n-]{0,20}") {
        let text = "<form><p class=x>{{ task.input.a }}</p><p title=\"{{ task.input.a }}\" id='{{ task.input.a }}'>\
                    <i lang={{ task.input.a }}z></i><textarea>{{ task.input.a }}</textarea><!--{{ task.input.a }}-->\
                    <script>f(\"{{ task.input.a }}\", '${a}', {{ task.input.a }})</script></form>";
        let known = Known { inputs: &["a"], ..Known::default() };
        let template = Template::read(text, &known, LOADER).expect("good");
        let page = template.render(&json!({"a": value}), &|_| None).expect("a page");
        prop_assert_eq!(outline(&page), outline(&text.replace("{{ task.input.a }}", "v")), "{}", page);
    }
}

/// Tags with the names of their attributes.
fn outline(page: &str) -> Vec<String> {
    let tokens = html5gum::Tokenizer::new(page);
    let shown = tokens.filter_map(|token| match token {
        Ok(html5gum::Token::StartTag(tag)) => {
            let names: Vec<_> = tag.attributes.keys().collect();
            Some(format!("{:?} {names:?}", tag.name))
        }
        Ok(html5gum::Token::EndTag(tag)) => Some(format!("/{:?}", tag.name)),
        _ => None,
    });
    shown.filter(|shown| !shown.contains("script")).collect()
}
