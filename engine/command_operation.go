package engine

// SuspendInstance lets an instance rest: until it is resumed no token moves, nothing is caught, and no job or task
// of it goes on. It can still be canceled, modified and migrated, and its data corrected.
type SuspendInstance struct{}

// ResumeInstance lets a suspended instance go on where it rests.
type ResumeInstance struct{}

// Name implements Command.
func (SuspendInstance) Name() string { return "SuspendInstance" }

// Name implements Command.
func (ResumeInstance) Name() string { return "ResumeInstance" }
