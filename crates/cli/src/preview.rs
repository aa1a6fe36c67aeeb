//! `crowdsmith preview DIR`: a folder's task page in a browser, while it is written.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use crowdsmith_platform::project::Question;
use crowdsmith_platform::task::read_tasks;
use crowdsmith_server::{Preview, PreviewMistake, Source, listen};
use serde_json::{Map, Value};

use crate::args;
use crate::folder::{self, Folder};
use crate::serve::stop_on_signal;

pub(crate) async fn run(options: args::Preview) -> Result<()> {
    let folder = options.folder;
    if !folder.is_dir() {
        bail!("{} is no folder", folder.display());
    }
    let listening = listen(options.listen).await?;
    let url = format!("http://{}", listening.address);
    eprintln!("{} is shown at {url}; Ctrl-C ends it", folder.display());
    let (read_from, watched) = (folder.clone(), folder.clone());
    let source = Source {
        folder,
        read: Box::new(move || read(&read_from)),
        version: Box::new(move || version(&watched)),
    };
    Ok(listening.preview(source, url, stop_on_signal()?).await?)
}

/// Tasks shown at most.
const MOST_TASKS: usize = 500;

fn read(path: &Path) -> Preview {
    let name = path
        .file_name()
        .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let mut preview = Preview { name, question: None, tasks: Vec::new(), mistakes: Vec::new() };
    if let Err(error) = read_into(path, &mut preview) {
        preview.mistakes.extend(mistakes_of(path, &error));
    }
    preview
}

/// Reads as much as can be read; the error is the first thing that keeps the folder from being pushed.
fn read_into(path: &Path, preview: &mut Preview) -> Result<()> {
    let keyed = folder::read_keys(path)?;
    let question = Question::read_draft(&keyed.question)
        .map_err(|error| folder::named_by_part(path, error))?;
    let of_template = question.mistakes().into_iter().map(|mistake| PreviewMistake {
        severity: mistake.severity.word(),
        file: "template.html".into(),
        message: mistake.to_string(),
    });
    preview.mistakes.extend(of_template);
    let has_errors = preview.mistakes.iter().any(|mistake| mistake.severity == "error");
    preview.question = Some(question.clone());
    preview.tasks = tasks(path, &question)?;
    // A template's errors are told already.
    if has_errors { Ok(()) } else { Folder::read(path).map(drop) }
}

fn tasks(path: &Path, question: &Question) -> Result<Vec<Map<String, Value>>> {
    let Some(table) = folder::find_table(path, "tasks")? else { return Ok(Vec::new()) };
    let media: HashSet<String> = folder::media_of(path, &table, question)?.into_iter().collect();
    let read = read_tasks(folder::format_of(&table), folder::open(&table)?, question, &media);
    let read = read.map_err(|error| folder::named(&table, error))?;
    let inputs = read.iter().take(MOST_TASKS).map(|task| serde_json::from_str(&task.input));
    inputs.collect::<Result<_, _>>().with_context(|| format!("{}", table.display()))
}

/// One mistake for each line of an error such as "DIR/tasks.csv is wrong:".
fn mistakes_of(path: &Path, error: &anyhow::Error) -> Vec<PreviewMistake> {
    let text = format!("{error:#}");
    let inside = format!("{}/", path.display());
    let text = text.replace(&inside, "");
    let mistake = |file: &str, message: &str| PreviewMistake {
        severity: "error",
        file: file.to_owned(),
        message: message.trim().to_owned(),
    };
    match text.split_once(" is wrong:\n") {
        Some((file, lines)) => lines.lines().map(|line| mistake(file, line)).collect(),
        None => vec![mistake("project", &text)],
    }
}

/// Files looked at for changes, at most.
const MOST_FILES: usize = 2000;

/// The names, sizes and times of a folder's files.
fn version(path: &Path) -> String {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    let mut folders: Vec<PathBuf> = vec![path.to_owned()];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
        entries.sort_by_key(std::fs::DirEntry::path);
        for entry in entries {
            let Ok(about) = entry.metadata() else { continue };
            seen += 1;
            if seen > MOST_FILES {
                break;
            }
            if about.is_dir() {
                folders.push(entry.path());
            } else {
                (entry.path(), about.len(), about.modified().ok()).hash(&mut hasher);
            }
        }
    }
    format!("{:x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROJECT: &str =
        "name = \"p\"\ntitle = \"T\"\n[input.text]\n[output.f]\ntype = \"text\"\n";
    const TEMPLATE: &str =
        "<crowd-form>{{ task.input.txt }}<crowd-input name=f></crowd-input></crowd-form>";

    fn shown(files: &[(&str, &str)]) -> (Preview, Vec<String>) {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, content) in files {
            std::fs::write(folder.path().join(name), content).expect("a file");
        }
        if !folder.path().join("project.toml").exists() {
            std::fs::write(folder.path().join("project.toml"), PROJECT).expect("a file");
        }
        let preview = read(folder.path());
        let told = preview.mistakes.iter().map(|one| format!("{}: {}", one.file, one.message));
        let told = told.collect();
        (preview, told)
    }

    #[test]
    fn a_folder_is_shown_as_far_as_it_can_be_read() {
        let (preview, told) = shown(&[("template.html", TEMPLATE), ("tasks.csv", "text\nhello\n")]);
        assert_eq!(
            told,
            [
                "template.html: line 1, column 16: no input field is called `txt`; did you mean `task.input.text`?"
            ]
        );
        assert!(preview.question.is_some());
        assert_eq!(preview.tasks[0]["text"], "hello");

        let (preview, told) = shown(&[("tasks.csv", "tetx\nhello\n")]);
        assert!(preview.question.is_some() && preview.tasks.is_empty());
        assert!(told[0].starts_with("tasks.csv: line 2, column"), "{told:?}");

        let (preview, told) =
            shown(&[("project.toml", "name = \"p\"\ntitel = \"T\"\n[input.text]\n")]);
        assert!(preview.question.is_none());
        assert_eq!(
            told,
            [
                "project.toml: title: is missing",
                "project.toml: output: is missing",
                "project.toml: titel: unknown key; did you mean `title`?"
            ]
        );

        let (preview, told) = shown(&[("project.toml", "title = ")]);
        assert!(preview.question.is_none());
        assert!(told[0].starts_with("project: project.toml: TOML parse error"), "{told:?}");
    }

    #[test]
    fn a_change_of_any_file_is_another_version() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("pictures")).expect("a folder");
        let before = version(folder.path());
        assert_eq!(version(folder.path()), before);
        std::fs::write(folder.path().join("pictures/a.png"), "x").expect("a file");
        assert_ne!(version(folder.path()), before);
    }
}
