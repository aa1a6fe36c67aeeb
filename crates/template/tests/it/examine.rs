use crowdsmith_template::{Known, OPEN, Severity, examine};

fn told(template: &str) -> Vec<String> {
    let known = Known {
        inputs: &["text", "picture"],
        allow: &["https://code.jquery.com", "https://*.example.org"],
        links: false,
    };
    let mistakes = examine(template, &known).mistakes;
    let told = mistakes.iter().map(|mistake| {
        let severity = if mistake.severity == Severity::Error { "error" } else { "warning" };
        format!("{severity} {mistake}")
    });
    told.collect()
}

#[track_caller]
fn check(template: &str, wanted: &[&str]) {
    assert_eq!(told(template), wanted, "{template}");
}

#[test]
fn a_good_template_has_no_mistakes() {
    check(
        "<script src=\"https://assets.crowd.aws/crowd-html-elements.js\"></script>\n\
         <script src=\"https://code.jquery.com/jquery.js\"></script><img src=\"https://a.example.org/x.png\">\n\
         <crowd-form answer-format=\"flatten-objects\">{% for label in task.input.text %}{{ label.x }} {{ forloop.index }}{% endfor %}\n\
         {% if task.input.picture %}<crowd-input name=\"a\"></crowd-input>{% else %}<crowd-input name=\"a\"></crowd-input>{% endif %}\n\
         <input type=radio name=r value=1><input type=radio name=r value=2><crowd-{{ x }} name=b></crowd-form>{% assign x = 1 %}",
        &[],
    );
    check("<form><p>${text}</p><img src=\"${picture}\"><script>`${other}`</script></form>", &[]);
}

#[test]
fn mistakes_of_liquid_are_told_with_their_places() {
    check(
        "<crowd-form>\n  {% fro x in y %}</crowd-form>",
        &["error line 2, column 3: there is no tag `fro`; did you mean `for`?"],
    );
    check(
        "<crowd-form>{{ task.input.text | to_jsn }}",
        &["error line 1, column 34: there is no filter `to_jsn`; did you mean `to_json`?"],
    );
    check("ä {{ task.input.text", &["error line 1, column 3: `{{` is never closed with `}}`"]);
    check(
        "\n\n{% if task.input.text %}x",
        &["error line 3, column 1: `{% if %}` is never closed with `{% endif %}`"],
    );
    check(
        "{% if task.input.text %}x{% endfor %}",
        &["error line 1, column 26: `{% endfor %}` does not fit the open `{% if %}`"],
    );
    check(
        "{% endif %}",
        &["error line 1, column 1: `{% endif %}` stands outside of what it belongs to"],
    );
    check(
        "{{ task.input.text | append }}",
        &["error line 1, column 22: the filter `append` takes 1 arguments, not 0"],
    );
    check("{{ 'x }}", &["error line 1, column 4: this quote is never closed"]);
    check(
        "{% if a == %}{% endif %}",
        &["error line 1, column 11: a value is expected here, but nothing follows"],
    );
    check("{{ a b }}", &["error line 1, column 6: the end is expected here, but `b` stands there"]);
    check(
        "{% include 'x' %}",
        &["error line 1, column 1: `include` is not possible: a template is one file"],
    );
}

#[test]
fn names_that_no_task_has_are_told() {
    check(
        "<crowd-form>{{ task.input.txt }}{{ task.input.else }}{{ pictur }}{{ thing }}</crowd-form>",
        &[
            "error line 1, column 16: no input field is called `txt`; did you mean `task.input.text`?",
            "warning line 1, column 36: no input field is called `else`; it stays empty",
            "warning line 1, column 57: nothing is called `pictur`; did you mean `task.input.picture`?",
            "warning line 1, column 69: nothing is called `thing`; what a task brings along is in `task.input`",
        ],
    );
    check(
        "<form>${text} ${pictur} ${other}</form>",
        &[
            "error line 1, column 15: no input field is called `pictur`; did you mean `picture`?",
            "warning line 1, column 25: no input field is called `other`; it stays empty",
        ],
    );
}

