package audit

// field is one row of the field table: where a tag lives in an Entry and how it is written.
type field struct {
	tag      uint16
	name     string // key in the view
	required bool
	present  func(e *Entry) bool
	put      func(b []byte, e *Entry) []byte
	take     func(e *Entry, value []byte) bool
	show     func(b []byte, e *Entry) []byte
}

// fields is the field table of AR1, ascending by tag. Tags are never reused.
var fields = [...]field{
	required(1, "origin", text, func(e *Entry) *string { return &e.Origin }),
	required(2, "tenant", text, func(e *Entry) *string { return &e.Tenant }),
	required(3, "stream", text, func(e *Entry) *string { return &e.Stream }),
	required(4, "seq", integer, func(e *Entry) *int64 { return &e.Seq }),
	required(5, "previousHash", digest, func(e *Entry) *Hash { return &e.Prev }),
	required(6, "eventId", eventID, func(e *Entry) *EventID { return &e.EventID }),
	required(7, "time", instant, func(e *Entry) *int64 { return &e.NodeTime }),
	optional(8, "storeTime", instant, func(e *Entry) **int64 { return &e.StoreTime }),
	optional(9, "causeEventId", eventID, func(e *Entry) **EventID { return &e.Cause }),

	required(10, "category", text, func(e *Entry) *string { return &e.Category }),
	required(11, "action", text, func(e *Entry) *string { return &e.Action }),
	required(12, "outcome", text, func(e *Entry) *string { return &e.Outcome }),
	optional(13, "reason", text, func(e *Entry) **string { return &e.Reason }),

	required(20, "actor", text, func(e *Entry) *string { return &e.Actor }),
	listed(21, "roles", func(e *Entry) *[]string { return &e.Roles }),
	optional(22, "onBehalfOf", text, func(e *Entry) **string { return &e.OnBehalf }),
	mapped(23, "authentication", textMap, func(e *Entry) *map[string]string { return &e.Authentication }),
	mapped(24, "client", textMap, func(e *Entry) *map[string]string { return &e.Client }),
	optional(25, "node", text, func(e *Entry) **string { return &e.Node }),
	optional(26, "build", text, func(e *Entry) **string { return &e.Build }),
	optional(27, "policyVersion", integer, func(e *Entry) **int64 { return &e.PolicyVersion }),
	listed(28, "policyIds", func(e *Entry) *[]string { return &e.PolicyIDs }),

	optional(30, "resource", text, func(e *Entry) **string { return &e.Resource }),
	optional(31, "definition", text, func(e *Entry) **string { return &e.Definition }),
	optional(32, "definitionVersion", integer, func(e *Entry) **int64 { return &e.DefinitionVersion }),
	optional(33, "artefactDigest", digest, func(e *Entry) **Hash { return &e.ArtefactDigest }),
	optional(34, "instanceKey", key, func(e *Entry) **int64 { return &e.Instance }),
	optional(35, "elementId", text, func(e *Entry) **string { return &e.Element }),
	optional(36, "elementInstanceKey", key, func(e *Entry) **int64 { return &e.ElementInstance }),
	optional(37, "taskKey", key, func(e *Entry) **int64 { return &e.Task }),
	optional(38, "jobKey", key, func(e *Entry) **int64 { return &e.Job }),
	optional(39, "businessKeyCommitment", digest, func(e *Entry) **Hash { return &e.BusinessKey }),

	optional(40, "beforeDigest", digest, func(e *Entry) **Hash { return &e.Before }),
	optional(41, "afterDigest", digest, func(e *Entry) **Hash { return &e.After }),
	mapped(42, "changed", textMap, func(e *Entry) *map[string]string { return &e.Changed }),
	optional(43, "justification", text, func(e *Entry) **string { return &e.Justification }),
	optional(44, "ticket", text, func(e *Entry) **string { return &e.Ticket }),

	optional(50, "decision", text, func(e *Entry) **string { return &e.Decision }),
	optional(51, "decisionVersion", integer, func(e *Entry) **int64 { return &e.DecisionVersion }),
	optional(52, "decisionDigest", digest, func(e *Entry) **Hash { return &e.DecisionDigest }),
	listed(53, "decisionRules", func(e *Entry) *[]string { return &e.DecisionRules }),
	optional(54, "hitPolicy", text, func(e *Entry) **string { return &e.HitPolicy }),
	optional(55, "decisionInputCommitment", digest, func(e *Entry) **Hash { return &e.DecisionInput }),
	optional(56, "decisionOutputCommitment", digest, func(e *Entry) **Hash { return &e.DecisionOutput }),
	optional(57, "decisionOverriddenBy", text, func(e *Entry) **string { return &e.DecisionOverriddenBy }),

	optional(60, "model", text, func(e *Entry) **string { return &e.Model }),
	optional(61, "modelVersion", text, func(e *Entry) **string { return &e.ModelVersion }),
	optional(62, "modelDigest", digest, func(e *Entry) **Hash { return &e.ModelDigest }),
	optional(63, "modelEndpoint", text, func(e *Entry) **string { return &e.ModelEndpoint }),
	optional(64, "modelInputCommitment", digest, func(e *Entry) **Hash { return &e.ModelInput }),
	optional(65, "prediction", text, func(e *Entry) **string { return &e.Prediction }),
	optional(66, "score", text, func(e *Entry) **string { return &e.Score }),
	optional(67, "threshold", text, func(e *Entry) **string { return &e.Threshold }),
	optional(68, "modelAttempt", attempt, func(e *Entry) **Attempt { return &e.ModelAttempt }),
	mapped(69, "modelFallback", textMap, func(e *Entry) *map[string]string { return &e.ModelFallback }),

	mapped(70, "privateCommitments", hashMap, func(e *Entry) *map[string]Hash { return &e.Private }),
	mapped(71, "dataKeys", textMap, func(e *Entry) *map[string]string { return &e.DataKeys }),
	listed(72, "subjects", func(e *Entry) *[]string { return &e.Subjects }),
	optional(73, "retentionClass", text, func(e *Entry) **string { return &e.RetentionClass }),
	listed(74, "legalHolds", func(e *Entry) *[]string { return &e.LegalHolds }),

	optional(80, "signer", text, func(e *Entry) **string { return &e.Signer }),
	optional(81, "signatureMeaning", text, func(e *Entry) **string { return &e.SignatureMeaning }),
	listed(82, "signatureFactors", func(e *Entry) *[]string { return &e.SignatureFactors }),
	optional(83, "signatureShownDigest", digest, func(e *Entry) **Hash { return &e.SignatureShown }),
	optional(84, "signerNameCommitment", digest, func(e *Entry) **Hash { return &e.SignerName }),

	optional(90, "traceId", text, func(e *Entry) **string { return &e.TraceID }),
	optional(91, "spanId", text, func(e *Entry) **string { return &e.SpanID }),
	optional(92, "requestId", text, func(e *Entry) **string { return &e.RequestID }),
	optional(93, "idempotencyKeyDigest", digest, func(e *Entry) **Hash { return &e.IdempotencyKey }),
}

