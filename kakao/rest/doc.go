// Package rest is a Go client of Kakao Login's REST API: for the token server,
// and for back ends that call Kakao by themselves.
//
// A [Client] knows the platform. What it may do depends on the credential:
//
//	client, err := rest.New()
//	app := client.AsApp(rest.App{Key: restAPIKey, Secret: rest.NewClientSecret(secret)})
//	tokens, err := app.Exchange(ctx, rest.ExchangeRequest{Code: code, RedirectURI: uri, CodeVerifier: verifier})
//	user, err := client.AsUser(tokens.AccessToken).Me(ctx, rest.MeRequest{})
//	user, err = client.AsAdmin(rest.NewAdminKey(key)).For(userID).Me(ctx, rest.MeRequest{})
//
// Each credential has a type of its own, so that an admin key cannot be passed
// where a user's token belongs, and none of them appears in a log, an error or
// JSON: Reveal alone returns it.
//
// Requests are built from the catalogue (kakao/catalog): a parameter that
// breaks its rule is refused with a *[kakao.ParamError] before anything is
// sent. Refusals by Kakao are *[Error] and *[OAuthError]. Calls that change
// nothing are repeated after a passing failure, all others are made once.
// Members of an answer that the catalogue does not know are kept in Raw.
//
// The package must not know who calls it: it keeps no token and no session.
package rest
