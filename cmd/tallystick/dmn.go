package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tallystick/rules"
)

// newDMN groups the commands for decision models; none of them needs a server.
func newDMN(io stdio) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "dmn",
		Short: "Evaluate, test and check decision models (*.dmn) without a server",
	}
	cmd.AddCommand(newDMNEval(io), newDMNTest(io), newDMNLint(io), newDMNConvert(io), newDMNTCK(io))
	return cmd
}

// readModel parses a file; what it imports is looked for in the other files of its folder.
func readModel(name string) (rules.Parsed, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return rules.Parsed{}, err
	}
	_, imports, err := rules.ReadImports(data)
	if err != nil {
		return rules.Parsed{}, fmt.Errorf("%s: %w", name, err)
	}
	sources := []rules.Source{{Name: name, Data: data}}
	if len(imports) > 0 {
		more, err := neighbours(name)
		if err != nil {
			return rules.Parsed{}, err
		}
		sources = append(sources, more...)
	}
	p := rules.ParseAll(sources)[0]
	return p, p.Err
}

// neighbours reads the other models of the folder.
func neighbours(name string) ([]rules.Source, error) {
	files, err := filepath.Glob(filepath.Join(filepath.Dir(name), "*.dmn"))
	if err != nil {
		return nil, err
	}
	var sources []rules.Source
	for _, file := range files {
		if filepath.Base(file) == filepath.Base(name) {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		sources = append(sources, rules.Source{Name: file, Data: data})
	}
	return sources, nil
}

// goodModel is readModel for models without errors; their findings go to standard error otherwise.
func goodModel(name string, io stdio) (*rules.Model, error) {
	p, err := readModel(name)
	if err != nil {
		return nil, err
	}
	if !p.Diagnostics.HasErrors() {
		return p.Model, nil
	}
	for _, d := range p.Diagnostics {
		if d.Severity == rules.SeverityError {
			fmt.Fprintf(io.err, "%s:%s\n", name, d)
		}
	}
	return nil, &silentError{exitFailure}
}
