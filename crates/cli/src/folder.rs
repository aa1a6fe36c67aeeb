//! A project folder: read and checked whole before anything is sent.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use crowdsmith_platform::batch::Settings;
use crowdsmith_platform::project::keys::Keys;
use crowdsmith_platform::project::{self, Question, is_web_address};
use crowdsmith_platform::rows::{self, Cell, Format, Row};
use crowdsmith_platform::{Error, FieldError, gold};
use serde_json::{Map, Value};

#[derive(Debug)]
pub(crate) struct Folder {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    /// The question's keys, for the API.
    pub(crate) question: Value,
    /// What is perhaps not meant in template.html.
    pub(crate) warnings: Vec<String>,
    pub(crate) batch: Option<FolderBatch>,
    pub(crate) tasks: Option<PathBuf>,
    pub(crate) gold: Option<PathBuf>,
    /// Media that tasks and gold name, relative to the folder.
    pub(crate) media: BTreeSet<String>,
}

#[derive(Debug)]
pub(crate) struct FolderBatch {
    pub(crate) name: String,
    /// The settings' keys, for the API.
    pub(crate) settings: Value,
}

impl Folder {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let file = path.join("project.toml");
        let Keyed { name, question: question_keys, batch } = read_keys(path)?;
        let in_file = |error| named(&file, error);
        project::check_name("name", &name).map_err(in_file)?;
        let question =
            Question::read(&question_keys).map_err(|error| named_by_part(path, error))?;
        let batch = batch.map(read_batch).transpose().map_err(in_file)?;
        let tasks = find_table(path, "tasks")?;
        let gold = find_table(path, "gold")?;
        let mut media = BTreeSet::new();
        for table in tasks.iter().chain(&gold) {
            media.append(&mut media_of(path, table, &question)?);
        }
        if let Some(gold) = &gold {
            check_gold(gold, &question, &media)?;
        }
        let warnings = question.mistakes().iter().map(ToString::to_string).collect();
        Ok(Self {
            path: path.to_owned(),
            name,
            question: question_keys,
            warnings,
            batch,
            tasks,
            gold,
            media,
        })
    }
}

/// What project.toml and the files beside it say, not yet checked.
pub(crate) struct Keyed {
    pub(crate) name: String,
    /// The question's keys.
    pub(crate) question: Value,
    pub(crate) batch: Option<Value>,
}

pub(crate) fn read_keys(path: &Path) -> Result<Keyed> {
    let file = path.join("project.toml");
    let text = std::fs::read_to_string(&file)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    let table: toml::Table =
        toml::from_str(&text).map_err(|error| anyhow!("{}: {error}", file.display()))?;
    let mut keys: Map<String, Value> = serde_json::from_value(serde_json::to_value(table)?)?;
    let name = match keys.remove("name") {
        Some(Value::String(name)) => name,
        Some(other) => bail!("{}: name must be a text, not {other}", file.display()),
        None => folder_name(path)?,
    };
    let batch = keys.remove("batch");
    for (key, part) in [("instructions", "instructions.md"), ("template", "template.html")] {
        let Some(text) = read_optional(&path.join(part))? else { continue };
        if keys.contains_key(key) {
            bail!("{}: {key} stands in {part} as well; keep one", file.display());
        }
        keys.insert(key.into(), text.into());
    }
    Ok(Keyed { name, question: Value::Object(keys), batch })
}

fn folder_name(path: &Path) -> Result<String> {
    let full = path.canonicalize().with_context(|| format!("{} cannot be read", path.display()))?;
    let name = full.file_name().and_then(|name| name.to_str());
    name.map(str::to_owned)
        .ok_or_else(|| anyhow!("{} has no name; set `name` in project.toml", path.display()))
}

fn read_optional(path: &Path) -> Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

