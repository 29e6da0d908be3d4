// Package signedtoken verifies the tokens that Kakao signs for an app: ID tokens
// (OpenID Connect Core 1.0) and security event tokens (RFC 8417), with the keys that
// the platform publishes. It is told the issuer, the keys of the app and an HTTP
// client, and knows neither sessions nor what the server answers.
package signedtoken
