package doctor

import (
	"context"
	"crypto/rsa"
	"encoding/json"

	"github.com/MicahParks/jwkset"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

// checkJWKS looks for a key that can verify an ID token.
func (e *examination) checkJWKS(ctx context.Context) Finding {
	set, err := e.rest.JWKS(ctx)
	if err != nil {
		return explain(CheckJWKS, err)
	}
	usable := 0
	for _, key := range set.Keys {
		if isUsable(key) {
			usable++
		}
	}
	if usable == 0 {
		return wrong(Failure, CheckJWKS, catalog.Text{En: "no usable RS256 key", Ko: "사용할 수 있는 RS256 키가 없음"},
			catalog.Text{En: "No ID token can be verified.", Ko: "ID 토큰을 검증할 수 없습니다."},
			catalog.Text{En: "See what answers at /.well-known/jwks.json; behind a proxy, have it pass on unchanged.", Ko: "/.well-known/jwks.json의 응답을 확인합니다. 프록시가 있으면 응답을 그대로 전달하게 합니다."})
	}
	return ok(CheckJWKS, sayf("usable RS256 keys: %d", "사용할 수 있는 RS256 키 %d개", usable))
}

// isUsable reports whether a key can verify ID tokens, by the rules of the token
// server: an RSA key for signatures under RS256 that has an ID.
func isUsable(key rest.JWK) bool {
	if key.KeyID == "" || key.Algorithm != "" && key.Algorithm != "RS256" || key.Use != "" && key.Use != "sig" {
		return false
	}
	raw, err := json.Marshal(map[string]string{"kty": key.KeyType, "n": key.Modulus, "e": key.Exponent})
	if err != nil {
		return false
	}
	parsed, err := jwkset.NewJWKFromRawJSON(raw, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{})
	if err != nil {
		return false
	}
	_, isRSA := parsed.Key().(*rsa.PublicKey)
	return isRSA
}
