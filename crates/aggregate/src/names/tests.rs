use proptest::prelude::*;

use super::*;

#[test]
fn only_the_shortest_spelling_of_an_integer_is_a_number() {
    for (text, number) in [
        ("0", Some(0)),
        ("7", Some(7)),
        ("-12", Some(-12)),
        ("9223372036854775807", Some(i64::MAX)),
        ("-9223372036854775808", Some(i64::MIN)),
        ("9223372036854775808", None),
        ("07", None),
        ("-0", None),
        ("+7", None),
        ("7.0", None),
        ("", None),
        ("-", None),
        ("1e3", None),
        ("12345678901234567890123", None),
    ] {
        assert_eq!(integer(text.as_bytes()), number, "{text:?}");
    }
}

#[test]
fn codes_stay_when_a_text_comes_among_numbers() {
    let mut names = Names::expecting(10);
    let numbers = [5, -3, 1_000_000_000_000, 0, 99_999];
    for (code, &number) in numbers.iter().enumerate() {
        assert_eq!(names.number(number), code as u32);
    }
    assert_eq!(names.texts().code("a"), 5);
    assert_eq!(
        (names.number(-3), names.texts().code("99999"), names.texts().code("05")),
        (1, 4, 6)
    );
    assert_eq!(names.get(2), "1000000000000");
}

proptest! {
    /// Any order of small, large and negative numbers: a number keeps its code, whichever table holds it.
    #[test]
    fn a_number_has_one_code(values in proptest::collection::vec(
        prop_oneof![0i64..70_000, 60_000i64..400_000, any::<i64>()], 0..400)) {
        let mut names = Names::expecting(0);
        let codes: Vec<u32> = values.iter().map(|&value| names.number(value)).collect();
        for (&value, &code) in values.iter().zip(&codes) {
            prop_assert_eq!(names.get(code as usize), value.to_string());
            prop_assert_eq!(names.find(&value.to_string()), Some(code));
            prop_assert_eq!(names.number(value), code);
        }
    }
}