#[test]
fn elements_that_do_not_work_are_told() {
    check(
        "<crowd-form>\n<crowd-clasifier name=a></crowd-clasifier></crowd-form>",
        &[
            "error line 2, column 1: <crowd-clasifier>: there is no such element; did you mean <crowd-classifier>?",
        ],
    );
    check(
        "<crowd-form><crowd-gizmo></crowd-gizmo><script>customElements.define('crowd-gizmo', X)</script></crowd-form>",
        &[],
    );
    let elsewhere =
        told("<crowd-form><crowd-gizmo></crowd-gizmo><script src=/x.js></script></crowd-form>");
    assert_eq!(elsewhere, ["warning line 1, column 13: <crowd-gizmo>: there is no such element"]);
    check(
        "<p>hello</p>",
        &[
            "error line 1, column 1: there is no <crowd-form>, no <form> and no question: nothing can be submitted",
        ],
    );
    check(
        "<crowd-form><crowd-input name=a></crowd-input><crowd-input name=a></crowd-input>\n<crowd-entity-annotation name=b></crowd-entity-annotation><iframe></iframe></crowd-form>",
        &[
            "warning line 1, column 47: <crowd-input>: the name `a` stands there twice: its answers become one list",
            "warning line 2, column 1: <crowd-entity-annotation>: stands by itself in Ground Truth, with a form of its own; here it joins the <crowd-form> around it",
        ],
    );
}

#[test]
fn what_a_page_may_not_load_or_open_is_told_with_the_key_to_allow_it() {
    let blocked = |place: &str, host: &str| {
        format!(
            "warning {place}: {host} is blocked: a task page loads nothing from elsewhere, unless `[page]` says `allow = [\"{host}\"]`"
        )
    };
    let check = |inside: &str, wanted: &[String]| {
        check(
            &format!("<crowd-form>{inside}</crowd-form>"),
            &wanted.iter().map(String::as_str).collect::<Vec<_>>(),
        );
    };
    check(
        "<script src=\"https://cdn.example.com/x.js\"></script>",
        &[blocked("line 1, column 13: <script>", "https://cdn.example.com")],
    );
    check(
        "<video poster=\"//pictures.example.com/x.jpg\"></video>\n<p style=\"background: url('https://b.example.com/x.png')\">",
        &[
            blocked("line 1, column 13: <video>", "https://pictures.example.com"),
            blocked("line 2, column 1: <p>", "https://b.example.com"),
        ],
    );
    check(
        "<style>\n@import 'https://fonts.example.com/css';\np { background: url(https://a.example.org/x.png) }\n\
         b { background: url(\"https://b.example.com/x.png\") url(x.png) }</style>",
        &[
            blocked("line 2, column 8: <style>", "https://fonts.example.com"),
            blocked("line 4, column 21: <style>", "https://b.example.com"),
        ],
    );
    check(
        "<iframe src=\"https://films.example.com/1\"></iframe><iframe src=\"https://a.example.org\"></iframe>",
        &[blocked("line 1, column 13: <iframe>", "https://films.example.com")],
    );
    // The host is enough.
    check(
        "<img src=\"https://{{ task.input.text }}/x\">\n<img src=\"https://b.example.com/{{ task.input.text }}\">",
        &[blocked("line 2, column 1: <img>", "https://b.example.com")],
    );
    check("<iframe src=\"{{ task.input.text }}\"></iframe><iframe srcdoc=\"x\"></iframe>", &[]);
    check(
        "<object data=\"x.swf\"></object>",
        &["warning line 1, column 13: <object>: is not shown: a task page has no plug-ins"
            .to_owned()],
    );
    let first = "<a href=\"#top\">up</a> <a href=\"{{ task.input.text }}\">there</a> <a href=\"https://x.org\">x</a>";
    let told = "warning line 1, column 35: <a>: opens nothing: links of a task page open windows only when `[page]` says `links = true`";
    check(first, &[told.to_owned()]);
    let template = format!("<crowd-form>{first}</crowd-form>");
    let known = Known { inputs: &["text"], links: true, ..Known::default() };
    assert_eq!(examine(&template, &known).mistakes, []);
    let template = "<crowd-form><iframe src=\"{{ task.input.text }}\"></iframe></crowd-form>";
    let known = Known { inputs: &["text"], ..Known::default() };
    let told = examine(template, &known).mistakes;
    assert!(
        told[0].message.starts_with("shows nothing, unless `[page]` names the origin"),
        "{told:?}"
    );
}

