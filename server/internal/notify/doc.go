// Package notify tells a back end what has happened, by signed webhooks: it
// writes notifications down in the store, numbered, and sends them in their order
// until each is taken. So they survive a restart, and of all instances that share
// the store one sends at a time.
//
// A notification is sent at least once, perhaps again after a crash, under the
// same ID. One that is not taken holds up those behind it, for order: for up to
// three days while the receiver cannot be reached or fails, for an hour where it
// refuses this one (4xx).
//
// Headers and signature are those of Standard Webhooks 1.0.0
// (standardwebhooks.com), which libraries in many languages verify.
//
// The package knows nothing of sessions, nor what is in a notification.
package notify
