package ordeal

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
)

//go:embed models/*.bpmn
var models embed.FS

// Prepare makes a fresh installation ready for an ordeal through one of its nodes: it issues an API token for the
// administrator and deploys the processes. callURL is what the HTTP jobs of the process ordeal-call call.
func Prepare(ctx context.Context, node, callURL string) (token string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, node+"/v2/users/admin/tokens", strings.NewReader("{}"))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth("admin", AdminPassword)
	var issued struct{ Token string }
	if err := exchange(req, &issued); err != nil {
		return "", err
	}
	return issued.Token, deploy(ctx, node, issued.Token, callURL)
}

func deploy(ctx context.Context, node, token, callURL string) error {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for _, name := range []string{"ordeal.bpmn", "call.bpmn", "job.bpmn"} {
		text, err := models.ReadFile("models/" + name)
		if err != nil {
			return err
		}
		part, err := w.CreateFormFile("resources", name)
		if err != nil {
			return err
		}
		if _, err := part.Write(bytes.ReplaceAll(text, []byte("{{URL}}"), []byte(callURL))); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, node+"/v2/deployments", &form)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Authorization", "Bearer "+token)
	return exchange(req, nil)
}

func exchange(req *http.Request, out any) error {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %d %s", req.Method, req.URL.Path, res.StatusCode, text)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text, out)
}