fn read_batch(mut settings: Value) -> Result<FolderBatch, Error> {
    let name = match settings.as_object_mut().and_then(|table| table.remove("name")) {
        None => "main".to_owned(),
        Some(Value::String(name)) => name,
        Some(other) => {
            return Err(Error::invalid("batch.name", format!("must be a text, not {other}")));
        }
    };
    project::check_name("batch.name", &name)?;
    Keys::of("batch", &settings)?;
    Settings::read("batch", &settings)?;
    Ok(FolderBatch { name, settings })
}

/// `NAME.csv` or `NAME.jsonl`.
pub(crate) fn find_table(path: &Path, name: &str) -> Result<Option<PathBuf>> {
    let files = [path.join(format!("{name}.csv")), path.join(format!("{name}.jsonl"))];
    let found: Vec<PathBuf> = files.into_iter().filter(|file| file.exists()).collect();
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one.clone())),
        _ => bail!("{} has both {name}.csv and {name}.jsonl; keep one", path.display()),
    }
}

pub(crate) fn format_of(table: &Path) -> Format {
    if table.extension().is_some_and(|ending| ending == "csv") {
        Format::Csv
    } else {
        Format::Ndjson
    }
}

pub(crate) fn open(table: &Path) -> Result<std::fs::File> {
    std::fs::File::open(table).with_context(|| format!("{} cannot be read", table.display()))
}

fn check_gold(gold: &Path, question: &Question, media: &BTreeSet<String>) -> Result<()> {
    let media = media.iter().cloned().collect();
    let read = gold::read_gold(format_of(gold), open(gold)?, question, &media);
    read.map(drop).map_err(|error| named(gold, error))
}

/// The files that tasks name; each must exist below the folder.
pub(crate) fn media_of(
    folder: &Path,
    tasks: &Path,
    question: &Question,
) -> Result<BTreeSet<String>> {
    let fields: Vec<&str> = question
        .input
        .iter()
        .filter(|(_, field)| field.is_media())
        .map(|(name, _)| name.as_str())
        .collect();
    let mut media = BTreeSet::new();
    if fields.is_empty() {
        return Ok(media);
    }
    rows::read(format_of(tasks), open(tasks)?, |row| {
        let missing: Vec<FieldError> =
            fields.iter().filter_map(|field| take_media(folder, row, field, &mut media)).collect();
        if missing.is_empty() { Ok(()) } else { Err(missing) }
    })
    .map_err(|error| named(tasks, error))?;
    Ok(media)
}

fn take_media(
    folder: &Path,
    row: &Row,
    field: &str,
    media: &mut BTreeSet<String>,
) -> Option<FieldError> {
    let path = match row.get(field)? {
        Cell::Text(text) => text.to_owned(),
        Cell::Json(value) => value.as_str()?.to_owned(),
    };
    if is_web_address(&path) || media.contains(&path) {
        return None;
    }
    if !crowdsmith_platform::media::is_path(&path) || !folder.join(&path).is_file() {
        return Some(row.error(field, format!("there is no file `{path}` in the folder")));
    }
    media.insert(path);
    None
}

/// What is wrong with a question, under the file where it stands: mistakes of the template by line and column.
pub(crate) fn named_by_part(folder: &Path, error: Error) -> anyhow::Error {
    let Error::Invalid(errors) = error else { return named(&folder.join("project.toml"), error) };
    let (template, keys): (Vec<_>, Vec<_>) =
        errors.into_iter().partition(|error| error.field == "template");
    if !keys.is_empty() || template.is_empty() {
        return named(&folder.join("project.toml"), Error::Invalid(keys));
    }
    let lines: Vec<String> = template.iter().map(|error| format!("  {}", error.message)).collect();
    anyhow!("{} is wrong:\n{}", folder.join("template.html").display(), lines.join("\n"))
}

