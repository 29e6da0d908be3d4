// Package signing keeps the keys with which the token server signs tokens of its
// own, and signs with them. The keys are one entry in the store, so that all
// instances that share it sign with the same ones and show the same ones.
//
// A key signs for a week. The next one is made and shown a week before it signs,
// so that whoever keeps the shown keys for a while has it by then; and a key is
// shown for an hour after it has signed for the last time, which is longer than a
// token lives. Nobody has to be awake for that: whoever uses the keys finds what
// is due and does it, and of several instances one wins.
//
// The package knows nothing of sessions or HTTP, nor what is in a token.
package signing
