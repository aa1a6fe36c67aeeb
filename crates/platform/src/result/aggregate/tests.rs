use super::*;
use serde_json::json;

fn aggregation(method: Method, judgments: &[(i64, i64, Value)]) -> Aggregation {
    let question = json!({"title": "T", "input": {}, "output": {
        "mood": {"type": "choice", "options": ["good", "bad"]},
        "tags": {"type": "choices", "options": ["x", "y"], "required": false},
        "age": {"type": "number", "required": false}, "why": {"type": "text", "required": false},
    }});
    let question = Question::read(&question).expect("valid");
    let mut loaded = Loaded::new(&question);
    for (task, worker, output) in judgments {
        loaded.add(&question, Id(*task), Id(*worker), &output.to_string()).expect("valid");
    }
    Aggregation::compute(&question, loaded, method).expect("aggregates")
}

#[test]
fn each_field_is_aggregated_in_its_way() {
    let results = aggregation(
        Method::MajorityVote,
        &[
            (7, 1, json!({"mood": "bad", "tags": ["x"], "age": 3, "why": "so "})),
            (7, 2, json!({"mood": "bad", "tags": ["x", "y"], "age": 4, "why": "so"})),
            (7, 3, json!({"mood": "good", "tags": ["x"], "age": 10, "why": "no"})),
            (8, 3, json!({"mood": "good"})),
        ],
    );
    let fields = results.of_task(Id(7));
    let shown: Vec<(Value, Option<f64>)> = fields
        .into_iter()
        .map(|field| field.expect("answered"))
        .map(|field| (field.value, field.confidence))
        .collect();
    assert_eq!(
        shown,
        [
            (json!("bad"), Some(0.666_667)),
            (json!(["x"]), Some(0.666_667)),
            (json!(4), None),
            (json!("so"), Some(0.666_667)),
        ]
    );
    let second = results.of_task(Id(8));
    assert_eq!(second[0].as_ref().expect("answered").value, json!("good"));
    assert!(second[1].is_none() && second[2].is_none() && second[3].is_none());
    assert!(results.of_task(Id(9)).iter().all(Option::is_none));
    assert_eq!(results.workers_of_task(Id(7)).collect::<Vec<_>>(), [Id(1), Id(2), Id(3)]);
    assert_eq!(results.workers_of_task(Id(8)).collect::<Vec<_>>(), [Id(3)]);
}

#[test]
fn dawid_skene_outvotes_a_careless_pair() {
    // Workers 1..=3 agree on thirty tasks; 4 and 5 always say good. On the last task 1 and 2 face 4 and 5.
    let mut judgments = Vec::new();
    for task in 0..30 {
        let truth = if task % 2 == 0 { "good" } else { "bad" };
        judgments.extend((1..=3).map(|worker| (task, worker, json!({"mood": truth}))));
        judgments.extend((4..=5).map(|worker| (task, worker, json!({"mood": "good"}))));
    }
    judgments.extend([1, 2].map(|worker| (99, worker, json!({"mood": "bad"}))));
    judgments.extend([4, 5].map(|worker| (99, worker, json!({"mood": "good"}))));
    let results = aggregation(Method::DawidSkene, &judgments);
    let field = results.of_task(Id(99))[0].clone().expect("answered");
    assert_eq!(field.value, json!("bad"));
    assert!(results.accuracy(Id(1)) > results.accuracy(Id(4)));
}

/// The results of one field, by task from 0, of answers by (task, worker).
fn results_of(
    definition: &Value,
    method: Method,
    answers: impl IntoIterator<Item = (i64, i64, Value)>,
) -> Vec<FieldResult> {
    let question = json!({
        "title": "T", "output": {"f": definition},
        "input": {"i": {"type": "image"}, "t": {"type": "text"}, "a": {"type": "audio"}, "v": {"type": "video"}, "u": {"type": "url"}},
    });
    let question = Question::read(&question).expect("valid");
    let mut loaded = Loaded::new(&question);
    let mut last = 0;
    for (task, worker, answer) in answers {
        assert_eq!(question.output["f"].check(&answer), Ok(()), "{answer}");
        last = last.max(task);
        let output = json!({"f": answer}).to_string();
        loaded.add(&question, Id(task), Id(worker), &output).expect("valid");
    }
    let aggregation = Aggregation::compute(&question, loaded, method).expect("aggregates");
    (0..=last).map(|task| aggregation.of_task(Id(task)).remove(0).expect("answered")).collect()
}

