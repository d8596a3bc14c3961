package audit

import (
	"encoding/binary"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// codec is one kind of value: put appends its AR1 bytes, take reads them and refuses every
// second spelling, show appends its JSON.
type codec[T any] struct {
	put  func(b []byte, v T) []byte
	take func(value []byte) (T, bool)
	show func(b []byte, v T) []byte
}

// The kinds. Key and instant are integers that the view shows as a decimal string and as a time.
var (
	text     = codec[string]{put: putText, take: takeText, show: appendQuoted}
	integer  = codec[int64]{put: putInteger, take: takeInteger, show: appendInteger}
	key      = codec[int64]{put: putInteger, take: takeInteger, show: appendKey}
	instant  = codec[int64]{put: putInteger, take: takeInteger, show: appendTime}
	digest   = codec[Hash]{put: putHash, take: takeHash, show: appendHash}
	eventID  = codec[EventID]{put: putEventID, take: takeEventID, show: appendQuotedEventID}
	attempt  = codec[Attempt]{put: putAttempt, take: takeAttempt, show: appendAttempt}
	textList = codec[[]string]{put: putList, take: takeList, show: appendList}
	textMap  = mapCodec(text)
	hashMap  = mapCodec(codec[Hash]{put: putHex, take: takeHex, show: appendHash})
)

// putText replaces what is not UTF-8, so that no header of a request can make an entry that its
// own verifier refuses.
func putText(b []byte, s string) []byte {
	if utf8.ValidString(s) {
		return append(b, s...)
	}
	return append(b, strings.ToValidUTF8(s, "\uFFFD")...)
}

func takeText(v []byte) (string, bool) { return string(v), utf8.Valid(v) }

func putInteger(b []byte, n int64) []byte { return binary.BigEndian.AppendUint64(b, uint64(n)) }

func takeInteger(v []byte) (int64, bool) {
	if len(v) != 8 {
		return 0, false
	}
	return int64(binary.BigEndian.Uint64(v)), true
}

func putHash(b []byte, h Hash) []byte { return append(b, h[:]...) }

func takeHash(v []byte) (h Hash, ok bool) { return h, copy(h[:], v) == len(h) && len(v) == len(h) }

func putHex(b []byte, h Hash) []byte { return hex.AppendEncode(b, h[:]) }

func takeHex(v []byte) (Hash, bool) {
	h, ok := parseHex(string(v))
	return h, ok
}

func putEventID(b []byte, id EventID) []byte { return append(b, id[:]...) }

func takeEventID(v []byte) (id EventID, ok bool) {
	return id, copy(id[:], v) == len(id) && len(v) == len(id)
}

func putAttempt(b []byte, a Attempt) []byte { return putInteger(putInteger(b, a.Latency), a.Number) }

func takeAttempt(v []byte) (Attempt, bool) {
	if len(v) != 16 {
		return Attempt{}, false
	}
	latency, _ := takeInteger(v[:8])
	number, _ := takeInteger(v[8:])
	return Attempt{Latency: latency, Number: number}, true
}

func putList(b []byte, items []string) []byte {
	for _, s := range items {
		b = putSized(b, text, s)
	}
	return b
}

func takeList(v []byte) ([]string, bool) {
	items := []string{}
	for len(v) > 0 {
		s, rest, ok := takeSized(v, text)
		if !ok {
			return nil, false
		}
		items, v = append(items, s), rest
	}
	return items, true
}

func mapCodec[V any](c codec[V]) codec[map[string]V] {
	return codec[map[string]V]{
		put: func(b []byte, m map[string]V) []byte {
			keys := sortedKeys(m)
			for i, k := range keys {
				if i > 0 && clean(keys[i-1]) == clean(k) {
					continue
				}
				b = putSized(putSized(b, text, k), c, m[k])
			}
			return b
		},
		take: func(v []byte) (map[string]V, bool) { return takeMap(v, c) },
		show: func(b []byte, m map[string]V) []byte { return appendMap(b, m, c.show) },
	}
}

func takeMap[V any](v []byte, c codec[V]) (map[string]V, bool) {
	m := map[string]V{}
	last := ""
	for len(v) > 0 {
		k, rest, ok := takeSized(v, text)
		if !ok || len(m) > 0 && k <= last {
			return nil, false
		}
		m[k], v, ok = takeSized(rest, c)
		if !ok {
			return nil, false
		}
		last = k
	}
	return m, true
}

// sortedKeys orders by the bytes that will be written, not by those that were given.
func sortedKeys[V any](m map[string]V) []string {
	return slices.SortedFunc(maps.Keys(m), func(a, b string) int {
		if c := strings.Compare(clean(a), clean(b)); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
}

func clean(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// putSized appends a value behind its length.
func putSized[T any](b []byte, c codec[T], v T) []byte {
	at := len(b)
	b = c.put(append(b, 0, 0, 0, 0), v)
	binary.BigEndian.PutUint32(b[at:], uint32(len(b)-at-4))
	return b
}

func takeSized[T any](b []byte, c codec[T]) (v T, rest []byte, ok bool) {
	value, rest, ok := cutSized(b)
	if ok {
		v, ok = c.take(value)
	}
	return v, rest, ok
}

func cutSized(b []byte) (value, rest []byte, ok bool) {
	if len(b) < 4 {
		return nil, nil, false
	}
	n := binary.BigEndian.Uint32(b)
	if uint64(n) > uint64(len(b)-4) {
		return nil, nil, false
	}
	return b[4 : 4+n], b[4+n:], true
}
