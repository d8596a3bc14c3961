package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
)

// response is a successful answer: JSON unless media says otherwise, nothing when body is nil. A handler
// that has written its answer itself sets streamed.
type response struct {
	status   int
	body     []byte
	media    string
	streamed bool
}

const mediaJSON = "application/json"

// respond answers with v as JSON. Lists and maps that are not there are written empty: clients rely on
// their being there.
func respond(status int, v any) (*response, error) {
	settled := reflect.New(reflect.TypeOf(v)).Elem()
	settled.Set(reflect.ValueOf(v))
	settle(settled)
	return respondAsIs(status, settled.Interface())
}

// respondAsIs answers with v as it marshals.
func respondAsIs(status int, v any) (*response, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return &response{status: status, body: b.Bytes(), media: mediaJSON}, nil
}

// done answers a command that has no result.
func done() (*response, error) { return &response{status: http.StatusNoContent}, nil }

func (a *response) write(w http.ResponseWriter) {
	if a.streamed {
		return
	}
	if a.body != nil {
		w.Header().Set("Content-Type", a.media)
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // nobody is left to tell when the connection is gone
}

// settle makes nil slices and maps below v empty. It changes v in place; v is a copy that nobody else has,
// but what pointers and slices in it point to is shared with nobody either: views are made per request.
func settle(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				settle(v.Field(i))
			}
		}
	case reflect.Slice:
		if v.IsNil() && v.Type().Elem().Kind() != reflect.Uint8 {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		for i := range v.Len() {
			settle(v.Index(i))
		}
	case reflect.Map:
		if v.IsNil() {
			v.Set(reflect.MakeMap(v.Type()))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			settle(v.Elem())
		}
	}
}
