//! Categories out of a tree: `taxonomy`.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::part::Part;
use crate::project::keys::{Keys, shown};

const MOST_NODES: usize = 20_000;
const DEEPEST: usize = 50;
const MOST_CHOSEN: i64 = 1000;
/// Stands between the names of a path.
const BETWEEN: &str = " > ";

/// One node of a tree, or several. Value: `{"id": "Food > Cake", "path": ["Food", "Cake"]}`, with `multiple`
/// `{"selected": [{"id", "path"}]}`, or the ids alone, which are the plain form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Taxonomy {
    /// In reading order; where absent, each task's template has its own tree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nodes: Option<Vec<Node>>,
    pub multiple: bool,
    /// Whether only nodes without others below them may be chosen.
    pub leaves_only: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Node {
    /// The path with ` > ` between its names where no other is given.
    pub id: String,
    /// The names from the root to this node.
    pub path: Vec<String>,
}

impl Taxonomy {
    pub(super) fn read(keys: &mut Keys) -> Self {
        let nodes = match keys.get("nodes").map(read_tree) {
            Some(Err(message)) => {
                keys.error("nodes", message);
                None
            }
            Some(Ok(nodes)) => Some(nodes),
            None => None,
        };
        Self {
            nodes,
            multiple: keys.truth("multiple").unwrap_or(false),
            leaves_only: keys.truth("leaves_only").unwrap_or(false),
        }
    }

    pub(super) fn check(&self, required: bool, plain: &Value) -> Result<(), String> {
        let whole = Part::of(plain);
        if !self.multiple {
            return self.check_node(&whole);
        }
        let mut seen = HashSet::new();
        for node in whole.counted(i64::from(required), Some(MOST_CHOSEN))? {
            self.check_node(&node)?;
            if !seen.insert(node.text()?) {
                return Err(format!("names {} twice", shown(node.value)));
            }
        }
        Ok(())
    }

    fn check_node(&self, node: &Part) -> Result<(), String> {
        let id = node.text()?;
        let Some(nodes) = &self.nodes else { return Ok(()) };
        let Some(place) = nodes.iter().position(|known| known.id == id) else {
            return Err(format!("{node}names `{id}`, which is no node of the tree"));
        };
        // In reading order a node's first child follows it.
        let is_branch =
            nodes.get(place + 1).is_some_and(|next| next.path.len() > nodes[place].path.len());
        if self.leaves_only && is_branch {
            return Err(format!(
                "{node}names `{id}`, which has nodes below it; choose one of those"
            ));
        }
        Ok(())
    }

    /// The ids of a plain answer.
    pub(super) fn plain(value: &Value) -> Cow<'_, Value> {
        match value.get("selected").and_then(Value::as_array) {
            Some(selected) => Cow::Owned(selected.iter().map(|node| id_of(node).clone()).collect()),
            None => Cow::Borrowed(id_of(value)),
        }
    }

    /// The tree as nested `{"name", "id", "children"}`, for `<crowd-taxonomy nodes>`.
    pub fn tree(&self) -> Value {
        let mut rest = self.nodes.as_deref().unwrap_or_default();
        take_below(&mut rest, 0)
    }
}

/// Nodes deeper than `depth`, nested, taken from the front of a list in reading order.
fn take_below(rest: &mut &[Node], depth: usize) -> Value {
    let mut below = Vec::new();
    while let Some((node, after)) = rest.split_first().filter(|(node, _)| node.path.len() > depth) {
        *rest = after;
        let children = take_below(rest, node.path.len());
        below.push(json!({"name": node.path.last(), "id": node.id, "children": children}));
    }
    below.into()
}

fn id_of(node: &Value) -> &Value {
    node.get("id").unwrap_or(node)
}

/// Reads nested tables `{NAME: {…}}`, lists of `{name, id, children}`, paths `"A > B"`, or the list that it makes of them.
pub(super) fn read_tree(value: &Value) -> Result<Vec<Node>, String> {
    let mut nodes = Vec::new();
    match value.as_array().filter(|list| list.iter().all(Value::is_string)) {
        Some(paths) => {
            let nested = nest(paths.iter().filter_map(Value::as_str));
            add_all(&mut nodes, &Value::Object(nested), &[])?;
        }
        None => add_all(&mut nodes, value, &[])?,
    }
    let mut seen = HashSet::new();
    match nodes.iter().find(|node| !seen.insert(node.id.as_str())) {
        Some(twice) => Err(format!("has `{}` twice", twice.id)),
        None if nodes.is_empty() => Err("must have at least one node".into()),
        None => Ok(nodes),
    }
}

/// Paths as nested objects.
fn nest<'p>(paths: impl Iterator<Item = &'p str>) -> Map<String, Value> {
    let mut root = Map::new();
    for path in paths {
        let mut place = &mut root;
        for name in path.split(BETWEEN.trim()).map(str::trim) {
            let below = place.entry(name).or_insert_with(|| Value::Object(Map::new()));
            let Value::Object(below) = below else { unreachable!("only objects are put there") };
            place = below;
        }
    }
    root
}

