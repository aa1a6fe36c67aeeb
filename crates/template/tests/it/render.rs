use crowdsmith_template::{Known, Template};
use serde_json::{Value, json};

use crate::{LOADER, render};

#[track_caller]
fn check(cases: &[(&str, &str)], input: &Value) {
    for (template, page) in cases {
        assert_eq!(&render(template, input), page, "{template}");
    }
}

#[test]
fn values_are_escaped_as_in_ground_truth() {
    let input = json!({"q": "Have you read 'James & the Giant Peach'?", "n": 3, "list": ["a", "<b>"], "gone": null});
    check(
        &[
            ("{{ task.input.q }}", "Have you read &#39;James &amp; the Giant Peach&#39;?"),
            ("{{ task.input.q | escape }}", "Have you read &#39;James &amp; the Giant Peach&#39;?"),
            ("{{ '1 < 2 &amp; 3' | escape_once }}", "1 &lt; 2 &amp; 3"),
            ("{{ task.input.q | skip_autoescape }}", "Have you read 'James & the Giant Peach'?"),
            (
                "{{ task.input.list | to_json | escape }}",
                "[&quot;a&quot;,&quot;\\u003cb&gt;&quot;]",
            ),
            (
                "<p a=\"{{ task.input.list | to_json }}\">",
                "<p a=\"[&quot;a&quot;,&quot;\\u003cb&gt;&quot;]\">",
            ),
            ("{{ task.input.missing.deep }}|{{ task.input.gone }}|{{ nothing }}", "||"),
            ("{{ task.input.n }} {{ task.input.list }}", "3 [&quot;a&quot;,&quot;&lt;b&gt;&quot;]"),
            ("{{ 's3://a b.png' | grant_read_access }}", "/media/a b.png?signature=1&amp;x=2"),
            ("{{ 'https://example.org/x' | grant_read_access }}", "https://example.org/x"),
            (
                "{% capture x %}s3://{{ task.input.q | slice: 19, 9 }}{% endcapture %}{{ x | grant_read_access }}",
                "/media/s &amp; the G?signature=1&amp;x=2",
            ),
            (
                "{% capture x %}<b>{{ task.input.q }}</b>{% endcapture %}{{ x | skip_autoescape }}",
                "<b>Have you read &#39;James &amp; the Giant Peach&#39;?</b>",
            ),
            (
                "{% capture x %}{{ task.input.q }}{% endcapture %}{{ x }}",
                "Have you read &#39;James &amp; the Giant Peach&#39;?",
            ),
        ],
        &input,
    );
}

#[test]
fn the_tags_of_liquid_work() {
    let input = json!({
        "labels": ["cat", "dog", "owl"], "n": 5, "name": "x", "none": [],
        "manifest": {"source-ref": "s3://m/1.png", "boxes": [{"w": 1}, {"w": 2}]},
    });
    check(
        &[
            (
                "{% for l in task.input.labels %}{{ l }}{% unless forloop.last %}, {% endunless %}{% endfor %}",
                "cat, dog, owl",
            ),
            (
                "{% for l in task.input.labels reversed limit: 2 %}{{ forloop.index }}{{ l }} {% endfor %}",
                "1dog 2cat ",
            ),
            ("{% for l in task.input.none %}x{% else %}nothing{% endfor %}", "nothing"),
            ("{% for l in task.input.missing %}x{% else %}nothing{% endfor %}", "nothing"),
            (
                "{% for i in (1..3) %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{% endfor %}",
                "13",
            ),
            (
                "{% for i in (1..task.input.n) offset: 1 %}{{ i }}{% if i > 3 %}{% break %}{% endif %}{% endfor %}",
                "234",
            ),
            (
                "{% for b in task.input.manifest.boxes %}{{ b.w }}{{ b.missing }};{% endfor %}",
                "1;2;",
            ),
            ("{% for p in task.input.manifest %}{{ p[0] }} {% endfor %}", "source-ref boxes "),
            (
                "{{ task.input.manifest.source-ref }} {{ task.input.manifest['source-ref'] | size }}",
                "s3://m/1.png 12",
            ),
            (
                "{{ task.input.labels[1] }} {{ task.input.labels.first }} {{ task.input.labels.size }}",
                "dog cat 3",
            ),
            ("{% if task.input.n > 3 and task.input.name == 'x' %}a{% else %}b{% endif %}", "a"),
            (
                "{% if task.input.missing == 'x' %}a{% elsif task.input.labels contains 'owl' %}b{% endif %}",
                "b",
            ),
            (
                "{% if true or false and false %}a{% endif %}{% if task.input.none == empty %}b{% endif %}",
                "ab",
            ),
            ("{% unless task.input.n == 4 %}a{% else %}b{% endunless %}", "a"),
            (
                "{% case task.input.name %}{% when 'y', 'x' %}1{% when 'z' %}2{% else %}3{% endcase %}",
                "1",
            ),
            ("{% case task.input.n %}{% when 'y' %}1{% else %}3{% endcase %}", "3"),
            ("{% assign a = task.input.labels | join: '-' | upcase %}{{ a }}", "CAT-DOG-OWL"),
            ("{% for i in (1..4) %}{% cycle 'a', 'b' %}{% endfor %}", "abab"),
            ("{% increment c %}{% increment c %}{% decrement d %}", "01-1"),
            ("a {%- if true -%} b {%- endif -%} c", "abc"),
            ("{% raw %}{{ x }}{% endraw %}{% comment %}{{ y {% endcomment %}", "{{ x }}"),
            (
                "{% tablerow l in task.input.labels cols: 2 %}{{ l }}{% endtablerow %}",
                "<tr class=\"row1\"><td class=\"col1\">cat</td><td class=\"col2\">dog</td></tr>\n\
              <tr class=\"row2\"><td class=\"col1\">owl</td></tr>\n",
            ),
        ],
        &input,
    );
}

