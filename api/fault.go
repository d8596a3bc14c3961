package api

import "tallystick/fault"

// The refusals that are decided here.
var (
	ErrRequest      = fault.New(fault.Invalid, "request.invalid", "the request is not acceptable")
	ErrKey          = fault.New(fault.Invalid, "key.invalid", "the key in the path is not a positive whole number")
	ErrMedia        = fault.New(fault.Invalid, "request.media", "the content type or encoding of the body is not supported")
	ErrTooLarge     = fault.New(fault.TooLarge, "request.too_large", "the body is too large")
	ErrUnauthorized = fault.New(fault.Unauthenticated, "authn.required", "credentials are required")
	ErrDenied       = fault.New(fault.Denied, "request.denied", "not allowed")
	ErrCrossOrigin  = fault.New(fault.Denied, "request.cross_origin", "a page of another origin may not do this")
	ErrHost         = fault.New(fault.Denied, "request.host", "the request is not for this machine")
	ErrRoute        = fault.New(fault.NotFound, "route.not_found", "there is no such path")
	ErrMethod       = fault.New(fault.Invalid, "route.method", "the path does not take this method")
	ErrUnserved     = fault.New(fault.Invalid, "route.unserved", "this operation is known but not served")
	ErrNotFound     = fault.New(fault.NotFound, "resource.not_found", "there is no such thing, or it is not yours to see")
	ErrUserSelf     = fault.New(fault.Conflict, "user.self", "nobody can delete the user that is asking, or take the role admin from it")
	ErrNotReady     = fault.New(fault.Overloaded, "server.not_ready", "the server is starting or its database does not answer")
	ErrDraining     = fault.New(fault.Overloaded, "server.draining", "the server is stopping")
	ErrProfiling    = fault.New(fault.Conflict, "profile.running", "another profile is being taken")
	ErrMember       = fault.New(fault.NotFound, "member.not_found", "there is no such user, group or role")
)
