// Package upstream calls Kakao for the token server: it redeems codes and refresh
// tokens, tries again what may pass, keeps a slow or failing Kakao from being asked
// more than it can answer, and says what an error of Kakao means for who asked. It
// knows neither sessions nor pages.
package upstream