#[test]
fn filters_give_what_liquid_documents() {
    let input = json!({"people": [{"n": "b", "a": 2}, {"n": "A", "a": 10}, {"n": "c"}], "t": "Ground control, to Major Tom."});
    for (expression, page) in [
        ("'a' | append: 'b' | prepend: 'c'", "cab"),
        ("'tITLE x' | capitalize", "Title x"),
        ("'x' | default: 'y'", "x"),
        ("nil | default: 'y'", "y"),
        ("false | default: 'y', allow_false: true", "false"),
        ("183.357 | ceil", "184"),
        ("183.357 | round: 2", "183.36"),
        ("20 | divided_by: 7", "2"),
        ("20 | divided_by: 7.0 | round: 3", "2.857"),
        ("-7 | modulo: 3", "2"),
        ("'3.5' | plus: 1", "4.5"),
        ("9223372036854775807 | plus: 1 | floor", "9223372036854775807"),
        ("4 | at_most: 3 | at_least: 5", "5"),
        ("-4.5 | abs", "4.5"),
        ("'a,b,,c,,' | split: ',' | size", "4"),
        ("'abc' | split: '' | reverse | join: ''", "cba"),
        ("task.input.people | map: 'n' | join", "b A c"),
        ("task.input.people | sort: 'a' | map: 'n' | join", "b A c"),
        ("task.input.people | sort_natural: 'n' | map: 'n' | join", "A b c"),
        ("task.input.people | where: 'a', 10 | map: 'n' | first", "A"),
        ("task.input.people | map: 'a' | compact | sum", "12"),
        ("task.input.people | find: 'n', 'c' | to_json", "{&quot;n&quot;:&quot;c&quot;}"),
        ("'a b a' | split: ' ' | uniq | concat: task.input.people | size", "5"),
        ("task.input.t | truncate: 20", "Ground control, t..."),
        ("task.input.t | truncatewords: 2, '--'", "Ground control,--"),
        ("task.input.t | replace: 'o', '0' | remove: 'Tom' | slice: 0, 9", "Gr0und c0"),
        ("'aba' | replace_last: 'a', 'x' | replace_first: 'a', 'y'", "ybx"),
        ("'<b>x</b><script>y</script> z' | strip_html", "x z"),
        ("' a\nb ' | strip | newline_to_br | skip_autoescape", "a<br>\nb"),
        ("'john@liquid.com x' | url_encode", "john%40liquid.com+x"),
        ("'a%20b+c' | url_decode", "a b c"),
        ("1152098955 | date: '%Y-%m-%d %H:%M'", "2006-07-05 11:29"),
        ("'2015-03-14T12:00:00Z' | date: '%b %d, %y'", "Mar 14, 15"),
        ("'no date' | date: '%Y'", "no date"),
    ] {
        assert_eq!(render(&format!("{{{{ {expression} }}}}"), &input), page, "{expression}");
    }
}

