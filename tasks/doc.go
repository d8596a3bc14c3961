// Package tasks is the life of a human task: what may happen to it and what it looks like afterwards.
//
// It owns the attributes of a task, the rules of assigning, giving back, changing and completing, and
// the refusals of those. It must not know processes, elements, instances, permissions, storage or time:
// whoever asks is allowed to ask, and dates are values.
package tasks
