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

// Subject stands in for your program: a store in one file, which each change replaces as a whole.
// Put calls of your own in its place. A method returns only once the change is as durable as pullplug.json
// promises, and with an error where it failed.
type Subject struct {
	path  string
	pairs map[string]string
}

// Open opens it in a directory, which exists.
func Open(directory string) (*Subject, error) {
	subject := &Subject{filepath.Join(directory, "store.json"), map[string]string{}}
	return subject, load(subject.path, &subject.pairs)
}

// Change is "put" with Key and Value, or "delete" with Key.
func (s *Subject) Change(request Request) error {
	if request.Do == "put" {
		s.pairs[request.Key] = request.Value
	} else {
		delete(s.pairs, request.Key)
	}
	return save(s.path, s.pairs)
}

// Read returns all pairs, in any order.
func (s *Subject) Read() (string, any, error) {
	pairs := [][2]string{}
	for key, value := range s.pairs {
		pairs = append(pairs, [2]string{key, value})
	}
	return "pairs", pairs, nil
}

func (s *Subject) Close() error { return nil }
