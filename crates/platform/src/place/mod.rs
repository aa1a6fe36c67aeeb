//! Places: where on the earth a task is. Workers see the tasks around them, take one, go there, and answer on the spot; a
//! submission is refused that does not come from there.

mod check;
mod sql;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use check::check_answers;
pub(crate) use sql::insert;

use crate::Platform;
use crate::access::Identity;
use crate::assignment;
use crate::batch::offer;
use crate::error::Result;
use crate::id::Id;
use crate::project::{InputType, Question};

/// Metres; the mean radius of the earth.
const EARTH_RADIUS: f64 = 6_371_008.8;
/// Farther than half around the earth, in metres, nothing is.
const FARTHEST: f64 = 20_040_000.0;
/// The first circle looked at, in metres; each next one is twice as wide.
const NEAR: f64 = 1_000.0;

/// A point in degrees of WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Point {
    /// -90 to 90.
    pub latitude: f64,
    /// -180 to 180.
    pub longitude: f64,
}

impl Point {
    /// `None` where there is no such point.
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        let is_there = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        is_there.then_some(Self { latitude, longitude })
    }

    /// The point of a value `{"latitude", "longitude", ..}`.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        Self::new(value.get("latitude")?.as_f64()?, value.get("longitude")?.as_f64()?)
    }

    /// Metres along the great circle, by the haversine formula; right to half a per cent.
    pub fn distance(self, other: Self) -> f64 {
        let (one, two) = (self.latitude.to_radians(), other.latitude.to_radians());
        let across = (other.longitude - self.longitude).to_radians();
        let half = |angle: f64| (angle / 2.0).sin().powi(2);
        let haversine = half(two - one) + one.cos() * two.cos() * half(across);
        2.0 * EARTH_RADIUS * haversine.clamp(0.0, 1.0).sqrt().asin()
    }

    /// A box around the circle of so many metres.
    fn around(self, radius: f64) -> Edges {
        let reach = (radius / EARTH_RADIUS).to_degrees();
        let (south, north) = (self.latitude - reach, self.latitude + reach);
        let narrowest = south.abs().max(north.abs());
        let across = if narrowest >= 90.0 { 180.0 } else { reach / narrowest.to_radians().cos() };
        if across >= 180.0 {
            return Edges { south, north, west: -180.0, east: 180.0 };
        }
        let wrapped = |longitude: f64| (longitude + 540.0).rem_euclid(360.0) - 180.0;
        let (west, east) = (wrapped(self.longitude - across), wrapped(self.longitude + across));
        Edges { south, north, west, east }
    }
}

/// Between two parallels and two meridians; `west` is larger than `east` where the date line is in between.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Edges {
    south: f64,
    north: f64,
    west: f64,
    east: f64,
}

/// The input field that says where a task is.
pub(crate) fn field(question: &Question) -> Option<&str> {
    let mut fields = question.input.iter();
    fields.find(|(_, field)| field.kind == InputType::Place).map(|(name, _)| name.as_str())
}

/// Where a task with this input (JSON) is.
pub(crate) fn of_input(input: &str, field: &str) -> Option<Point> {
    let input: Value = serde_json::from_str(input).ok()?;
    Point::of(input.get(field)?)
}

/// A task at a place.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct NearTask {
    pub task: Id,
    #[serde(flatten)]
    pub point: Point,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Metres as the crow flies.
    pub distance: f64,
}

/// Tasks of a batch that are open to this worker, the nearest first. Looks at wider and wider circles, so that its cost
/// goes with the tasks around rather than with those of the batch.
pub async fn nearest(
    platform: &Platform,
    worker: &Identity,
    batch: Id,
    from: Point,
    limit: i64,
) -> Result<Vec<NearTask>> {
    let db = &platform.db;
    let (_, revision) = offer::get(db, worker.workspace, worker.member, batch).await?;
    let pinned = platform.revisions.get(db, revision).await?;
    let Some(field) = field(&pinned.question) else { return Ok(Vec::new()) };
    let held = assignment::live(db, worker, Some(batch)).await?;
    let held: Vec<Id> =
        held.iter().flat_map(|held| held.tasks.iter().map(|task| task.id)).collect();
    let tx = &mut db.read().await?;
    if !platform.terms.load(tx, batch).await?.open {
        return Ok(Vec::new());
    }
    let mut radius = NEAR;
    loop {
        let search = sql::Search { batch, worker: worker.member, held: &held, from, limit };
        let rows = sql::within(tx, &search, from.around(radius)).await?;
        let mut near: Vec<NearTask> =
            rows.into_iter().map(|row| row.seen_from(from, field)).collect();
        near.retain(|task| task.distance <= radius);
        if near.len() as i64 >= limit || radius >= FARTHEST {
            near.sort_by(|one, two| one.distance.total_cmp(&two.distance));
            return Ok(near);
        }
        radius = (2.0 * radius).min(FARTHEST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(latitude: f64, longitude: f64) -> Point {
        Point::new(latitude, longitude).expect("a point")
    }

    #[test]
    fn distances_are_those_of_great_circles() {
        // Berlin to Paris, 878 km; a degree of latitude, 111.2 km; half around.
        let (berlin, paris) = (point(52.5200, 13.4050), point(48.8566, 2.3522));
        assert!((berlin.distance(paris) - 877_500.0).abs() < 1_000.0);
        assert!((point(0.0, 0.0).distance(point(1.0, 0.0)) - 111_195.0).abs() < 1.0);
        assert!((point(0.0, 179.5).distance(point(0.0, -179.5)) - 111_195.0).abs() < 1.0);
        assert!(point(0.0, 0.0).distance(point(0.0, 180.0)) < FARTHEST);
        assert!((berlin.distance(berlin)).abs() < f64::EPSILON);
        assert_eq!(Point::new(90.1, 0.0), None);
        assert_eq!(Point::new(0.0, f64::NAN), None);
    }

    #[test]
    fn a_box_holds_its_circle() {
        for from in [point(52.0, 13.0), point(-80.0, 170.0), point(10.0, -179.99), point(89.9, 0.0)]
        {
            for radius in [1_000.0, 50_000.0, 3_000_000.0] {
                let edges = from.around(radius);
                for degrees in 0..360 {
                    // A point on the circle (destination of a great circle).
                    let (angle, bearing) = (radius / EARTH_RADIUS, f64::from(degrees).to_radians());
                    let start = from.latitude.to_radians();
                    let sine =
                        start.sin() * angle.cos() + start.cos() * angle.sin() * bearing.cos();
                    let latitude = sine.clamp(-1.0, 1.0).asin();
                    let turn = (bearing.sin() * angle.sin() * start.cos())
                        .atan2(angle.cos() - start.sin() * sine)
                        .to_degrees();
                    let longitude = (from.longitude + turn + 540.0).rem_euclid(360.0) - 180.0;
                    let latitude = latitude.to_degrees();
                    let hair = 1e-9;
                    assert!(latitude >= edges.south - hair && latitude <= edges.north + hair);
                    let (west, east) = (edges.west - hair, edges.east + hair);
                    let inside = if edges.west <= edges.east {
                        (west..=east).contains(&longitude)
                    } else {
                        longitude >= west || longitude <= east
                    };
                    assert!(inside, "{from:?} {radius} {degrees}: {longitude} not in {edges:?}");
                }
            }
        }
    }
}
