//! How Pullplug calls your program: JSON on standard input, one object a line, each answered by one line.
//! Build it: BUILD

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Stands in for your program: a log in one file, which each change replaces as a whole.
/// Put calls of your own in its place. A method returns only once the change is as durable as pullplug.json
/// promises, and with an error where it failed. What it prints to standard output would stand among the answers.
struct Subject {
    path: PathBuf,
    entries: Vec<String>,
}

impl Subject {
    /// Opens it in a directory, which exists.
    fn open(directory: &Path) -> io::Result<Subject> {
        let path = directory.join("log");
        let entries = load(&path)?;
        Ok(Subject { path, entries })
    }

    /// `append` with `entry`.
    fn change(&mut self, _what: &str, request: &Request) -> io::Result<()> {
        self.entries.push(request["entry"].clone());
        save(&self.path, self.entries.iter())
    }

    /// All entries, in order.
    fn read(&self) -> io::Result<String> {
        let entries = self.entries.iter().map(|entry| json(entry));
        Ok(format!(
            "\"entries\":[{}]",
            entries.collect::<Vec<_>>().join(",")
        ))
    }

    fn close(self) -> io::Result<()> {
        Ok(())
    }
}
