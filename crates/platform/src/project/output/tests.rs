use serde_json::json;

use super::*;
use crate::error::Error;

fn field(definition: &Value) -> OutputField {
    OutputField::read("output.f", "f", definition).expect("a valid field")
}

/// The messages of answers that are refused.
fn told(definition: &Value, answers: &[Value]) -> Vec<String> {
    let field = field(definition);
    answers.iter().map(|answer| field.check(answer).expect_err("is refused")).collect()
}

fn takes(definition: &Value, answers: &[Value]) {
    let field = field(definition);
    for answer in answers {
        assert_eq!(field.check(answer), Ok(()), "{field:?} takes {answer}");
    }
}

#[test]
fn each_classic_type_takes_its_answers_and_refuses_others() {
    let check = |definition: Value, good: Value, bad: Value| {
        let field = field(&definition);
        assert_eq!(field.check(&good), Ok(()), "{field:?} takes {good}");
        assert!(field.check(&bad).is_err(), "{field:?} refuses {bad}");
    };
    let options = json!(["a", "b"]);
    check(json!({"type": "choice", "options": options}), json!("a"), json!("c"));
    check(json!({"type": "choice", "options": [1, 2]}), json!("1"), json!(1));
    check(json!({"type": "choices", "options": options}), json!(["b"]), json!([]));
    check(json!({"type": "choices", "options": options, "min": 0}), json!([]), json!(["a", "a"]));
    check(
        json!({"type": "choices", "options": options, "max": 1}),
        json!(["b"]),
        json!(["a", "b"]),
    );
    check(json!({"type": "number", "min": 0}), json!(0.5), json!(-1));
    check(json!({"type": "number", "integer": true}), json!(3), json!(3.5));
    check(json!({"type": "rating"}), json!(5), json!(6));
    check(json!({"type": "rating", "max": 7}), json!("7"), json!("8"));
    check(json!({"type": "text", "max_length": 3}), json!("äöü"), json!("abcd"));
    check(json!({"type": "text"}), json!("x"), json!("  "));
}

#[test]
fn answers_of_elements_have_one_plain_form() {
    let plain = |definition: Value, answer: Value| {
        let field = field(&definition);
        assert_eq!(field.check(&answer), Ok(()), "{field:?} takes {answer}");
        field.plain(&answer).into_owned()
    };
    let choice = json!({"type": "choice", "options": ["a", "b"]});
    for answer in
        [json!("a"), json!({"label": "a", "workerComment": "?"}), json!({"a": true, "b": false})]
    {
        assert_eq!(plain(choice.clone(), answer), "a");
    }
    let choices = json!({"type": "choices", "options": ["a", "b", "c|d"], "min": 0});
    assert_eq!(plain(choices.clone(), json!({"labels": ["b"]})), json!(["b"]));
    assert_eq!(
        plain(choices.clone(), json!({"a": true, "b": false, "c|d": true})),
        json!(["a", "c|d"])
    );
    assert_eq!(plain(choices.clone(), json!("a|b")), json!(["a", "b"]));
    assert_eq!(plain(choices.clone(), json!("c|d")), json!(["c|d"]));
    assert_eq!(plain(choices, json!({"labels": []})), json!([]));
    assert_eq!(plain(json!({"type": "number"}), json!(" 3.5")), json!(3.5));
    assert_eq!(plain(json!({"type": "rating"}), json!({"3": true, "4": false})), json!(3));
    assert_eq!(plain(json!({"type": "comparison"}), json!({"choice": "tie"})), "tie");
    assert_eq!(
        plain(json!({"type": "ranking", "items": ["a", "b"]}), json!({"ranking": ["b", "a"]})),
        json!(["b", "a"])
    );
    assert_eq!(plain(json!({"type": "consent"}), json!({"agreed": true})), json!(true));
    let tree = json!({"type": "taxonomy", "nodes": ["A > B", "C"]});
    assert_eq!(plain(tree, json!({"id": "A > B", "path": ["A", "B"]})), "A > B");
    let several = json!({"type": "taxonomy", "nodes": ["A > B", "C"], "multiple": true});
    assert_eq!(plain(several, json!({"selected": [{"id": "C"}, {"id": "A"}]})), json!(["C", "A"]));
}

