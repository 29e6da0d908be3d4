// Package session keeps logins: what one holds, how long it lives, and how it is
// read, changed and ended in the store. It is told the store, the app and the
// lifetimes, and says what an error of the store means for whoever asked. It knows
// neither cookies nor Kakao.
package session