/// Wherever a value stands, it stays a value.
#[test]
fn hostile_values_break_out_of_nothing() {
    let hostile = json!({"v": "\"'><script>alert(1)</script>", "b": "\\", "u": "javascript:alert(1)", "e": "x onclick=alert(1)"});
    check(
        &[
            ("<p>{{ task.input.v }}", "<p>&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"),
            (
                "<p title='{{ task.input.v }}'>",
                "<p title='&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;'>",
            ),
            ("<img alt={{ task.input.e }}>", "<img alt=x&#32;onclick&#61;alert(1)>"),
            ("<img {{ task.input.e }}>", "<img x onclickalert1>"),
            ("<a href=\"{{ task.input.u }}\">", "<a href=\"about:blank\">"),
            ("<a href=\"/x?{{ task.input.u }}\">", "<a href=\"/x?javascript:alert(1)\">"),
            (
                "<p onclick=\"f('{{ task.input.v }}')\">",
                "<p onclick=\"f('\\u0022\\u0027\\u003e\\u003cscript\\u003ealert(1)\\u003c/script\\u003e')\">",
            ),
            (
                "<script>f(\"{{ task.input.b }}\", \"{{ task.input.v }}\")</script>",
                "<script>f(\"\\\\\", \"\\u0026quot;\\u0026#39;\\u0026gt;\\u0026lt;script\\u0026gt;alert(1)\\u0026lt;/script\\u0026gt;\")</script>",
            ),
            (
                "<script>var x = {{ task.input.e }};</script>",
                "<script>var x = \"x onclick=alert(1)\";</script>",
            ),
            (
                "<script>var x = {{ task.input.v | to_json | skip_autoescape }};</script>",
                "<script>var x = \"\\\"'>\\u003cscript>alert(1)\\u003c/script>\";</script>",
            ),
            (
                "<script>// {{ task.input.b }}\nvar y</script>{{ task.input.v }}",
                "<script>// \\\nvar y</script>&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;",
            ),
            (
                "<!-- {{ task.input.v }} -->",
                "<!-- &quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt; -->",
            ),
            (
                "<form><textarea>{{ task.input.v }}</textarea>",
                "<form><textarea>&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;</textarea>",
            ),
        ],
        &hostile,
    );
}

#[test]
fn json_goes_into_scripts_as_it_is() {
    let input = json!({"labels": ["a\"b", "c"], "n": 4});
    check(
        &[
            (
                "<script>var l = {{ task.input.labels | to_json }}</script>",
                "<script>var l = [\"a\\\"b\",\"c\"]</script>",
            ),
            (
                "<script>var n = {{ task.input.n }}, m = x{{ task.input.n }}</script>",
                "<script>var n = 4, m = x4</script>",
            ),
        ],
        &input,
    );
}

#[test]
fn columns_of_mechanical_turk_are_inserted_as_text() {
    let input = json!({"url": "https://example.org/?a=1&b=2", "text": "1 < 2 {{ task.input.url }} ${url}", "json": "[1,\"</script>\"]"});
    check(
        &[
            ("<img src=\"${url}\">", "<img src=\"https://example.org/?a=1&amp;b=2\">"),
            ("<p>${text}</p>", "<p>1 &lt; 2 {{ task.input.url }} ${url}</p>"),
            ("{{ ${text} }} {% if %}", "{{ 1 &lt; 2 {{ task.input.url }} ${url} }} {% if %}"),
            (
                "<script>var t = \"${text}\", j = ${json}, k = `${i} ${url}`</script>",
                "<script>var t = \"1 \\u003c 2 {{ task.input.url }} \\u0024{url}\", j = [1,\"\\u003c/script>\"], \
              k = `${i} https://example.org/?a=1\\u0026b=2`</script>",
            ),
            ("${other} ${url", "${other} ${url"),
        ],
        &input,
    );
    let liquid = render("{{ task.input.text }} ${url}", &input);
    assert_eq!(
        liquid, "1 &lt; 2 {{ task.input.url }} ${url} ${url}",
        "Liquid templates keep what scripts write"
    );
}

#[test]
fn the_elements_come_from_here() {
    let whole = |template: &str| {
        let template = Template::read(template, &Known::default(), LOADER).expect("good");
        template.render(&json!({}), &|_| None).expect("a page")
    };
    for host in ["https://assets.crowd.aws/", "//example.org/x/", "http://localhost/"] {
        let template = format!(
            "<script src='{host}crowd-html-elements.js?v=1'></script><crowd-form></crowd-form>"
        );
        let page = whole(&template);
        assert_eq!(page, format!("<!doctype html>{LOADER}<crowd-form></crowd-form>"));
    }
    assert_eq!(
        whole(
            "<!DOCTYPE html><html><head>\n<link rel=stylesheet href=https://x/css/crowd-html-elements-v2.css>\
               <script\n  src=\"https://x/crowd-html-elements-v2.js\"\n>\n</script>\n</head>"
        ),
        format!("<!DOCTYPE html><html><head>\n{LOADER}\n\n\n\n</head>")
    );
    let unclosed = whole("<form></form><script src=https://x/crowd-html-elements.js>");
    assert_eq!(unclosed, format!("<!doctype html><form></form>{LOADER}"));
    assert_eq!(whole("<form>"), format!("<!doctype html>{LOADER}<form>"));
    assert_eq!(whole("<!doctype html><p>"), format!("<!doctype html>{LOADER}<p>"));
    assert_eq!(
        whole("<html><head><title>x</title></head>"),
        format!("<!doctype html><html><head>{LOADER}<title>x</title></head>")
    );
}