fn size() -> Value {
    json!({"width": 1000, "height": 1000})
}

fn boxes(list: &[(&str, i64)]) -> Value {
    let mark = |(label, left): &(&str, i64)| json!({"label": label, "left": left, "top": 100, "width": 100, "height": 100});
    json!({"boundingBoxes": list.iter().map(mark).collect::<Vec<_>>(), "inputImageProperties": size()})
}

#[test]
fn boxes_of_a_crowd_become_one_each() {
    let definition = json!({"type": "boxes", "labels": ["cat", "dog"]});
    let answers = || {
        (0..20).flat_map(|task| {
            [
                (task, 1, boxes(&[("cat", 100), ("dog", 500)])),
                (task, 2, boxes(&[("dog", 503), ("cat", 103)])),
                // Marks what nobody else sees.
                (task, 3, boxes(&[("cat", 97), ("cat", 500), ("dog", 800)])),
            ]
        })
    };
    for method in [Method::Auto, Method::MajorityVote] {
        let results = results_of(&definition, method, answers());
        let result = &results[7];
        let list = result.value["boundingBoxes"].as_array().expect("a list");
        let labels: Vec<&Value> = list.iter().map(|one| &one["label"]).collect();
        assert_eq!((labels.len(), result.judgments), (2, 3), "{result:?}");
        assert!(labels.contains(&&json!("cat")) && labels.contains(&&json!("dog")), "{result:?}");
        let cat = list.iter().find(|one| one["label"] == "cat").expect("the cat");
        assert!((99..=101).contains(&cat["left"].as_i64().expect("a number")), "{cat}");
        assert_eq!(result.value["inputImageProperties"], size());
        let sure = result.confidence.expect("somebody drew");
        assert!(sure > 0.3 && sure < 1.0, "{sure}");
    }
    let none = results_of(&definition, Method::Auto, [(0, 1, boxes(&[])), (0, 2, boxes(&[]))]);
    assert_eq!((&none[0].value["boundingBoxes"], none[0].confidence), (&json!([]), None));
}

#[test]
fn the_right_box_is_seldom_outvoted_by_one() {
    let definition = json!({"type": "boxes", "labels": ["cat"]});
    let found = results_of(
        &definition,
        Method::Auto,
        [(0, 1, boxes(&[("cat", 100)])), (0, 2, boxes(&[("cat", 101)])), (0, 3, boxes(&[]))],
    );
    assert_eq!(found[0].value["boundingBoxes"].as_array().map(Vec::len), Some(1));
}

#[test]
fn lines_points_and_polygons_are_matched() {
    let corners = |points: &[(i64, i64)]| {
        points.iter().map(|(x, y)| json!({"x": x, "y": y})).collect::<Vec<Value>>()
    };
    let shape = |key: &str, points: &[(i64, i64)]| json!({key: [{"label": "a", "vertices": corners(points)}], "inputImageProperties": size()});
    let lines = results_of(
        &json!({"type": "lines", "labels": ["a"]}),
        Method::Auto,
        [
            (0, 1, shape("lines", &[(100, 100), (400, 100)])),
            (0, 2, shape("lines", &[(400, 104), (100, 104)])),
            (0, 3, shape("lines", &[(100, 700), (400, 900)])),
        ],
    );
    let line = &lines[0].value["lines"];
    assert_eq!(line.as_array().map(Vec::len), Some(1), "{line}");
    assert_eq!(line[0]["vertices"], json!([{"x": 100, "y": 102}, {"x": 400, "y": 102}]));
    let square = |at: i64| [(at, at), (at + 200, at), (at + 200, at + 200), (at, at + 200)];
    let polygons = results_of(
        &json!({"type": "polygons", "labels": ["a"]}),
        Method::Auto,
        [(0, 1, 100), (0, 2, 104), (0, 3, 102)]
            .map(|(task, worker, at)| (task, worker, shape("polygons", &square(at)))),
    );
    // The one in the middle is most like the others.
    assert_eq!(polygons[0].value["polygons"][0]["vertices"][0], json!({"x": 102, "y": 102}));
    let points = |x: i64| {
        let point = |label: &str, x: i64| json!({"label": label, "x": x, "y": 50});
        json!({"keypoints": [point("left", x), point("right", x + 2)], "inputImageProperties": size()})
    };
    let found = results_of(
        &json!({"type": "keypoints", "labels": ["left", "right"]}),
        Method::Auto,
        [(0, 1, points(10)), (0, 2, points(14))],
    );
    let found = found[0].value["keypoints"].as_array().expect("a list").clone();
    let at = |label: &str| {
        found.iter().find(|point| point["label"] == label).map(|point| point["x"].clone())
    };
    assert_eq!((at("left"), at("right"), found.len()), (Some(json!(12)), Some(json!(14)), 2));
}