#[test]
fn a_name_for_what_nobody_keeps_may_stand_there_twice() {
    check(
        "<crowd-form><input type=hidden name=_><select name=_></select><crowd-input name=a></crowd-input></crowd-form>",
        &[],
    );
}

#[test]
fn radio_buttons_without_a_name_go_by_their_group_and_others_are_told() {
    let group = "<crowd-radio-group name=which><crowd-radio-button value=a></crowd-radio-button></crowd-radio-group>";
    let alone = "<crowd-radio-button value=b></crowd-radio-button>";
    let template = format!(
        "<crowd-form>{group}\n{alone}<crowd-radio-button disabled></crowd-radio-button>\n<crowd-input></crowd-input></crowd-form>"
    );
    let found = examine(&template, &Known::default());
    assert_eq!(found.fields.iter().map(|field| &field.name).collect::<Vec<_>>(), ["which"]);
    check(
        &template,
        &[
            "warning line 2, column 1: <crowd-radio-button>: has no name: its answer is not kept",
            "warning line 3, column 1: <crowd-input>: has no name: its answer is not kept",
        ],
    );
}

#[test]
fn a_page_with_nothing_but_a_submit_button_can_be_submitted() {
    check("<p>${text}</p><script>ask()</script><input type=submit>", &[]);
    check("<p>${text}</p><script>ask()</script><button>Go</button>", &[]);
}

#[test]
fn a_question_of_mechanical_turks_api_is_opened() {
    let question = "<?xml version=\"1.0\"?>\n<HTMLQuestion xmlns=\"x\"><HTMLContent><![CDATA[<!DOCTYPE html>\n\
                    <form><input name=a value=\"${pictur}\"></form>]]></HTMLContent><FrameHeight>450</FrameHeight></HTMLQuestion>";
    let found = examine(question, &Known { inputs: &["text"], ..Known::default() });
    assert_eq!(found.fields.iter().map(|field| &field.name).collect::<Vec<_>>(), ["a"]);
    check(
        question,
        &["error line 3, column 28: no input field is called `pictur`; did you mean `picture`?"],
    );
    check("<!-- <HTMLQuestion> --><form><input name=a></form>", &[]);
}

#[test]
fn fields_are_found_with_what_is_written_out() {
    let template = "<crowd-form>
        <crowd-classifier name=\"mood\" categories=\"['good', 'bad',]\" header=\"{{ task.input.text }}\"></crowd-classifier>
        <crowd-bounding-box labels=\"{{ task.input.picture | to_json | escape }}\"></crowd-bounding-box>
        <select name=\"kind\" required><option value=\"a\">A</option><option> B </option></select>
        <input type=\"checkbox\" name=\"tick\"><input type=\"submit\" name=\"x\">
        {% for i in (1..3) %}<crowd-input name=\"n\" required></crowd-input><crowd-input name=\"n{{ i }}\"></crowd-input>{% endfor %}
        {% if task.input.text %}<textarea name=\"why\" required></textarea>{% endif %}
        <crowd-rating name=stars required=\"false\" max=7></crowd-rating><crowd-button name=\"no\"></crowd-button>
    </crowd-form>";
    let found = examine(template, &Known { inputs: &["text", "picture"], ..Known::default() });
    assert!(found.mistakes.is_empty(), "{:?}", found.mistakes);
    let shown: Vec<_> = found
        .fields
        .iter()
        .map(|field| {
            (
                field.name.as_str(),
                field.element.as_str(),
                field.required,
                field.repeated,
                field.line,
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("mood", "crowd-classifier", true, false, 2),
            ("crowd-bounding-box", "crowd-bounding-box", false, false, 3),
            ("kind", "select", true, false, 4),
            ("tick", "input", false, false, 5),
            ("n", "crowd-input", false, true, 6),
            ("why", "textarea", false, false, 7),
            ("stars", "crowd-rating", false, false, 8),
        ]
    );
    assert_eq!(found.fields[0].attributes["categories"], "['good', 'bad',]");
    assert_eq!(found.fields[0].attributes["header"], OPEN);
    assert_eq!(found.fields[2].attributes["options"], r#"["a","B"]"#);
    assert!(!found.has_scripts && !found.has_location);
}
