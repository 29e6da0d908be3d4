// Package storehealth knows how a store is: it notes whether writing succeeds and
// whether damage was met, has it write when readiness asks, and says what is worth
// trying again. It knows nothing of what is stored.
package storehealth
