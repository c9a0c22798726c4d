//! How Pullplug calls your program: JSON on standard input, one object a line, each answered by one line.
//! Build it: BUILD

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Stands in for your program: one file, which each change replaces as a whole.
/// Put calls of your own in its place. A method returns only once the change is as durable as pullplug.json
/// promises, and with an error where it failed. What it prints to standard output would stand among the answers.
struct Subject {
    path: PathBuf,
    content: Option<String>,
}

impl Subject {
    /// Opens it in a directory, which exists.
    fn open(directory: &Path) -> io::Result<Subject> {
        let path = directory.join("file");
        let content = load(&path)?.pop();
        Ok(Subject { path, content })
    }

    /// `replace` with `content`.
    fn change(&mut self, _what: &str, request: &Request) -> io::Result<()> {
        self.content = Some(request["content"].clone());
        save(&self.path, self.content.iter())
    }

    /// The content, or null where there is none yet.
    fn read(&self) -> io::Result<String> {
        let content = self
            .content
            .as_ref()
            .map_or("null".into(), |content| json(content));
        Ok(format!("\"content\":{content}"))
    }

    fn close(self) -> io::Result<()> {
        Ok(())
    }
}
