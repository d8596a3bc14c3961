// Package authz answers two questions: who is this, and may they do that.
//
// It owns the list of actions with their meaning, the built-in roles, the policy rules and their
// evaluation by Casbin, password hashes, API tokens and the brake on failed logins. Authorizer is the
// host's Authorizer; Authenticator turns a password or a token into a host.Actor.
//
// The policy is deny-overrides over typed subjects (role:, user:, client:, group:, system:), scopes
// (def:, dec:, model:, …) and actions. Every policy version has one immutable snapshot: rules,
// remembered decisions and the accounts as that version has them. A newer version replaces the snapshot as a
// whole, so that nothing remembered outlives a revocation. Rights on rows (assignee, candidates) are
// not policy: the host and the store hold them, see host.Target.Concerns and query.Access.
//
// It must not know SQL, HTTP or the engine's state; accounts come through the Accounts seam.
package authz
