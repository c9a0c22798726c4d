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

// Subject stands in for your program: a log in one file, which each change replaces as a whole.
// Put calls of your own in its place. A method returns only once the change is as durable as pullplug.json
// promises, and with an error where it failed.
type Subject struct {
	path    string
	entries []string
}

// Open opens it in a directory, which exists.
func Open(directory string) (*Subject, error) {
	subject := &Subject{filepath.Join(directory, "log.json"), []string{}}
	return subject, load(subject.path, &subject.entries)
}

// Change is "append" with Entry.
func (s *Subject) Change(request Request) error {
	s.entries = append(s.entries, request.Entry)
	return save(s.path, s.entries)
}

// Read returns all entries, in order.
func (s *Subject) Read() (string, any, error) { return "entries", s.entries, nil }

func (s *Subject) Close() error { return nil }