#[test]
fn flattened_answers_are_put_together() {
    let answer = |definition: Value, output: Value| {
        let Value::Object(output) = output else { panic!("a table") };
        field(&definition).plain_of("f", &output).map(Cow::into_owned)
    };
    let choice = json!({"type": "choice", "options": ["a", "v1.5"]});
    assert_eq!(answer(choice.clone(), json!({"f.label": "a", "fa.label": "x"})), Some(json!("a")));
    assert_eq!(answer(choice.clone(), json!({"f.a": false, "f.v1.5": true})), Some(json!("v1.5")));
    assert_eq!(answer(choice.clone(), json!({"f": null, "g.label": "a"})), None);
    assert_eq!(answer(choice.clone(), json!({"f.a": false, "f.v1.5": false})), None);
    let boxes = json!({"type": "boxes"});
    let flat = json!({"f.boundingBoxes": [], "f.inputImageProperties.width": 2, "f.inputImageProperties.height": 3});
    assert_eq!(
        answer(boxes, flat),
        Some(json!({"boundingBoxes": [], "inputImageProperties": {"width": 2, "height": 3}}))
    );
    assert_eq!(answer(choice, json!({"f": {"label": "a"}})), Some(json!("a")));
}

#[test]
fn shapes_lie_inside_of_their_picture() {
    let size = json!({"width": 640, "height": 480});
    let boxes = |box_: Value| json!({"boundingBoxes": [box_], "inputImageProperties": size});
    let definition = json!({"type": "boxes", "labels": ["cat", "dog"], "max": 1});
    let good = json!({"label": "cat", "left": 600, "top": 0, "width": 40, "height": 480});
    takes(
        &definition,
        &[boxes(good.clone()), json!({"boundingBoxes": [], "inputImageProperties": size})],
    );
    let with = |key: &str, value: Value| {
        let mut wrong = good.clone();
        wrong[key] = value;
        boxes(wrong)
    };
    assert_eq!(
        told(
            &definition,
            &[
                with("label", json!("cow")),
                with("left", json!(601)),
                with("left", json!(-1)),
                with("top", json!(null)),
                with("width", json!(0)),
                json!({"boundingBoxes": [good, good], "inputImageProperties": size}),
                json!({"boundingBoxes": [good]}),
                json!("a box"),
            ],
        ),
        [
            "`boundingBoxes[0].label` must be one of cat, dog, not \"cow\"",
            "`boundingBoxes[0]` lies outside of the picture, which is 640 wide and 480 high",
            "`boundingBoxes[0].left` must be a number of at least 0, not -1",
            "`boundingBoxes[0].top` must be a number of at least 0, not null",
            "`boundingBoxes[0]` must have a width and a height above 0",
            "`boundingBoxes` must have at most 1 entries, not 2",
            "`inputImageProperties` must be an object, not null",
            "must be an object, not \"a box\"",
        ]
    );
    let corners = |key: &str, count: usize, x: i64| {
        let corner = json!({"x": x, "y": 480});
        json!({key: [{"label": "a", "vertices": vec![corner; count]}], "inputImageProperties": size})
    };
    takes(&json!({"type": "polygons"}), &[corners("polygons", 3, 640)]);
    takes(&json!({"type": "lines"}), &[corners("lines", 2, 0)]);
    assert_eq!(
        told(
            &json!({"type": "polygons"}),
            &[corners("polygons", 2, 0), corners("polygons", 3, 641)]
        ),
        [
            "`polygons[0].vertices` must have at least 3 entries, not 2",
            "`polygons[0].vertices[0]` lies outside of the picture, which is 640 wide and 480 high",
        ]
    );
    assert_eq!(told(&json!({"type": "lines"}), &[corners("lines", 3, 0)]).len(), 1);
    assert_eq!(told(&json!({"type": "polylines"}), &[corners("polylines", 1, 0)]).len(), 1);
    let point = |x: i64| json!({"keypoints": [{"label": "eye", "x": x, "y": 0}], "inputImageProperties": size});
    takes(&json!({"type": "keypoints"}), &[point(639)]);
    assert_eq!(told(&json!({"type": "keypoints"}), &[point(640), point(-1)]).len(), 2);
}

#[test]
fn tracks_go_forward_in_time() {
    let track = |times: [f64; 2]| {
        let frame =
            |time| json!({"time": time, "left": 0, "top": 0, "width": 5, "height": 5, "key": true});
        let frames: Vec<Value> = times.into_iter().map(frame).collect();
        json!({
            "tracks": [{"id": 1, "label": "car", "frames": frames}],
            "inputImageProperties": {"width": 10, "height": 10},
        })
    };
    takes(&json!({"type": "video_boxes"}), &[track([0.0, 0.1])]);
    assert_eq!(
        told(&json!({"type": "video_boxes"}), &[track([0.1, 0.1])]),
        ["`tracks[0].frames[1].time` must be later than that of the frame before, not 0.1"]
    );
}

