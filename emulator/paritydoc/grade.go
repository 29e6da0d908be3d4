package main

import "github.com/kakaowasm/kakaowasm/kakao/catalog"

// Grade is how far the emulator plays a feature.
type Grade uint8

// The grades.
const (
	Real     Grade = iota // all that the source says
	Emulated              // the outside is that of Kakao, something behind it is simpler
	Absent                // not there
)

// Feature is a row of the document: a feature of the platform that is no call of
// its REST API.
type Feature struct {
	Name  catalog.Text
	Grade Grade
	// Note says what is simpler, or what comes instead; every feature but a real one
	// has it.
	Note catalog.Text
	// Source names the document that describes the feature, or says how it was observed.
	Source string
}

// Section is a group of features.
type Section struct {
	Title    catalog.Text
	Features []Feature
}

// Question is what no source answers.
type Question struct {
	// Asked is the question, Answer what the emulator does until somebody knows.
	Asked, Answer catalog.Text
	// Place is the file of package emulator that decides it.
	Place string
}
