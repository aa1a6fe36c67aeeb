//! Shapes drawn on pictures: `boxes`, `polygons`, `polylines`, `lines`, `keypoints`; and `video_boxes`.
//!
//! Coordinates are pixels from the top left corner. Those of edges and corners go up to the picture's width and height;
//! those of key points name pixels and end below.

use serde_json::Value;

use super::marks::Marks;
use super::part::Part;

/// Corners of one shape at most.
const MOST_CORNERS: i64 = 10_000;
/// Edges of a box may lie outside by what adding two numbers loses.
const ROUNDING: f64 = 1e-6;

/// The size of the picture that an answer is about.
struct Picture {
    width: f64,
    height: f64,
}

impl Picture {
    fn read(whole: &Part) -> Result<Self, String> {
        let picture = whole.key("inputImageProperties")?;
        let side = |key| picture.key(key)?.number(1.0..=f64::INFINITY);
        Ok(Self { width: side("width")?, height: side("height")? })
    }

    fn check_box(&self, mark: &Part) -> Result<(), String> {
        let number = |key| mark.key(key)?.number(0.0..=f64::INFINITY);
        let (left, top, width, height) =
            (number("left")?, number("top")?, number("width")?, number("height")?);
        if width <= 0.0 || height <= 0.0 {
            return Err(format!("{mark}must have a width and a height above 0"));
        }
        let inside =
            left + width <= self.width + ROUNDING && top + height <= self.height + ROUNDING;
        if inside { Ok(()) } else { Err(self.outside(mark)) }
    }

    fn check_corner(&self, corner: &Part) -> Result<(), String> {
        let coordinate = |key| corner.key(key)?.number(f64::MIN..=f64::MAX);
        let (x, y) = (coordinate("x")?, coordinate("y")?);
        let inside = (0.0..=self.width).contains(&x) && (0.0..=self.height).contains(&y);
        if inside { Ok(()) } else { Err(self.outside(corner)) }
    }

    fn check_pixel(&self, point: &Part) -> Result<(), String> {
        self.check_corner(point)?;
        let coordinate = |key| point.key(key)?.number(0.0..=f64::MAX);
        let inside = coordinate("x")? < self.width && coordinate("y")? < self.height;
        if inside { Ok(()) } else { Err(self.outside(point)) }
    }

    fn outside(&self, part: &Part) -> String {
        let Self { width, height } = self;
        format!("{part}lies outside of the picture, which is {width} wide and {height} high")
    }
}

pub(super) fn check_boxes(marks: &Marks, value: &Value) -> Result<(), String> {
    let whole = Part::of(value);
    let picture = Picture::read(&whole)?;
    marks.check(&whole, "boundingBoxes", |mark| picture.check_box(mark))
}

/// Checks shapes of corners, of which each has `least` to `most`.
pub(super) fn check_corners(
    marks: &Marks,
    key: &str,
    least: i64,
    most: Option<i64>,
    value: &Value,
) -> Result<(), String> {
    let whole = Part::of(value);
    let picture = Picture::read(&whole)?;
    marks.check(&whole, key, |mark| {
        let vertices = mark.key("vertices")?;
        let mut corners = vertices.counted(least, most.or(Some(MOST_CORNERS)))?;
        corners.try_for_each(|corner| picture.check_corner(&corner))
    })
}

pub(super) fn check_keypoints(marks: &Marks, value: &Value) -> Result<(), String> {
    let whole = Part::of(value);
    let picture = Picture::read(&whole)?;
    marks.check(&whole, "keypoints", |mark| picture.check_pixel(mark))
}

pub(super) fn check_tracks(marks: &Marks, value: &Value) -> Result<(), String> {
    let whole = Part::of(value);
    let picture = Picture::read(&whole)?;
    marks.check(&whole, "tracks", |track| {
        let frames = track.key("frames")?;
        let mut before = None;
        for frame in frames.counted(1, None)? {
            let time = frame.key("time")?;
            let seconds = time.number(0.0..=f64::INFINITY)?;
            if before.is_some_and(|before| seconds <= before) {
                return Err(time.wrong("later than that of the frame before"));
            }
            before = Some(seconds);
            picture.check_box(&frame)?;
        }
        Ok(())
    })
}