#[test]
fn masks_are_whole_pictures_of_the_right_size() {
    // One white pixel.
    const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
    let mask = |png: &str, width: i64, colour: &str| {
        json!({
            "inputImageProperties": {"width": width, "height": 1},
            "labelMappings": {"sky": {"color": "#1f77b4"}, "sea": {"color": colour}},
            "labeledImage": {"pngImageData": png},
        })
    };
    let definition = json!({"type": "mask", "labels": ["sky", "sea"]});
    takes(&definition, &[mask(PNG, 1, "#FF7f0e")]);
    let wrong = [
        mask(PNG, 2, "#ff7f0e"),
        mask(&PNG[..60], 1, "#ff7f0e"),
        mask("not base64!", 1, "#ff7f0e"),
        mask(PNG, 1, "#1F77B4"),
        mask(PNG, 1, "blue"),
    ];
    let messages = told(&definition, &wrong);
    assert_eq!(
        messages[0],
        "`labeledImage.pngImageData` must be 2 wide and 1 high as the picture, not 1 and 1"
    );
    assert!(
        messages[1].starts_with("`labeledImage.pngImageData` must be a whole PNG file"),
        "{messages:?}"
    );
    assert!(messages[3].contains("a colour that nothing else has"), "{messages:?}");
    assert_eq!(
        told(&json!({"type": "mask", "labels": ["sky"]}), &[mask(PNG, 1, "#ff7f0e")]),
        ["`labelMappings.sea` is no label of this field"]
    );
    let instances = json!({
        "inputImageProperties": {"width": 1, "height": 1},
        "instances": [{"label": "cat", "color": "#1f77b4"}, {"label": "cat", "color": "#ff7f0e"}],
        "labeledImage": {"pngImageData": PNG},
    });
    takes(&json!({"type": "instances", "labels": ["cat"]}), std::slice::from_ref(&instances));
    assert_eq!(told(&json!({"type": "instances", "labels": ["dog"]}), &[instances]).len(), 1);
}

#[test]
fn spans_run_forward_and_end_in_their_text() {
    let span = |start: i64, end: i64| json!({"entities": [{"label": "PER", "startOffset": start, "endOffset": end}]});
    let definition = json!({"type": "spans", "labels": ["PER"]});
    takes(&definition, &[span(0, 4), json!({"entities": []})]);
    assert_eq!(
        told(&definition, &[span(4, 4), span(-1, 4)]),
        [
            "`entities[0].endOffset` must be above `startOffset`, which is 4, not 4",
            "`entities[0].startOffset` must be a whole number of at least 0, not -1",
        ]
    );
    let text = InputField { kind: InputType::Text, label: "T".into(), required: true };
    let fields = IndexMap::from([("text".to_owned(), text)]);
    let input = json!({"text": "Ädä!"});
    let check = |answer: &Value| {
        field(&definition).check_on(&fields, input.as_object().expect("a table"), answer)
    };
    assert_eq!(check(&span(0, 4)), Ok(()));
    assert_eq!(
        check(&span(0, 5)),
        Err("`entities[0].endOffset` must be at most 4, the length of the text, not 5".into())
    );
    let relation = |from: i64, to: i64| {
        json!({
            "entities": [{"label": "PER", "startOffset": 0, "endOffset": 1}, {"label": "PER", "startOffset": 2, "endOffset": 3}],
            "relations": [{"label": "knows", "from": from, "to": to}],
        })
    };
    let definition = json!({"type": "relations", "labels": ["PER"], "relations": ["knows"]});
    takes(&definition, &[relation(0, 1)]);
    assert_eq!(told(&definition, &[relation(0, 2), relation(1, 1)]).len(), 2);
}

#[test]
fn rankings_have_every_item_once() {
    let definition = json!({"type": "ranking", "items": ["a", "b", "c"]});
    takes(&definition, &[json!({"ranking": ["c", "a", "b"]}), json!(["a", "b", "c"])]);
    assert_eq!(
        told(
            &definition,
            &[json!(["a", "b"]), json!(["a", "a", "b"]), json!({"ranking": ["a", "b", "d"]})]
        ),
        [
            "must rank every item; `c` is missing",
            "ranks `a` twice",
            "`[2]` must be one of a, b, c, not \"d\"",
        ]
    );
    let json_field = InputField { kind: InputType::Json, label: "A".into(), required: true };
    let fields = IndexMap::from([("answers".to_owned(), json_field)]);
    let own = field(&json!({"type": "ranking", "on": "answers"}));
    assert!(own.is_checked_on_input());
    let input = json!({"answers": ["x", "y"]});
    let input = input.as_object().expect("a table");
    assert_eq!(own.check_on(&fields, input, &json!(["y", "x"])), Ok(()));
    assert!(own.check_on(&fields, input, &json!(["y"])).unwrap_err().contains("`x` is missing"));
    assert_eq!(
        told(&json!({"type": "comparison", "tie": false}), &[json!("tie")]),
        ["must be one of first, second, not \"tie\""]
    );
}

