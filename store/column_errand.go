package store

import "slices"

var errandColumns = []column[errandRow]{
	{"key", bigint, func(r *errandRow) cell { return num(r.Key) }},
	{"kind", txt, func(r *errandRow) cell { return str(r.Kind) }},
	{"source", bigint, func(r *errandRow) cell { return num(r.Source) }},
	{"about", bigint, func(r *errandRow) cell { return num(r.About) }},
	{"number", bigint, func(r *errandRow) cell { return num(r.Number) }},
	{"payload", txt, func(r *errandRow) cell { return str(r.Payload) }},
	{"cause", txt, func(r *errandRow) cell { return str(r.Cause) }},
	{"created", bigint, func(r *errandRow) cell { return num(r.Created) }},
	{"next", bigint, func(r *errandRow) cell { return num(r.Next) }},
}

var messageColumns = []column[messageRow]{
	{"key", bigint, func(r *messageRow) cell { return num(r.Key) }},
	{"name", txt, func(r *messageRow) cell { return str(r.Name) }},
	{"correlation_key", txt, func(r *messageRow) cell { return str(r.CorrelationKey) }},
	{"message_id", txt, func(r *messageRow) cell { return str(r.MessageID) }},
	{"identity", txt, func(r *messageRow) cell { return strOrNull(r.Identity) }},
	{"published", bigint, func(r *messageRow) cell { return num(r.Published) }},
	{"expires", bigint, func(r *messageRow) cell { return num(r.Expires) }},
	{"variables", txt, func(r *messageRow) cell { return str(r.Variables) }},
}

var subscriptionColumns = slices.Concat([]column[subscriptionRow]{
	{"key", bigint, func(r *subscriptionRow) cell { return num(r.Key) }},
}, placed(func(r *subscriptionRow) *place { return &r.place }), []column[subscriptionRow]{
	{"element", txt, func(r *subscriptionRow) cell { return str(r.Element) }},
	{"element_instance", bigint, func(r *subscriptionRow) cell { return num(r.ElementInstance) }},
	{"type", txt, func(r *subscriptionRow) cell { return str(r.Type) }},
	{"name", txt, func(r *subscriptionRow) cell { return str(r.Name) }},
	{"correlation_key", txt, func(r *subscriptionRow) cell { return str(r.CorrelationKey) }},
	{"interrupting", bigint, func(r *subscriptionRow) cell { return truth(r.Interrupting) }},
	{"opened", bigint, func(r *subscriptionRow) cell { return num(r.Opened) }},
	{"state", txt, func(r *subscriptionRow) cell { return str(r.State) }},
	{"updated", bigint, func(r *subscriptionRow) cell { return num(r.Updated) }},
})

var subscriptionEndColumns = []column[subscriptionChange]{
	{"key", bigint, func(r *subscriptionChange) cell { return num(r.Key) }},
	{"state", txt, func(r *subscriptionChange) cell { return str(r.State) }},
	{"updated", bigint, func(r *subscriptionChange) cell { return num(r.Updated) }},
}

var correlationColumns = slices.Concat([]column[correlationRow]{
	{"id", txt, func(r *correlationRow) cell { return str(r.ID) }},
	{"message", bigint, func(r *correlationRow) cell { return num(r.Message) }},
	{"name", txt, func(r *correlationRow) cell { return str(r.Name) }},
	{"correlation_key", txt, func(r *correlationRow) cell { return str(r.CorrelationKey) }},
	{"subscription", bigint, func(r *correlationRow) cell { return num(r.Subscription) }},
}, placed(func(r *correlationRow) *place { return &r.place }), []column[correlationRow]{
	{"element", txt, func(r *correlationRow) cell { return str(r.Element) }},
	{"element_instance", bigint, func(r *correlationRow) cell { return numOrNull(r.ElementInstance) }},
	{"at", bigint, func(r *correlationRow) cell { return num(r.At) }},
})

var startLockColumns = []column[startLockRow]{
	{"id", txt, func(r *startLockRow) cell { return str(r.ID) }},
	{"process_id", txt, func(r *startLockRow) cell { return str(r.ProcessID) }},
	{"correlation_key", txt, func(r *startLockRow) cell { return str(r.CorrelationKey) }},
	{"instance", bigint, func(r *startLockRow) cell { return num(r.Instance) }},
	{"freed", bigint, func(*startLockRow) cell { return truth(false) }},
}

var startAlarmColumns = []column[startAlarmRow]{
	{"key", bigint, func(r *startAlarmRow) cell { return num(r.Key) }},
	{"before", bigint, func(r *startAlarmRow) cell { return num(r.Before) }},
	{"due", bigint, func(r *startAlarmRow) cell { return num(r.Due) }},
	{"remaining", bigint, func(r *startAlarmRow) cell { return num(r.Remaining) }},
}
