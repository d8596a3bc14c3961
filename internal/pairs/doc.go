// Package pairs runs the engine and the reference interpreter side by side: a random model and a random walk
// through it, and after each action both must show the same picture.
//
// It owns the inventor of models (blocks, and graphs made of blocks by cutting and joining flows), the walk, and
// the shrinking of what differs to the smallest model and walk that still do. Models are written as BPMN XML and
// read by the real parser, so whatever is found is a file that anybody can deploy. It must not know how the
// engine works: it sends commands and looks at states.
//
//	go test ./internal/pairs -pairs.seed=7 -pairs.count=1     one pair again
//	make pairs PAIRS=100000                                    many, with counts
package pairs