/// Mechanical Turk and Turkle put a form around a layout; pages without a doctype would be shown as old ones.
#[test]
fn questions_without_a_form_get_one() {
    let whole = |template: &str| {
        let template = Template::read(template, &Known::default(), LOADER).expect("good");
        template.render(&json!({}), &|_| None).expect("a page")
    };
    let start = format!("<!doctype html>{LOADER}");
    assert_eq!(whole("\n<input name=a>"), format!("{start}{FORM}\n<input name=a></form>"));
    assert_eq!(
        whole("<textarea name=a></textarea><button type=button>x</button><button>Go</button>"),
        format!(
            "{start}{FORM}<textarea name=a></textarea><button type=button>x</button><button>Go</button></form>"
        )
    );
    assert_eq!(
        whole("<html><body class=x><crowd-input name=a></crowd-input></body></html>"),
        format!(
            "<!doctype html><html>{LOADER}<body class=x><crowd-form><crowd-input name=a></crowd-input></crowd-form></body></html>"
        )
    );
    assert_eq!(whole("<p>x</p>"), format!("{start}<p>x</p>"));
    assert_eq!(
        whole("<!-- x --><script src=/x.js></script><!doctype html><crowd-form></crowd-form>"),
        format!(
            "{start}<!-- x --><script src=/x.js></script><!doctype html><crowd-form></crowd-form>"
        )
    );
    assert_eq!(
        whole("<!-- > --><!doctype html><form>"),
        format!("<!-- > --><!doctype html>{LOADER}<form>")
    );
}

/// A form by the name under which scripts of Mechanical Turk's pages look for it.
const FORM: &str = "<form id=\"mturk_form\" name=\"mturk_form\">";

#[test]
fn documents_in_frames_are_shown_by_an_element() {
    let page = |inside: &str| {
        render(&format!("<crowd-form>{inside}</crowd-form>"), &json!({"paper": "s3://b/a.pdf"}))
    };
    let shown = "<crowd-form><crowd-pdf style='height: 9px' src=\"/media/b/a.pdf?signature=1&amp;x=2\" type=\"application/pdf\"></crowd-pdf></crowd-form>";
    let source = "style='height: 9px' src=\"{{ task.input.paper | grant_read_access }}\" type=\"application/pdf\">";
    assert_eq!(page(&format!("<iframe {source}</iframe>")), shown);
    assert_eq!(page(&format!("<embed {source}")), shown);
    assert_eq!(
        page("<IFRAME src=a.PDF></IFRAME>"),
        "<crowd-form><crowd-pdf src=a.PDF></crowd-pdf></crowd-form>"
    );
    // What is not the task's stays a frame.
    for frame in [
        "<iframe src=\"https://example.org/a.pdf\"></iframe>",
        "<iframe src=\"s3://b/a.pdf/index.html\"></iframe>",
        "<iframe type=\"application/pdf\"></iframe>",
    ] {
        assert_eq!(page(frame), format!("<crowd-form>{frame}</crowd-form>"));
    }
}

/// A template cannot take the server's time or memory.
#[test]
fn costly_templates_end_with_an_error() {
    let started = std::time::Instant::now();
    let doubling = "{% assign s = 'aaaaaaaaaaaaaaaa' %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}";
    let replacing = "{% assign s = 'aaaaaaaaaaaaaaaa' %}{% for i in (1..9) %}{% assign s = s | replace: 'a', s %}{% endfor %}";
    for template in [
        "{% for i in (1..999999999999) %}{% endfor %}",
        "\n{% for i in (1..99999) %}{% for j in (1..99999) %}{% endfor %}{% endfor %}",
        "{% for i in (1..9999) %}{% for j in (1..9999) %}x{% endfor %}{% endfor %}",
        "{{ (-9223372036854775807..9223372036854775807) | size }}",
        doubling,
        replacing,
        "{% capture s %}aaaaaaaaaaaaaaaa{% endcapture %}{% for i in (1..60) %}{% capture s %}{{ s }}{{ s }}{% endcapture %}{% endfor %}",
        "{% assign l = 'a b' | split: ' ' %}{% for i in (1..60) %}{% assign l = l | concat: l %}{% endfor %}",
        "{% assign s = 'aaaaaaaaaaaaaaaa' %}{% for i in (1..18) %}{% assign s = s | append: s %}{% endfor %}{% assign l = s | split: '' %}{% for i in (1..99) %}{% for a in l %}{{ l | sort | size }}{% endfor %}{% endfor %}",
    ] {
        let template = Template::read(template, &Known::default(), LOADER).expect("good");
        let error = template.render(&json!({}), &|_| None).expect_err("too much");
        assert!(
            error.message.contains("too large") || error.message.contains("more text"),
            "{error}"
        );
    }
    // Without optimisation; a server takes a tenth of it.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
