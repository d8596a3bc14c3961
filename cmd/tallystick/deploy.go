package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

// newDeploy uploads files as one deployment.
func newDeploy(r *remote) *cobra.Command {
	return &cobra.Command{
		Use:   "deploy FILE...",
		Short: "Deploy BPMN, DMN, form and scoring model files: all or nothing",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			body, contentType, err := multipartOf(files)
			if err != nil {
				return err
			}
			res, err := r.send(cmd.Context(), http.MethodPost, "/v2/deployments", contentType, body)
			if err != nil {
				return err
			}
			defer res.Body.Close()
			var answer struct {
				DeploymentKey string                      `json:"deploymentKey"`
				Deployments   []map[string]map[string]any `json:"deployments"`
				Warnings      []map[string]any            `json:"warnings"`
			}
			if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
				return err
			}
			if r.format == "json" {
				return r.printJSON(answer)
			}
			for _, w := range answer.Warnings {
				fmt.Fprintf(r.io.err, "warning: %v:%v %v: %v\n", w["resource"], w["line"], w["elementId"], w["message"])
			}
			return r.print(deployedRows(answer.Deployments), column{"KIND", "kind", nil}, column{"ID", "id", nil},
				column{"VERSION", "version", nil}, column{"KEY", "key", nil}, column{"FILE", "resourceName", nil})
		},
	}
}

// multipartOf reads the files into one form body.
func multipartOf(files []string) (*bytes.Buffer, string, error) {
	body := &bytes.Buffer{}
	form := multipart.NewWriter(body)
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, "", err
		}
		part, err := form.CreateFormFile("resources", filepath.Base(name))
		if err != nil {
			return nil, "", err
		}
		if _, err := part.Write(data); err != nil {
			return nil, "", err
		}
	}
	return body, form.FormDataContentType(), form.Close()
}

// deployedRows flattens the per-kind objects of a deployment answer.
func deployedRows(deployments []map[string]map[string]any) []map[string]any {
	kinds := []struct{ field, id, key, version string }{
		{"processDefinition", "processDefinitionId", "processDefinitionKey", "processDefinitionVersion"},
		{"decisionRequirements", "decisionRequirementsId", "decisionRequirementsKey", "version"},
		{"decisionDefinition", "decisionDefinitionId", "decisionDefinitionKey", "version"},
		{"form", "formId", "formKey", "version"},
		{"resource", "resourceId", "resourceKey", "version"},
	}
	var rows []map[string]any
	for _, d := range deployments {
		for _, k := range kinds {
			if o := d[k.field]; o != nil {
				rows = append(rows, map[string]any{
					"kind": k.field, "id": o[k.id], "key": o[k.key],
					"version": o[k.version], "resourceName": o["resourceName"],
				})
			}
		}
	}
	return rows
}
