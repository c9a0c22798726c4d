//go:build ignore

// How Pullplug calls your program: JSON on standard input, one object a line, each answered by one line.
// Build it: BUILD
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// Subject stands in for your program: one file, which each change replaces as a whole.
// Put calls of your own in its place. A method returns only once the change is as durable as pullplug.json
// promises, and with an error where it failed.
type Subject struct {
	path    string
	content *string
}

// Open opens it in a directory, which exists.
func Open(directory string) (*Subject, error) {
	subject := &Subject{filepath.Join(directory, "file.json"), nil}
	return subject, load(subject.path, &subject.content)
}

// Change is "replace" with Content.
func (s *Subject) Change(request Request) error {
	s.content = &request.Content
	return save(s.path, s.content)
}

// Read returns the content, or nil where there is none yet.
func (s *Subject) Read() (string, any, error) { return "content", s.content, nil }

func (s *Subject) Close() error { return nil }
