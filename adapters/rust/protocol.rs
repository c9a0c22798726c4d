/// `load` and `save` go with the stand-in: texts in a file, a line of JSON each.
fn load(path: &Path) -> io::Result<Vec<String>> {
    match fs::read_to_string(path) {
        Ok(lines) => Ok(lines.lines().map(|line| parse_text(line).0).collect()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Syncs, renames, and syncs the name: without any of the three, a power cut can undo it.
fn save<'a>(path: &Path, texts: impl Iterator<Item = &'a String>) -> io::Result<()> {
    let temporary = path.with_extension("tmp");
    let mut file = File::create(&temporary)?;
    file.write_all(
        texts
            .map(|text| json(text) + "\n")
            .collect::<String>()
            .as_bytes(),
    )?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    File::open(path.parent().unwrap())?.sync_all()
}

// The protocol: there is nothing to change below.

/// The fields of what is asked: texts, and the id as it is written.
type Request = HashMap<String, String>;

/// A text as JSON.
fn json(text: &str) -> String {
    let mut json = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => json.extend(['\\', character]),
            '\0'..='\x1f' => json += &format!("\\u{:04x}", character as u32),
            _ => json.push(character),
        }
    }
    json + "\""
}

/// The text at the beginning of some JSON, and what comes behind it.
fn parse_text(json: &str) -> (String, &str) {
    let mut units = Vec::new();
    let mut rest = json[1..].chars();
    let hex = |digits: &str| u16::from_str_radix(digits, 16).expect("four digits behind \\u");
    while let Some(character) = rest.next() {
        let escaped = match character {
            '"' => break,
            '\\' => rest.next().expect("an escape"),
            _ => {
                units.extend_from_slice(character.encode_utf16(&mut [0; 2]));
                continue;
            }
        };
        units.push(match escaped {
            'u' => {
                let digits = rest.as_str();
                rest = digits[4..].chars();
                hex(&digits[..4])
            }
            'b' => 8,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            other => other as u16,
        });
    }
    (String::from_utf16_lossy(&units), rest.as_str())
}

/// The fields of an object that holds texts and one number.
fn parse(line: &str) -> Request {
    let mut request = Request::new();
    let mut rest = line;
    while let Some(at) = rest.find('"') {
        let (name, behind) = parse_text(&rest[at..]);
        let json = behind.trim_start_matches([':', ' ']);
        let (value, behind) = match json.starts_with('"') {
            true => parse_text(json),
            false => {
                let end = json.find([',', '}']).unwrap_or(json.len());
                (json[..end].trim().to_string(), &json[end..])
            }
        };
        request.insert(name, value);
        rest = behind;
    }
    request
}

/// What is to stand in the answer behind `"ok":true`.
fn act(subject: &mut Option<Subject>, request: &Request) -> io::Result<String> {
    let closed = || io::Error::new(ErrorKind::Other, "it is not open");
    match request["do"].as_str() {
        "open" => *subject = Some(Subject::open(Path::new(&request["directory"]))?),
        "read" => return Ok(format!(",{}", subject.as_ref().ok_or_else(closed)?.read()?)),
        "close" => subject.take().ok_or_else(closed)?.close()?,
        what => subject.as_mut().ok_or_else(closed)?.change(what, request)?,
    }
    Ok(String::new())
}

fn main() -> io::Result<()> {
    let mut subject = None;
    for line in io::stdin().lock().lines() {
        let request = parse(&line?);
        let id = &request["id"];
        let answer = match act(&mut subject, &request) {
            Ok(contents) => format!("{{\"id\":{id},\"ok\":true{contents}}}\n"),
            Err(error) => {
                let code = match error.raw_os_error() {
                    Some(5) => ",\"code\":\"EIO\"",
                    Some(28) => ",\"code\":\"ENOSPC\"",
                    _ => "",
                };
                let message = json(&error.to_string());
                format!("{{\"id\":{id},\"ok\":false,\"message\":{message}{code}}}\n")
            }
        };
        let mut answers = io::stdout().lock();
        answers.write_all(answer.as_bytes())?;
        answers.flush()?;
    }
    Ok(())
}