#[test]
fn surveys_are_complete() {
    let definition = json!({
        "type": "likert", "statements": ["It was easy.", {"id": "again", "text": "Once more"}], "scale": ["no", "so", "yes"],
    });
    takes(&definition, &[json!({"It was easy.": 1, "again": 3})]);
    assert_eq!(
        told(&definition, &[json!({"It was easy.": 1}), json!({"again": 4}), json!({"x": 1})]),
        [
            "must answer `Once more` too",
            "`again` must be a whole number from 1 to 3, not 4",
            "`x` is no statement of this field",
        ]
    );
    let consent = json!({"type": "consent", "version": "2"});
    takes(&consent, &[json!({"agreed": true, "version": "2", "at": "2026-01-31T12:00:00.000Z"})]);
    assert_eq!(
        told(
            &consent,
            &[json!({"agreed": false}), json!({"agreed": true, "version": "1"}), json!(3)]
        )
        .len(),
        3
    );
    assert_eq!(
        told(&json!({"type": "json", "keys": ["a"]}), &[json!({"b": 1}), json!([])]).len(),
        2
    );
    takes(&json!({"type": "json"}), &[json!([1, null])]);
}

#[test]
fn media_are_of_their_kind() {
    let sound = |kind: &str, seconds: f64| json!({"media": "01J", "type": kind, "size": 10, "duration": seconds});
    let definition = json!({"type": "audio", "max_duration": 60});
    takes(&definition, &[sound("audio/webm", 60.4), sound("video/webm", 2.0)]);
    assert_eq!(
        told(
            &definition,
            &[sound("image/png", 2.0), sound("audio/webm", 90.0), json!({"media": null})]
        ),
        [
            "`type` must be the type of a sound, such as audio/webm, not \"image/png\"",
            "`duration` must be a number from 0 to 61, not 90.0",
            "`media` must be the name of a stored media, not null",
        ]
    );
    let file = field(
        &json!({"type": "file", "types": ["application/pdf", "image/*"], "max_size": 2, "keep_location": true}),
    );
    let upload = file.upload().expect("takes media");
    assert_eq!(
        (upload.kind, upload.max_size, upload.keep_location),
        (MediaKind::File, 2_000_000, true)
    );
    assert!(
        upload.allows("image/png")
            && upload.allows("application/pdf")
            && !upload.allows("text/html")
    );
    assert_eq!(file.media(&json!("01J")), Some("01J"));
    assert_eq!(file.media(&json!({"media": "01K"})), Some("01K"));
    assert_eq!(field(&json!({"type": "text"})).media(&json!("01J")), None);
    assert_eq!(
        field(&json!({"type": "photo"})).upload().expect("takes media").max_size,
        50_000_000
    );
}

#[test]
fn segments_pages_and_places_are_within_bounds() {
    let segment = |start: f64, end: f64| json!({"duration": 10.0, "segments": [{"start": start, "end": end, "label": "a"}]});
    let definition = json!({"type": "audio_segments", "labels": ["a"]});
    takes(&definition, &[segment(0.0, 10.0)]);
    assert_eq!(told(&definition, &[segment(2.0, 1.0), segment(9.0, 11.0)]).len(), 2);
    let page = |page: i64| json!({"pageCount": 2, "pages": [{"page": 1, "label": "x"}, {"page": page, "label": "x"}]});
    takes(&json!({"type": "pages"}), &[page(2)]);
    assert_eq!(
        told(&json!({"type": "pages"}), &[page(1), page(3), json!({"pageCount": 2, "pages": []})]),
        [
            "`pages[1].page` must be a page that has no label yet, not 1",
            "`pages[1].page` must be a whole number from 1 to 2, not 3",
            "`pages` must have at least 2 entries, not 0",
        ]
    );
    let here = |latitude: f64, accuracy: f64| json!({"latitude": latitude, "longitude": 13.4, "accuracy": accuracy, "at": "2026-01-31T12:00:00Z"});
    let definition = json!({"type": "location", "max_accuracy": 50});
    takes(&definition, &[here(52.5, 50.0)]);
    assert_eq!(
        told(&definition, &[here(91.0, 5.0), here(52.5, 51.0)]),
        [
            "`latitude` must be a number from -90 to 90, not 91.0",
            "`accuracy` must be a number from 0 to 50, not 51.0",
        ]
    );
}