func required[T any](tag uint16, name string, c codec[T], at func(*Entry) *T) field {
	f := always(tag, name, c, at)
	f.required = true
	return f
}

func optional[T any](tag uint16, name string, c codec[T], at func(*Entry) **T) field {
	return field{
		tag: tag, name: name,
		present: func(e *Entry) bool { return *at(e) != nil },
		put:     func(b []byte, e *Entry) []byte { return c.put(b, **at(e)) },
		show:    func(b []byte, e *Entry) []byte { return c.show(b, **at(e)) },
		take: func(e *Entry, value []byte) bool {
			v, ok := c.take(value)
			*at(e) = &v
			return ok
		},
	}
}

func listed(tag uint16, name string, at func(*Entry) *[]string) field {
	f := always(tag, name, textList, at)
	f.present = func(e *Entry) bool { return *at(e) != nil }
	return f
}

func mapped[V any](tag uint16, name string, c codec[map[string]V], at func(*Entry) *map[string]V) field {
	f := always(tag, name, c, at)
	f.present = func(e *Entry) bool { return *at(e) != nil }
	return f
}

func always[T any](tag uint16, name string, c codec[T], at func(*Entry) *T) field {
	return field{
		tag: tag, name: name,
		present: func(*Entry) bool { return true },
		put:     func(b []byte, e *Entry) []byte { return c.put(b, *at(e)) },
		show:    func(b []byte, e *Entry) []byte { return c.show(b, *at(e)) },
		take: func(e *Entry, value []byte) bool {
			v, ok := c.take(value)
			*at(e) = v
			return ok
		},
	}
}
