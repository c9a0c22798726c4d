//! How Pullplug calls your program: JSON on standard input, one object a line, each answered by one line.
//! Build it: BUILD

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Stands in for your program: a store in one file, which each change replaces as a whole.
/// Put calls of your own in its place. A method returns only once the change is as durable as pullplug.json
/// promises, and with an error where it failed. What it prints to standard output would stand among the answers.
struct Subject {
    path: PathBuf,
    pairs: HashMap<String, String>,
}

impl Subject {
    /// Opens it in a directory, which exists.
    fn open(directory: &Path) -> io::Result<Subject> {
        let path = directory.join("store");
        let texts = load(&path)?;
        let pairs = texts
            .chunks(2)
            .map(|pair| (pair[0].clone(), pair[1].clone()))
            .collect();
        Ok(Subject { path, pairs })
    }

    /// `put` with `key` and `value`, or `delete` with `key`.
    fn change(&mut self, what: &str, request: &Request) -> io::Result<()> {
        if what == "put" {
            self.pairs
                .insert(request["key"].clone(), request["value"].clone());
        } else {
            self.pairs.remove(&request["key"]);
        }
        save(
            &self.path,
            self.pairs.iter().flat_map(|(key, value)| [key, value]),
        )
    }

    /// All pairs, in any order.
    fn read(&self) -> io::Result<String> {
        let pairs = self
            .pairs
            .iter()
            .map(|(key, value)| format!("[{},{}]", json(key), json(value)));
        Ok(format!(
            "\"pairs\":[{}]",
            pairs.collect::<Vec<_>>().join(",")
        ))
    }

    fn close(self) -> io::Result<()> {
        Ok(())
    }
}