#[test]
fn tracks_are_averaged_frame_by_frame() {
    let track = |left: f64, times: &[f64]| {
        let frame = |time: &f64| json!({"time": time, "left": left + 10.0 * time, "top": 0, "width": 100, "height": 100, "key": true});
        let frames: Vec<Value> = times.iter().map(frame).collect();
        json!({"tracks": [{"id": 5, "label": "car", "frames": frames}], "inputImageProperties": size()})
    };
    let found = results_of(
        &json!({"type": "video_boxes", "labels": ["car"]}),
        Method::Auto,
        [(0, 1, track(0.0, &[0.0, 10.0])), (0, 2, track(4.0, &[0.0, 5.0, 10.0]))],
    );
    let tracks = &found[0].value["tracks"];
    assert_eq!((tracks.as_array().map(Vec::len), &tracks[0]["id"]), (Some(1), &json!(1)));
    let lefts: Vec<&Value> = tracks[0]["frames"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|frame| &frame["left"])
        .collect();
    assert_eq!(lefts, [2, 52, 102]);
}

#[test]
fn segments_are_matched_in_time() {
    let answer = |start: f64, text: &str| json!({"duration": 9.0, "segments": [{"start": start, "end": start + 2.0, "label": "speech", "text": text}]});
    let found = results_of(
        &json!({"type": "audio_segments", "labels": ["speech"], "transcribe": true}),
        Method::Auto,
        [
            (0, 1, answer(1.0, "hello")),
            (0, 2, answer(1.2, "hello ")),
            (0, 3, answer(1.1, "yellow")),
        ],
    );
    let segment = &found[0].value["segments"][0];
    assert_eq!((&segment["text"], &segment["label"]), (&json!("hello"), &json!("speech")));
    assert!((segment["start"].as_f64().expect("seconds") - 1.1).abs() < 0.05, "{segment}");
    assert_eq!(found[0].value["duration"], 9.0);
}

#[test]
fn masks_are_decided_pixel_by_pixel() {
    use crate::drawing::{Painted, Region};
    let mask = |start: u32, end: u32| {
        let region: Region = std::iter::once(start..end).collect();
        Painted { width: 10, height: 2, layers: vec![("sky".into(), region)] }
    };
    let definition = json!({"type": "mask", "labels": ["sky"]});
    let answers = [(0, 1, mask(0, 6)), (0, 2, mask(0, 5)), (0, 3, mask(3, 9))];
    let answers = answers.map(|(task, worker, mask)| (task, worker, mask.write_mask()));
    let found = results_of(&definition, Method::MajorityVote, answers);
    assert_eq!(Painted::read(&found[0].value), Some(mask(0, 6)));
    // Of nine pixels four are unanimous or two of three: 3 and 4 have all, 0..3 and 5 two, 6..9 are left to one.
    let share = (2.0 * 1.0 + 7.0 * 2.0 / 3.0) / 9.0;
    assert!((found[0].confidence.expect("a share") - share).abs() < 1e-6, "{found:?}");
    let object = |start, end| mask(start, end).write_instances(|_| Map::new());
    let found = results_of(
        &json!({"type": "instances", "labels": ["sky"]}),
        Method::Auto,
        [(0, 1, object(0, 6)), (0, 2, object(0, 5)), (0, 3, object(1, 6))],
    );
    let read = Painted::read(&found[0].value).expect("a picture");
    assert_eq!(read.layers, mask(0, 6).layers);
    assert_eq!(found[0].value["instances"].as_array().map(Vec::len), Some(1));
}

fn spans(list: &[(&str, i64, i64)]) -> Value {
    let span = |(label, start, end): &(&str, i64, i64)| json!({"label": label, "startOffset": start, "endOffset": end});
    json!({"entities": list.iter().map(span).collect::<Vec<_>>()})
}

