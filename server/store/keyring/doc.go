// Package keyring encrypts and authenticates what must not be readable where it
// is kept: values of a store ([Seal]) and whatever else leaves the process.
//
// A ring has one or more keys. The first seals, all open. To change the key,
// put the new one in front and start the server again: old values open until
// they are next written, which seals them with the new key, and the old key can
// be dropped when the lifetime of a session has passed.
//
// # What a sealed value is
//
// One byte of format, 8 bytes that name the key, 24 bytes of nonce, and the
// output of XChaCha20-Poly1305, under additional data that say where the value
// belongs. Its long nonce may be drawn at random for as many values as there
// will ever be; with AES-GCM a key would wear out after 2^32 values, which a
// million users reach within a year.
//
// The ring hides what a value says and shows any change to it, also when it is
// copied to another place. It cannot show that an older value of the same place
// was put back, nor does it hide lengths.
package keyring
