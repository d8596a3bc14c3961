package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// newBatchModify moves elements of the instances that match.
func newBatchModify(r *remote) *cobra.Command {
	var (
		s    selection
		move []string
	)
	cmd := &cobra.Command{
		Use: "modify", Short: "Move elements of the instances that match", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			moves, err := batchMoves(move)
			if err != nil {
				return err
			}
			return s.create(cmd.Context(), r, "modification", map[string]any{"moveInstructions": moves})
		},
	}
	s.flags(cmd)
	cmd.Flags().StringArrayVar(&move, "move", nil, "SOURCE:ELEMENT, ids of elements; repeatable")
	return cmd
}

func batchMoves(list []string) ([]map[string]any, error) {
	if len(list) == 0 {
		return nil, &usageError{fmt.Errorf("--move is required")}
	}
	var moves []map[string]any
	for _, text := range list {
		source, target, ok := strings.Cut(text, ":")
		if !ok || source == "" || target == "" {
			return nil, &usageError{fmt.Errorf("--move wants SOURCE:ELEMENT, not %q", text)}
		}
		moves = append(moves, map[string]any{"sourceElementId": source, "targetElementId": target})
	}
	return moves, nil
}

// newBatchMigrate lets the instances that match go on by another definition.
func newBatchMigrate(r *remote) *cobra.Command {
	var (
		s selection
		m migration
	)
	cmd := &cobra.Command{
		Use: "migrate", Short: "Let the instances that match go on by another version or process", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			plan, err := m.plan()
			if err != nil {
				return err
			}
			return s.create(cmd.Context(), r, "migration", map[string]any{"migrationPlan": plan})
		},
	}
	s.flags(cmd)
	m.flags(cmd)
	return cmd
}