#[test]
fn spans_of_a_crowd_become_one_each() {
    let definition = json!({"type": "spans", "labels": ["PER", "LOC"]});
    let answers = || {
        (0..10).flat_map(|task| {
            [
                (task, 1, spans(&[("PER", 0, 5), ("LOC", 10, 16)])),
                (task, 2, spans(&[("PER", 0, 5), ("LOC", 10, 16)])),
                (task, 3, spans(&[("PER", 0, 8)])),
            ]
        })
    };
    for method in [Method::Auto, Method::MajorityVote] {
        let found = results_of(&definition, method, answers());
        let list = found[3].value["entities"].as_array().expect("a list");
        let read: Vec<_> = list
            .iter()
            .map(|one| (&one["label"], &one["startOffset"], &one["endOffset"]))
            .collect();
        assert_eq!(
            read,
            [(&json!("PER"), &json!(0), &json!(5)), (&json!("LOC"), &json!(10), &json!(16))],
            "{method:?}"
        );
        assert!(found[3].confidence.is_some_and(|sure| sure > 0.3 && sure < 1.0), "{found:?}");
    }
    // Spans of one worker overlap.
    let nested = || spans(&[("PER", 0, 5), ("LOC", 0, 16)]);
    let found = results_of(
        &definition,
        Method::Auto,
        [(0, 1, nested()), (0, 2, nested()), (0, 3, spans(&[]))],
    );
    assert_eq!(found[0].value["entities"].as_array().map(Vec::len), Some(2));
}

#[test]
fn relations_are_voted_on_between_the_same_spans() {
    let answer = |from: i64, to: i64| {
        let mut answer = spans(&[("PER", 0, 5), ("LOC", 10, 16)]);
        answer["relations"] = json!([{"label": "lives in", "from": from, "to": to}]);
        answer
    };
    let turned = {
        let mut answer = spans(&[("LOC", 10, 16), ("PER", 0, 5)]);
        answer["relations"] = json!([{"label": "lives in", "from": 1, "to": 0}]);
        answer
    };
    let found = results_of(
        &json!({"type": "relations", "labels": ["PER", "LOC"], "relations": ["lives in"]}),
        Method::Auto,
        [(0, 1, answer(0, 1)), (0, 2, turned), (0, 3, answer(1, 0))],
    );
    let value = &found[0].value;
    let relations = value["relations"].as_array().expect("a list");
    assert_eq!(relations.len(), 1, "{value}");
    let label = |end: &str| {
        let place = relations[0][end].as_u64().expect("a place") as usize;
        value["entities"][place]["label"].clone()
    };
    assert_eq!((label("from"), label("to")), (json!("PER"), json!("LOC")));
}

#[test]
fn rankings_become_one_order() {
    let definition = json!({"type": "ranking", "items": ["a", "b", "c"]});
    let found = results_of(
        &definition,
        Method::Auto,
        [
            (0, 1, json!({"ranking": ["a", "b", "c"]})),
            (0, 2, json!(["a", "b", "c"])),
            (0, 3, json!(["b", "a", "c"])),
            (1, 1, json!(["c", "b", "a"])),
        ],
    );
    assert_eq!(
        (&found[0].value, &found[1].value),
        (&json!(["a", "b", "c"]), &json!(["c", "b", "a"]))
    );
    // One of nine pairs is the other way round.
    assert!((found[0].confidence.expect("a share") - 8.0 / 9.0).abs() < 1e-6);
    assert_eq!(found[1].confidence, Some(1.0));
    let strengths = found[0].probabilities.as_ref().expect("strengths");
    assert!(strengths["a"].as_f64() > strengths["b"].as_f64());
}

#[test]
fn a_comparison_is_a_choice_with_ties() {
    let found = results_of(
        &json!({"type": "comparison", "first": "t", "second": "t"}),
        Method::MajorityVote,
        [
            (0, 1, json!({"choice": "tie"})),
            (0, 2, json!("tie")),
            (0, 3, json!({"choice": "first"})),
        ],
    );
    assert_eq!((&found[0].value, found[0].confidence), (&json!("tie"), Some(0.666_667)));
}

