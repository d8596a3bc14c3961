package worker

import (
	"io"
	"mime"
	"net/http"
	"regexp"
	"strings"

	"tallystick/fault"
	"tallystick/host"
	"tallystick/internal/canon"
)

var (
	// ErrAnswer refuses an answer that cannot be read.
	ErrAnswer = fault.New(fault.Invalid, "http.answer_invalid", "the answer cannot be read")
	// ErrRejected says that the target refuses this request; the same one would be refused again.
	ErrRejected = fault.New(fault.Invalid, "http.rejected", "the target refuses the request")
	// ErrUnwell says that the target failed; another attempt may succeed.
	ErrUnwell = fault.New(fault.Internal, "http.unwell", "the target failed")
)

// codeShape is what an error code of an answer may look like; it goes on to become part of records.
var codeShape = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$`)

// answer turns a response into a result, a BPMN error or a failure.
func answer(resp *http.Response, resultVariable string) (host.Result, error) {
	switch s := resp.StatusCode; {
	case s >= 200 && s < 300:
		body, err := document(resp)
		if err != nil {
			return host.Result{}, err
		}
		return host.Result{Variables: result(resultVariable, s, body)}, nil
	case s == http.StatusConflict || s == http.StatusUnprocessableEntity:
		return host.Result{}, thrown(resp, resultVariable)
	case s >= 500 || s == http.StatusRequestTimeout || s == http.StatusTooManyRequests:
		return host.Result{}, ErrUnwell.With("the target answered %d", s)
	case s >= 300 && s < 400:
		return host.Result{}, ErrRejected.With("the target answered %d; redirects are not followed", s)
	default:
		return host.Result{}, ErrRejected.With("the target answered %d", s)
	}
}

func result(name string, status int, body canon.JSON) map[string]canon.JSON {
	if name == "" {
		return nil
	}
	return map[string]canon.JSON{
		name: canon.Object(map[string]canon.JSON{"status": canon.Int(int64(status)), "body": body}),
	}
}

// thrown reads the BPMN error out of an answer; without one the request was refused.
func thrown(resp *http.Response, resultVariable string) error {
	body, err := document(resp)
	if err != nil {
		return ErrRejected.With("the target answered %d without a readable error", resp.StatusCode)
	}
	code, ok := body.Fields()["errorCode"].Text()
	if !ok || !codeShape.MatchString(code) {
		return ErrRejected.With("the target answered %d without an error code", resp.StatusCode)
	}
	return &host.JobError{
		Code: code, Message: "answered by the target",
		Variables: result(resultVariable, resp.StatusCode, body),
	}
}

// document reads the JSON body of an answer; an answer without a body is null.
func document(resp *http.Response) (canon.JSON, error) {
	if coding := resp.Header.Get("Content-Encoding"); coding != "" && coding != "identity" {
		return "", ErrAnswer.With("the answer is compressed, which nobody asked for")
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, AnswerBytesMax+1))
	switch {
	case err != nil:
		return "", reached(err)
	case len(text) > AnswerBytesMax:
		return "", ErrAnswer.With("the answer has more than %d bytes", AnswerBytesMax)
	case len(text) == 0:
		return canon.Null, nil
	}
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" && !strings.HasSuffix(kind, "+json") {
		return "", ErrAnswer.With("the answer does not say that it is JSON")
	}
	doc, err := canon.Parse(text)
	if err != nil {
		return "", ErrAnswer.With("the answer is not acceptable JSON")
	}
	return doc, nil
}