/// The error with the file's name before each part.
pub(crate) fn named(file: &Path, error: Error) -> anyhow::Error {
    match error {
        Error::Invalid(errors) => {
            let lines: Vec<String> = errors
                .iter()
                .map(|error| format!("  {}: {}", error.field, error.message))
                .collect();
            anyhow!("{} is wrong:\n{}", file.display(), lines.join("\n"))
        }
        other => anyhow!("{}: {other}", file.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, content) in files {
            std::fs::write(folder.path().join(name), content).expect("a file");
        }
        folder
    }

    const PROJECT: &str = "name = \"p\"\ntitle = \"T\"\n[input.picture]\ntype = \"image\"\n\
                           [output.f]\ntype = \"text\"\n[batch]\noverlap = 2\n";

    #[test]
    fn a_folder_is_read_whole() {
        let tasks = "picture\na.png\nhttps://example.org/b.png\n";
        let dir = folder(&[
            ("project.toml", PROJECT),
            ("instructions.md", "Look."),
            ("tasks.csv", tasks),
            ("gold.csv", "picture,label,explanation\ng.png,x|y,because\n"),
            ("a.png", ""),
            ("g.png", ""),
        ]);
        let read = Folder::read(dir.path()).expect("valid");
        assert_eq!(read.name, "p");
        assert_eq!(read.question["instructions"], "Look.");
        assert_eq!(read.batch.expect("a batch").name, "main");
        assert_eq!(read.media.into_iter().collect::<Vec<_>>(), ["a.png", "g.png"]);
    }

    #[test]
    fn mistakes_name_file_and_key() {
        let told = |files: &[(&str, &str)]| {
            let dir = folder(files);
            let told = format!("{:#}", Folder::read(dir.path()).expect_err("is wrong"));
            told.replace(&dir.path().display().to_string(), "DIR")
        };
        let misspelt = PROJECT.replace("overlap", "overlapp");
        assert_eq!(
            told(&[("project.toml", &misspelt)]),
            "DIR/project.toml is wrong:\n  batch.overlapp: unknown key; did you mean `overlap`?"
        );
        let lost = told(&[("project.toml", PROJECT), ("tasks.csv", "picture\nx.png\n")]);
        assert_eq!(
            lost,
            "DIR/tasks.csv is wrong:\n  line 2, column picture: there is no file `x.png` in the folder"
        );
        assert!(
            told(&[("project.toml", "title = ")])
                .starts_with("DIR/project.toml: TOML parse error at line 1")
        );
        let gold =
            told(&[("project.toml", PROJECT), ("a.png", ""), ("gold.csv", "picture,g\na.png,x\n")]);
        assert!(gold.starts_with("DIR/gold.csv is wrong:\n  line 2"), "{gold}");
        assert!(told(&[]).starts_with("DIR/project.toml cannot be read"));
        let template =
            "<crowd-form>\n<crowd-input name=\"f\"></crowd-input>{{ task.input.pictur }}";
        assert_eq!(
            told(&[("project.toml", PROJECT), ("template.html", template)]),
            "DIR/template.html is wrong:\n  line 2, column 40: no input field is called `pictur`; \
             did you mean `task.input.picture`?"
        );
        let other = "<crowd-form><crowd-input name=\"g\"></crowd-input></crowd-form>";
        assert_eq!(
            told(&[("project.toml", PROJECT), ("template.html", other)]),
            "DIR/template.html is wrong:\n  line 1, column 1: no element has name=\"f\", which \
             `[output.f]` requires"
        );
    }

    #[test]
    fn a_template_is_read_with_its_warnings() {
        let template =
            "<crowd-form><crowd-input name=\"f\"></crowd-input>{{ task.input.x }}</crowd-form>";
        let dir = folder(&[("project.toml", PROJECT), ("template.html", template)]);
        let read = Folder::read(dir.path()).expect("valid");
        assert_eq!(read.question["template"], template);
        assert_eq!(
            read.warnings,
            ["line 1, column 52: no input field is called `x`; it stays empty"]
        );
    }
}