#[test]
fn a_taxonomy_is_rolled_up_to_what_is_sure() {
    let definition = json!({"type": "taxonomy", "nodes": ["Food > Fruit > Apple", "Food > Fruit > Pear", "Food > Cake", "Drink"]});
    let node = |task, worker, id: &str| {
        (task, worker, json!({"id": id, "path": id.split(" > ").collect::<Vec<_>>()}))
    };
    let found = results_of(
        &definition,
        Method::MajorityVote,
        [
            node(0, 1, "Food > Fruit > Apple"),
            node(0, 2, "Food > Fruit > Apple"),
            node(0, 3, "Food > Fruit > Pear"),
            node(1, 1, "Food > Fruit > Apple"),
            node(1, 2, "Food > Fruit > Apple"),
            node(1, 3, "Food > Fruit > Apple"),
            node(2, 1, "Food > Cake"),
            node(2, 2, "Food > Cake"),
            node(2, 3, "Drink"),
        ],
    );
    let read: Vec<_> = found.iter().map(|one| (one.value.as_str(), one.confidence)).collect();
    assert_eq!(
        read,
        [
            (Some("Food > Fruit"), Some(1.0)),
            (Some("Food > Fruit > Apple"), Some(1.0)),
            (Some("Food > Cake"), Some(0.666_667)),
        ]
    );
}

#[test]
fn surveys_and_pages_are_aggregated_part_by_part() {
    let likert = json!({"type": "likert", "statements": ["x", "y"], "scale": ["no", "so", "yes"]});
    let found = results_of(
        &likert,
        Method::MajorityVote,
        [
            (0, 1, json!({"x": 1, "y": 3})),
            (0, 2, json!({"x": 1, "y": 3})),
            (0, 3, json!({"x": 2, "y": 3})),
        ],
    );
    assert_eq!(found[0].value, json!({"x": 1, "y": 3}));
    assert_eq!(found[0].confidence, Some(0.666_667));
    assert_eq!(found[0].probabilities.as_ref().expect("by statement")["y"], 1.0);
    let pages = |labels: [&str; 2]| {
        let page = |(place, label): (usize, &str)| json!({"page": place + 1, "label": label});
        json!({"pageCount": 2, "pages": labels.into_iter().enumerate().map(page).collect::<Vec<_>>()})
    };
    let found = results_of(
        &json!({"type": "pages", "labels": ["text", "table"]}),
        Method::MajorityVote,
        [
            (0, 1, pages(["text", "table"])),
            (0, 2, pages(["text", "text"])),
            (0, 3, pages(["text", "table"])),
        ],
    );
    assert_eq!(found[0].value, pages(["text", "table"]));
    assert_eq!(found[0].confidence, Some(0.666_667));
}

#[test]
fn places_meet_in_their_median() {
    let place =
        |latitude: f64, longitude: f64| json!({"latitude": latitude, "longitude": longitude});
    let found = results_of(
        &json!({"type": "place"}),
        Method::Auto,
        [
            (0, 1, place(52.5, 13.4)),
            (0, 2, place(52.5, 13.4)),
            (0, 3, place(-33.0, 151.0)),
            (1, 1, place(0.0, 179.9)),
            (1, 2, place(0.0, -179.9)),
        ],
    );
    assert_eq!(found[0].value, place(52.5, 13.4), "one who is far off moves nothing");
    let middle = found[1].value["longitude"].as_f64().expect("degrees");
    assert!(middle.abs() > 179.8, "across the line of dates: {middle}");
    assert_eq!(found[0].confidence, None);
}

#[test]
fn media_are_listed_and_json_is_counted() {
    let photo = |media: &str| json!({"media": media, "type": "image/jpeg", "size": 3});
    let found = results_of(
        &json!({"type": "photo"}),
        Method::Auto,
        [(0, 1, photo("a")), (0, 2, photo("b"))],
    );
    assert_eq!((&found[0].value, found[0].confidence), (&json!([photo("a"), photo("b")]), None));
    let found = results_of(
        &json!({"type": "json"}),
        Method::Auto,
        [(0, 1, json!({"a": 1, "b": 2})), (0, 2, json!([])), (0, 3, json!({"b": 2, "a": 1}))],
    );
    assert_eq!((&found[0].value, found[0].confidence), (&json!({"a": 1, "b": 2}), Some(0.666_667)));
}

#[test]
fn many_classes_are_fitted_with_one_accuracy_each() {
    let nodes: Vec<String> = (0..500).map(|node| format!("n{node}")).collect();
    let definition = json!({"type": "taxonomy", "nodes": nodes});
    let answers = (0..500).flat_map(|task| {
        (1..=3).map(move |worker| {
            let id = if worker == 3 && task % 3 == 0 { (task + 1) % 500 } else { task };
            (task, worker, json!(format!("n{id}")))
        })
    });
    let found = results_of(&definition, Method::Auto, answers);
    assert!((0..500).all(|task| found[task].value == format!("n{task}")));
}
