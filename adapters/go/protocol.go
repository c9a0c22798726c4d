
// load and save go with the stand-in.
func load(path string, value any) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(text, value)
}

// save syncs, renames, and syncs the name: without any of the three, a power cut can undo it.
func save(path string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	file, err := os.Create(path + ".tmp")
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Write(text); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if err := os.Rename(path+".tmp", path); err != nil {
		return err
	}
	directory, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer directory.Close()
	return directory.Sync()
}

// The protocol: there is nothing to change below.

// Request is what is asked. A field that a request does not have is empty.
type Request struct {
	ID        int64  `json:"id"`
	Do        string `json:"do"`
	Directory string `json:"directory"`
	Entry     string `json:"entry"`
	Key       string `json:"key"`
	Value     string `json:"value"`
	Content   string `json:"content"`
}

var subject *Subject

func act(request Request, answer map[string]any) (err error) {
	switch request.Do {
	case "open":
		subject, err = Open(request.Directory)
	case "read":
		var field string
		var contents any
		field, contents, err = subject.Read()
		answer[field] = contents
	case "close":
		err = subject.Close()
	default:
		err = subject.Change(request)
	}
	return err
}

var codes = map[syscall.Errno]string{syscall.ENOSPC: "ENOSPC", syscall.EIO: "EIO", syscall.EROFS: "EROFS"}

func main() {
	answers := json.NewEncoder(os.Stdout)
	os.Stdout = os.Stderr // What the program prints must not stand among the answers.
	requests := bufio.NewReader(os.Stdin)
	for {
		line, err := requests.ReadBytes('\n')
		if err == io.EOF {
			return
		}
		var request Request
		if err := json.Unmarshal(line, &request); err != nil {
			panic(err)
		}
		answer := map[string]any{"id": request.ID, "ok": true}
		if err := act(request, answer); err != nil {
			answer = map[string]any{"id": request.ID, "ok": false, "message": err.Error()}
			var errno syscall.Errno
			if errors.As(err, &errno) && codes[errno] != "" {
				answer["code"] = codes[errno]
			}
		}
		if err := answers.Encode(answer); err != nil {
			panic(err)
		}
	}
}
