use super::{Edges, NearTask, Point};
use crate::db::dialect::{id_list, spelt};
use crate::db::{Connection, on_either, sql};
use crate::error::{Error, Result};
use crate::id::Id;

/// Says where new tasks are.
pub(crate) async fn insert(tx: &mut Connection, batch: Id, places: &[(Id, Point)]) -> Result<()> {
    if places.is_empty() {
        return Ok(());
    }
    on_either!(tx, c => {
        let mut query = sqlx::QueryBuilder::new(
            "INSERT INTO task_place (task_id, batch_id, latitude, longitude) ",
        );
        query.push_values(places, |mut row, (task, point)| {
            row.push_bind(*task).push_bind(batch).push_bind(point.latitude).push_bind(point.longitude);
        });
        query.build().execute(c).await.map(drop)
    })
    .map_err(Error::from)
}

/// Where these tasks are; those without a place are absent.
pub(super) async fn of_tasks(tx: &mut Connection, tasks: &[Id]) -> Result<Vec<(Id, Point)>> {
    let text =
        spelt(tx, "SELECT task_id, latitude, longitude FROM task_place WHERE task_id IN IDS($1)");
    let rows = sql!(tx, all(Id, f64, f64), text, id_list(tasks.iter().copied()))?;
    let point = |(task, latitude, longitude)| (task, Point { latitude, longitude });
    Ok(rows.into_iter().map(point).collect())
}

/// Whose tasks are looked for, and from where.
pub(super) struct Search<'s> {
    pub(super) batch: Id,
    pub(super) worker: Id,
    /// Tasks that the worker holds.
    pub(super) held: &'s [Id],
    pub(super) from: Point,
    pub(super) limit: i64,
}

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    task_id: Id,
    latitude: f64,
    longitude: f64,
    input: String,
}

impl Row {
    pub(super) fn seen_from(self, from: Point, field: &str) -> NearTask {
        let point = Point { latitude: self.latitude, longitude: self.longitude };
        let input: serde_json::Value = serde_json::from_str(&self.input).unwrap_or_default();
        let label = input[field]["label"].as_str().map(str::to_owned);
        NearTask { task: self.task_id, point, label, distance: from.distance(point) }
    }
}

/// The tasks in a box that are open to the worker, the nearest first as on a flat map.
pub(super) async fn within(
    tx: &mut Connection,
    search: &Search<'_>,
    edges: Edges,
) -> Result<Vec<Row>> {
    let text = spelt(
        tx,
        "SELECT p.task_id, p.latitude, p.longitude, t.input FROM task_place p JOIN task t ON t.id = p.task_id
         WHERE p.batch_id = $1 AND p.latitude BETWEEN $2 AND $3
           AND (($4 <= $5 AND p.longitude BETWEEN $4 AND $5) OR ($4 > $5 AND (p.longitude >= $4 OR p.longitude <= $5)))
           AND t.open_slots > 0 AND t.gold = 0 AND t.paused_at IS NULL AND t.id NOT IN IDS($6)
           AND t.demand <= COALESCE((SELECT trust FROM participation w WHERE w.batch_id = $1 AND w.worker_id = $7), 0)
           AND NOT EXISTS (SELECT 1 FROM participation w WHERE w.batch_id = $1 AND w.worker_id = $7
                           AND w.excluded_at IS NOT NULL)
           AND NOT EXISTS (SELECT 1 FROM judgment j WHERE j.task_id = t.id AND j.worker_id = $7)
           AND NOT EXISTS (SELECT 1 FROM skip s WHERE s.task_id = t.id AND s.worker_id = $7)
         ORDER BY (p.latitude - $8) * (p.latitude - $8)
             + (CASE WHEN ABS(p.longitude - $9) > 180 THEN 360 - ABS(p.longitude - $9) ELSE ABS(p.longitude - $9) END)
             * (CASE WHEN ABS(p.longitude - $9) > 180 THEN 360 - ABS(p.longitude - $9) ELSE ABS(p.longitude - $9) END) * $10
         LIMIT $11",
    );
    let narrower = search.from.latitude.to_radians().cos().powi(2);
    sql!(
        tx,
        all Row,
        text,
        search.batch,
        edges.south,
        edges.north,
        edges.west,
        edges.east,
        id_list(search.held.iter().copied()),
        search.worker,
        search.from.latitude,
        search.from.longitude,
        narrower,
        search.limit
    )
}