#[test]
fn mistakes_in_a_field_are_named_all_at_once() {
    let mistakes = |definition: Value| match OutputField::read("output.f", "f", &definition) {
        Err(Error::Invalid(errors)) => errors
            .into_iter()
            .map(|error| format!("{}: {}", error.field, error.message))
            .collect::<Vec<_>>(),
        other => panic!("must be refused, not {other:?}"),
    };
    assert_eq!(
        mistakes(json!({"type": "choice", "optoins": ["a"], "label": 3})),
        [
            "output.f.label: must be a text, not 3",
            "output.f.options: must be a list of the possible answers",
            "output.f.optoins: unknown key; did you mean `options`?",
        ]
    );
    assert_eq!(
        mistakes(json!({"type": "boxes", "labels": ["a", "a"], "mix": 3})),
        [
            "output.f.labels: must be a list of 1 to 1000 different texts, not [\"a\",\"a\"]",
            "output.f.mix: unknown key; did you mean `min`?",
        ]
    );
    assert_eq!(
        mistakes(json!({"type": "boxs"})),
        ["output.f.type: `boxs` is no type; did you mean `boxes`?"]
    );
    assert_eq!(
        mistakes(json!({"type": "ranking", "items": ["a", "b"], "on": "x"})),
        ["output.f.on: names what each task has, while `items` are the same for all; drop one"]
    );
    assert_eq!(
        mistakes(json!({"type": "taxonomy", "nodes": []})),
        ["output.f.nodes: must have at least one node"]
    );
    assert_eq!(mistakes(json!({"type": "photo", "max_size": 900})).len(), 1);
}

#[test]
fn every_type_survives_its_json() {
    for word in TYPES {
        let definition = json!({"type": word, "options": ["a"]});
        let mut keys = Keys::of("", &definition).expect("a table");
        let kind = OutputType::read(&mut keys, word, true).expect("needs no other key");
        assert_eq!(kind.word(), word);
        let field = OutputField { kind, label: "F".into(), help: None, required: false };
        let stored = serde_json::to_string(&field).expect("serializes");
        assert!(stored.contains(&format!("\"type\":\"{word}\"")), "{stored}");
        assert_eq!(serde_json::from_str::<OutputField>(&stored).expect("reads back"), field);
    }
}

#[test]
fn answers_are_read_from_cells() {
    let several = field(&json!({"type": "choices", "options": ["a", "b"]}));
    assert_eq!(several.parse("a|b"), Ok(Some(json!(["a", "b"]))));
    assert_eq!(several.parse("[\"a\"]"), Ok(Some(json!(["a"]))));
    assert_eq!(several.parse(""), Ok(None));
    assert_eq!(field(&json!({"type": "rating"})).parse("4"), Ok(Some(json!(4))));
    assert!(field(&json!({"type": "number"})).parse("NaN").is_err());
    let place = field(&json!({"type": "place"}));
    assert_eq!(
        place.parse("52.52, 13.40"),
        Ok(Some(json!({"latitude": 52.52, "longitude": 13.4})))
    );
    assert!(place.parse("here").unwrap_err().contains("is no place"));
    assert_eq!(field(&json!({"type": "comparison"})).parse("tie"), Ok(Some(json!("tie"))));
    let spans = field(&json!({"type": "spans"}));
    assert_eq!(spans.parse("{\"entities\": []}"), Ok(Some(json!({"entities": []}))));
    assert!(spans.parse("PER").unwrap_err().starts_with("is not JSON"));
}

#[test]
fn a_page_needs_what_a_template_would_have() {
    let missing = |definition: Value, inputs: &[InputType]| {
        let input =
            |kind: &InputType| InputField { kind: *kind, label: "I".into(), required: true };
        let inputs =
            inputs.iter().enumerate().map(|(place, kind)| (format!("i{place}"), input(kind)));
        let inputs: IndexMap<String, InputField> = inputs.collect();
        field(&definition).missing_for_page(&inputs)
    };
    let boxes = json!({"type": "boxes", "labels": ["cat"]});
    assert_eq!(missing(boxes.clone(), &[InputType::Text, InputType::Image]), None);
    assert_eq!(
        missing(boxes, &[InputType::Text]),
        Some("needs an input field that it is about, of type image".into())
    );
    assert_eq!(
        missing(json!({"type": "boxes"}), &[InputType::Image]),
        Some("needs `labels` where there is no template.html".into())
    );
    assert_eq!(missing(json!({"type": "ranking", "items": ["a", "b"]}), &[]), None);
    assert!(missing(json!({"type": "comparison", "first": "i0"}), &[]).is_some());
}