fn add_all(nodes: &mut Vec<Node>, given: &Value, above: &[String]) -> Result<(), String> {
    match given {
        Value::Null => Ok(()),
        Value::Array(list) => list.iter().try_for_each(|entry| add_entry(nodes, entry, above)),
        Value::Object(table) => {
            table.iter().try_for_each(|(name, below)| add(nodes, name, None, below, above))
        }
        other => Err(format!("must be a tree of names, not {}", shown(other))),
    }
}

fn add_entry(nodes: &mut Vec<Node>, entry: &Value, above: &[String]) -> Result<(), String> {
    if let Some(name) = entry.as_str() {
        return add(nodes, name, None, &Value::Null, above);
    }
    let table = entry.as_object().ok_or_else(|| {
        format!("must have names or tables with `name` and `children`, not {}", shown(entry))
    })?;
    if let Some(path) = table.get("path") {
        let path: Vec<String> = serde_json::from_value(path.clone())
            .map_err(|_| format!("has a node whose path is no list of names: {}", shown(entry)))?;
        let (name, above) = path.split_last().ok_or("has a node with an empty path")?;
        let id = table.get("id").and_then(Value::as_str);
        return add(nodes, name, id, &Value::Null, above);
    }
    if let Some(strange) =
        table.keys().find(|key| !["name", "id", "children"].contains(&key.as_str()))
    {
        return Err(format!(
            "has a node with the unknown key `{strange}`; known are name, id, children"
        ));
    }
    let name = table.get("name").or_else(|| table.get("id")).and_then(Value::as_str);
    let name = name.ok_or_else(|| format!("has a node without `name`: {}", shown(entry)))?;
    let id = table.get("id").and_then(Value::as_str);
    add(nodes, name, id, table.get("children").unwrap_or(&Value::Null), above)
}

fn add(
    nodes: &mut Vec<Node>,
    name: &str,
    id: Option<&str>,
    below: &Value,
    above: &[String],
) -> Result<(), String> {
    if name.trim().is_empty() {
        return Err("has a node without a name".into());
    }
    if nodes.len() >= MOST_NODES || above.len() >= DEEPEST {
        return Err(format!("must have at most {MOST_NODES} nodes, {DEEPEST} deep"));
    }
    let path = [above, &[name.to_owned()]].concat();
    let id = id.map_or_else(|| path.join(BETWEEN), str::to_owned);
    nodes.push(Node { id, path: path.clone() });
    add_all(nodes, below, &path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read_in_each_of_its_forms() {
        let ids = |value: Value| {
            let nodes = read_tree(&value).expect("a tree");
            nodes.into_iter().map(|node| node.id).collect::<Vec<_>>()
        };
        let expected = ["Food", "Food > Fruit", "Food > Fruit > Apple", "Food > Cake", "Drink"];
        assert_eq!(ids(json!(["Food > Fruit > Apple", "Food > Cake", "Drink"])), expected);
        assert_eq!(
            ids(json!({"Food": {"Fruit": {"Apple": {}}, "Cake": {}}, "Drink": {}})),
            expected
        );
        let nested = json!([
            {"name": "Food", "children": [{"name": "Fruit", "children": ["Apple"]}, "Cake"]}, "Drink",
        ]);
        assert_eq!(ids(nested), expected);
        assert_eq!(ids(json!([{"name": "Food", "id": "7"}])), ["7"]);
        let nodes = read_tree(&json!(["Food > Cake", "Drink"])).expect("a tree");
        assert_eq!(read_tree(&json!(nodes)), Ok(nodes));
        for (wrong, told) in [
            (json!([]), "must have at least one node"),
            (json!(3), "must be a tree of names, not 3"),
            (json!([{"name": "a", "id": "1"}, {"name": "b", "id": "1"}]), "has `1` twice"),
            (
                json!([{"nmae": "a"}]),
                "has a node with the unknown key `nmae`; known are name, id, children",
            ),
        ] {
            assert_eq!(read_tree(&wrong), Err(told.to_owned()));
        }
    }

    #[test]
    fn the_tree_goes_back_to_the_element() {
        let nodes = read_tree(&json!(["Food > Cake", "Drink"])).expect("a tree");
        let taxonomy = Taxonomy { nodes: Some(nodes), multiple: false, leaves_only: true };
        let tree = taxonomy.tree();
        assert_eq!(tree[0]["children"][0]["id"], "Food > Cake");
        assert_eq!(read_tree(&tree), Ok(taxonomy.nodes.clone().expect("nodes")));
        assert!(taxonomy.check(true, &json!("Food")).unwrap_err().contains("below it"));
        assert_eq!(taxonomy.check(true, &json!("Food > Cake")), Ok(()));
    }
}
