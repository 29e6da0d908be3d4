package server

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/internal/signedtoken"
	"github.com/kakaowasm/kakaowasm/server/internal/upstream"
)

// signedAs is a token with this header and these claims as they are, signed by
// Kakao's key.
func signedAs(t testing.TB, header, claims string) string {
	t.Helper()
	return signedText(t, testKey, b64Text(header)+"."+b64Text(claims))
}

func b64Text(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// signedText signs a text as the first two parts of a token.
func signedText(t testing.TB, key *rsa.PrivateKey, text string) string {
	t.Helper()
	signature, err := jwt.SigningMethodRS256.Sign(text, key)
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

const goodHeader = `{"alg":"RS256","kid":"key-1","typ":"JWT"}`

// claimsText are good claims as JSON, with one member written in another way: name
// is taken out, and text put in its place.
func claimsText(name, text string) string {
	claims := goodClaims()
	delete(claims, name)
	return strings.TrimSuffix(encode(claims), "}") + "," + text + "}"
}

// foldings are other writings of the name of a claim that readers without regard to
// case take for it: capitals, and letters that Unicode folds into ASCII ones.
func foldings(name string) []string {
	folded := []string{strings.ToUpper(name), strings.ToUpper(name[:1]) + name[1:]}
	for ascii, letter := range map[string]string{"s": "\u017f", "k": "\u212a"} {
		if strings.Contains(name, ascii) {
			folded = append(folded, strings.ReplaceAll(name, ascii, letter))
		}
	}
	return folded
}

// hostileIDTokens are tokens that Kakao's own key has signed and that must not be
// believed, by what is wrong with them.
func hostileIDTokens(t testing.TB) map[string]string {
	t.Helper()
	good := goodClaims()
	tokens := map[string]string{}
	claims := func(what, name, text string) { tokens[what+" "+text] = signedAs(t, goodHeader, claimsText(name, text)) }
	// Names: a required claim under another writing is not there; the same claim
	// under two writings, or twice, is read by its exact name or not at all.
	for _, name := range []string{"iss", "aud", "sub", "exp", "iat", "nonce"} {
		for _, folded := range foldings(name) {
			claims("only as", name, encode(folded)+":"+encode(good[name]))
		}
		claims("twice the same", name, encode(name)+":"+encode(good[name])+","+encode(name)+":"+encode(good[name]))
		claims("twice", name, encode(name)+":"+encode(good[name])+","+encode(name)+":null")
		claims("escaped twice", name, encode(name)+":"+encode(good[name])+`,"\u00`+fmt.Sprintf("%02x", name[0])+name[1:]+`":`+encode(good[name]))
	}
	// Types: what must be text or a number is nothing else.
	for _, name := range []string{"iss", "sub", "nonce", "azp", "nickname", "email", "jti"} {
		for _, value := range []string{"1", "true", `["x"]`, `{"x":"y"}`, "1.5e3"} {
			claims("type", name, encode(name)+":"+value)
		}
	}
	for _, value := range []string{"1", "true", "{}", "[]", "null", `""`, `[1]`, `[null]`, `["` + testJSKey + `",1]`, `[["` + testJSKey + `"]]`, `"` + testJSKey + ` "`} {
		claims("audience", "aud", `"aud":`+value)
	}
	// Times: numbers within the calendar, and not what wraps round.
	for _, name := range []string{"exp", "iat", "nbf"} {
		for _, value := range []string{`"1"`, `"99999999999"`, "true", "[]", "{}", "-1", "-0.5", "1e308", "-1e308", "1e400", "9223372036854775807", "9223372036854775808", "18446744073709551616", "253402300800", "1e19"} {
			claims("time", name, encode(name)+":"+value)
		}
	}
	claims("expired long ago", "exp", `"exp":1`)
	claims("expires at zero", "exp", `"exp":0`)
	claims("not valid yet", "nbf", fmt.Sprintf(`"nbf":%d`, time.Now().Add(2*signedtoken.ClockSkew).Unix()))
	for _, value := range []string{"", " ", "1001 ", "\u0000", "a\nb", "일", strings.Repeat("1", 256)} {
		claims("subject", "sub", `"sub":`+encode(value))
	}
	for _, value := range []string{`""`, `" "`, `"` + testJSKey + ` "`, `"other"`} {
		claims("authorized party", "azp", `"azp":`+value)
	}
	// Headers.
	for _, header := range []string{
		`{"ALG":"RS256","kid":"key-1"}`, `{"alg":"rs256","kid":"key-1"}`, `{"alg":"RS256","alg":"RS256","kid":"key-1"}`,
		`{"alg":"none","Alg":"RS256","kid":"key-1"}`, `{"alg":["RS256"],"kid":"key-1"}`, `{"alg":null,"kid":"key-1"}`, `{"kid":"key-1"}`,
		`{"alg":"RS256","kid":"key-1","kid":"key-1"}`, `{"alg":"RS256","kid":1}`, `{"alg":"RS256","kid":null}`, `{"alg":"RS256","kid":["key-1"]}`, `{"alg":"RS256","kid":"KEY-1"}`, `{"alg":"RS256","kid":""}`,
		`{"alg":"RS256","kid":"key-1","typ":"secevent+jwt"}`, `{"alg":"RS256","kid":"key-1","typ":"at+jwt"}`, `{"alg":"RS256","kid":"key-1","typ":"logout+jwt"}`, `{"alg":"RS256","kid":"key-1","typ":1}`, `{"alg":"RS256","kid":"key-1","typ":null}`, `{"alg":"RS256","kid":"key-1","typ":""}`,
		`{"alg":"RS256","kid":"key-1","crit":["b64"],"b64":true}`, `{"alg":"RS256","kid":"key-1","crit":null}`, `{"alg":"RS256","kid":"key-1","crit":"exp"}`,
		`{"alg":"RS256","kid":"key-1"}{}`, `{"alg":"RS256","kid":"key-1"} x`, `[{"alg":"RS256","kid":"key-1"}]`, `null`, `"x"`, ``, "\ufeff" + goodHeader, "{\"alg\":\"RS256\",\"kid\":\"key-1\",\"x\":\"\xff\"}",
	} {
		tokens["header "+header] = signedAs(t, header, encode(good))
	}
	// Payloads and parts.
	for _, payload := range []string{encode(good) + "{}", encode(good) + " x", "[" + encode(good) + "]", "null", `"x"`, "1", "", "\ufeff" + encode(good), strings.TrimSuffix(encode(good), "}") + ",\"x\":\"\xff\"}", strings.TrimSuffix(encode(good), "}")} {
		tokens["payload "+payload] = signedAs(t, goodHeader, payload)
	}
	token := signedAs(t, goodHeader, encode(good))
	parts := strings.Split(token, ".")
	for what, bad := range map[string]string{
		"line ends": parts[0] + "\n." + parts[1] + "." + parts[2], "carriage return": token + "\r", "a space": token + " ", "padding": token + "==",
		"other alphabet": parts[0] + "." + parts[1] + "." + strings.NewReplacer("-", "+", "_", "/").Replace(parts[2]) + "+",
		"four parts":     token + ".", "two parts": parts[0] + "." + parts[1], "five parts": token + ".x.y", "no header": "." + parts[1] + "." + parts[2], "no payload": parts[0] + ".." + parts[2],
		"trailing bits": token[:len(token)-1] + looser(token[len(token)-1]),
		"shortened":     token[:len(token)-4], "lengthened": token + "AAAA", "zeros as signature": parts[0] + "." + parts[1] + "." + base64.RawURLEncoding.EncodeToString(make([]byte, 256)),
	} {
		tokens["parts: "+what] = bad
	}
	return tokens
}

// looser is a base64 digit with the same leading bits and other trailing ones,
// which a loose decoder drops.
func looser(digit byte) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return string(digits[strings.IndexByte(digits, digit)^1])
}

// Rule 8: names of claims are exact, nothing stands twice, types are those of the
// standard, and no number wraps round.
func TestRule08HostileIDTokens(t *testing.T) {
	h := newHarness(t)
	tokens := hostileIDTokens(t)
	for name, token := range tokens {
		if claims, err := h.idTokens.VerifyLogin(t.Context(), token, testNonce); err == nil {
			t.Errorf("%q: believed as the login of %s", name, claims.Subject)
		}
	}
	t.Logf("%d tokens", len(tokens))
}

// Rule 8: what is unusual and within the standard is believed, and a claim under
// another writing beside the exact one is somebody else's.
func TestRule08UnusualIDTokens(t *testing.T) {
	h := newHarness(t)
	for _, text := range []string{
		`"x":1`, `"nbf":0`, `"nbf":1.5`, `"iat":` + fmt.Sprintf("%d.25", time.Now().Unix()), `"exp":253402300799`, `"exp":9.9e9`, `"nbf":null`,
		`"SUB":"666"`, "\"\u017fub\":\"666\"", `"Iss":"https://evil.example"`, `"EXP":1`, `"NONCE":"x"`, `"AZP":"other"`, `"x":{"sub":"666"}`, `"auth_time":1`,
	} {
		name, _, _ := strings.Cut(strings.TrimPrefix(text, `"`), `"`)
		claims, err := h.idTokens.VerifyLogin(t.Context(), signedAs(t, goodHeader, claimsText(name, text)), testNonce)
		if err != nil || claims.Subject != testUser {
			t.Errorf("%s: got %v, %v", text, claims, err)
		}
	}
	for _, header := range []string{`{"alg":"RS256","kid":"key-1"}`, `{"alg":"RS256","typ":"jwt"}`, `{"alg":"RS256","kid":"key-1","cty":"x"}`} {
		if _, err := h.idTokens.VerifyLogin(t.Context(), signedAs(t, header, encode(goodClaims())), testNonce); err != nil {
			t.Errorf("%s: %v", header, err)
		}
	}
}

// Rule 8: security event tokens are read as strictly.
func TestRule08HostileSecurityEventTokens(t *testing.T) {
	h := newHarness(t)
	const header = `{"alg":"RS256","kid":"key-1","typ":"secevent+jwt"}`
	good := strings.TrimSuffix(encode(eventClaimsOf(map[string]any{"sub": nil, "jti": nil, "iat": nil})), "}")
	now := fmt.Sprint(time.Now().Unix())
	if _, err := h.events.Verify(t.Context(), signedAs(t, header, good+`,"sub":"`+testUser+`","jti":"j","iat":`+now+"}")); err != nil {
		t.Fatal(err)
	}
	for _, more := range []string{
		`"SUB":"` + testUser + `","jti":"j","iat":` + now, `"sub":"` + testUser + `","sub":"666","jti":"j","iat":` + now,
		`"sub":"` + testUser + `","JTI":"j","iat":` + now, `"sub":"` + testUser + `","jti":"j","iat":1e308`, `"sub":"` + testUser + `","jti":"j","iat":"` + now + `"`,
		`"sub":"` + testUser + `","jti":"j","iat":-9223372036854775808`, `"sub":"` + testUser + `","jti":"j","iat":` + now + `,"nbf":1e308`, `"sub":"a b","jti":"j","iat":` + now,
	} {
		if _, err := h.events.Verify(t.Context(), signedAs(t, header, good+","+more+"}")); err == nil {
			t.Errorf("%s: believed", more)
		}
	}
}

// hostileAnswers are token responses with status 200 that grant nothing.
func hostileAnswers() []string {
	var bodies []string
	good := func(name string, text string) string {
		members := map[string]any{"token_type": "bearer", "access_token": "a", "expires_in": 21599, "refresh_token": "r", "refresh_token_expires_in": 5184000, "scope": "s"}
		delete(members, name)
		return strings.TrimSuffix(encode(members), "}") + "," + text + "}"
	}
	for _, name := range []string{"expires_in", "refresh_token_expires_in"} {
		for _, value := range []string{"-1", "-9223372036854775808", "-1e3", "1e308", "9223372036854775808", "1.5", `"21599"`, "true", "[]", "{}"} {
			bodies = append(bodies, good(name, encode(name)+":"+value))
		}
	}
	for _, name := range []string{"access_token", "token_type"} {
		for _, value := range []string{"null", `""`, "1", "true", "[]", "{}", `["a"]`} {
			bodies = append(bodies, good(name, encode(name)+":"+value))
		}
		for _, folded := range append(foldings(name), name+" ", strings.ReplaceAll(name, "_", "-")) {
			bodies = append(bodies, good(name, encode(folded)+`:"bearer"`))
		}
	}
	for _, name := range []string{"access_token", "token_type", "refresh_token", "expires_in", "scope", "x"} {
		bodies = append(bodies, good(name, encode(name)+`:"bearer",`+encode(name)+`:"bearer"`))
	}
	for _, name := range []string{"refresh_token", "scope", "id_token"} {
		for _, value := range []string{"1", "true", "[]", "{}"} {
			bodies = append(bodies, good(name, encode(name)+":"+value))
		}
	}
	return append(bodies, "", "null", "[]", "{}", "1", `"bearer"`, "<html>", good("x", `"x":1`)+"{}", "["+good("x", `"x":1`)+"]",
		good("token_type", `"token_type":"mac"`), good("token_type", `"token_type":"DPoP"`), "access_token=a&token_type=bearer", strings.Repeat("[", 20_000))
}

// A token response that cannot be read in one way only, or whose lifetimes wrap
// round, logs nobody in, and is not asked for again.
func TestHostileTokenResponses(t *testing.T) {
	bodies := hostileAnswers()
	for _, body := range bodies {
		h := newHarness(t)
		h.kakao.on(callExchange, says(200, body))
		status, answer := h.do("POST", "/token", tokenRequestBody(nil))
		if status != http.StatusBadGateway || h.kakao.count(callExchange) != 1 || h.cookie != "" || answer["access_token"] != nil {
			t.Errorf("%.80s: got %d %v", body, status, answer)
		}
		h.kakao.on(callExchange, says(200, tokenBody(testAccessToken, testRefreshToken, nil)))
		h.login()
		h.kakao.on(callRefresh, says(200, body))
		if status, answer := h.do("POST", "/refresh", ""); h.kakao.count(callRefresh) != 1 || status != http.StatusBadGateway || answer["access_token"] != nil {
			t.Errorf("renewal: %.80s: got %d %v", body, status, answer)
		}
	}
	t.Logf("%d answers", len(bodies))
}

// uselessKeySets are answers of the JWKS endpoint with status 200 that hold no key
// by which anything may be verified.
func uselessKeySets(t testing.TB) map[string]string {
	t.Helper()
	one := func(change map[string]any) string {
		key := publicKey("key-1", testKey)
		maps.Copy(key, change)
		maps.DeleteFunc(key, func(_ string, v any) bool { return v == nil })
		return jwksOf(key)
	}
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	even := new(big.Int).Add(testKey.N, big.NewInt(1))
	huge := new(big.Int).SetBit(big.NewInt(1), signedtoken.MaxKeyBits+8, 1)
	good := publicKey("key-1", testKey)
	many := make([]any, signedtoken.MaxKeys+1)
	for i := range many {
		many[i] = publicKey(fmt.Sprint("key-", i), testKey)
	}
	return map[string]string{
		"nothing": "", "no object": "[]", "null": "null", "an empty object": "{}", "no keys": `{"keys":[]}`, "keys of null": `{"keys":null}`, "an object of keys": `{"keys":{}}`,
		"capitals": `{"KEYS":[` + encode(good) + `]}`, "keys twice": `{"keys":[` + encode(good) + `],"keys":[` + encode(good) + `]}`, "something after it": jwksOf(good) + "{}",
		"another type": one(map[string]any{"kty": "EC"}), "type in capitals": one(map[string]any{"kty": nil, "KTY": "RSA"}),
		"1024 bits": one(map[string]any{"n": modulus(small)}), "2047 bits": one(map[string]any{"n": b64(new(big.Int).SetBit(big.NewInt(1), 2046, 1))}), "too many bits": one(map[string]any{"n": b64(huge)}),
		"an even modulus": one(map[string]any{"n": b64(even)}), "exponent 1": one(map[string]any{"e": "AQ"}), "exponent 2": one(map[string]any{"e": "Ag"}), "exponent 0": one(map[string]any{"e": "AA"}), "no exponent": one(map[string]any{"e": nil}),
		"for encryption": one(map[string]any{"use": "enc"}), "use in capitals": one(map[string]any{"use": "SIG"}), "PS256": one(map[string]any{"alg": "PS256"}), "HS256": one(map[string]any{"alg": "HS256"}),
		"key_ops to sign": one(map[string]any{"use": nil, "key_ops": []string{"sign"}}), "key_ops to encrypt": one(map[string]any{"key_ops": []string{"encrypt", "wrapKey"}}), "no key_ops": one(map[string]any{"key_ops": []string{}}),
		"private": one(map[string]any{"d": b64(testKey.D)}), "a member twice": `{"keys":[` + strings.Replace(encode(good), `"use":"sig"`, `"use":"enc","use":"sig"`, 1) + `]}`,
		"too many keys": jwksOf(many...),
	}
}

// Rule 8: a set without usable keys is no answer: nothing is believed by it, it
// never replaces one with, and a good one is found five seconds later.
func TestRule08UselessKeySetsNeverReplaceGoodOnes(t *testing.T) {
	for name, set := range uselessKeySets(t) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { testUselessKeySet(t, set) })
		})
	}
}

func testUselessKeySet(t *testing.T, set string) {
	h := newHarness(t)
	good := h.kakao.answers[kakao.PathJWKS]
	h.kakao.on(kakao.PathJWKS, says(200, set))
	for _, kid := range []string{"key-1", ""} {
		if err := verifies(h, kid, testKey); err == nil {
			t.Fatalf("key ID %q: believed by this set alone", kid)
		}
	}
	h.kakao.on(kakao.PathJWKS, good)
	time.Sleep(signedtoken.KeysRetry)
	if err := verifies(h, "key-1", testKey); err != nil {
		t.Fatalf("a good set is not found after it: %v", err)
	}
	h.kakao.on(kakao.PathJWKS, says(200, set))
	time.Sleep(signedtoken.KeysMaxAge + time.Second)
	if err := verifies(h, "key-1", testKey); err != nil {
		t.Errorf("it has replaced a good set: %v", err)
	}
}

// Rule 8: a key that says what it is for counts if it is for this.
func TestRule08KeysForVerifyingCount(t *testing.T) {
	for name, change := range map[string]map[string]any{
		"key_ops verify": {"use": nil, "key_ops": []string{"verify"}}, "verify among others": {"key_ops": []string{"sign", "verify"}}, "no use and no alg": {"use": nil, "alg": nil},
	} {
		h := newHarness(t)
		key := publicKey("key-1", testKey)
		maps.Copy(key, change)
		maps.DeleteFunc(key, func(_ string, v any) bool { return v == nil })
		h.kakao.on(kakao.PathJWKS, says(200, jwksOf(key)))
		if err := verifies(h, "key-1", testKey); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Rule 8: the nonce of a renewed ID token is the login's, or there is none. A login
// that an earlier version has stored says nothing about its nonce.
func TestRule08NonceOfRenewals(t *testing.T) {
	for name, test := range map[string]struct {
		login, renewed string
		stored         func(*session.Login)
		believed       bool
	}{
		"the same":                        {testNonce, testNonce, nil, true},
		"none any more":                   {testNonce, "", nil, true},
		"another":                         {testNonce, "nonce-8e", nil, false},
		"one where there was none":        {"", testNonce, nil, false},
		"none where there was none":       {"", "", nil, true},
		"a login of an earlier version":   {testNonce, "nonce-8e", func(l *session.Login) { l.NonceHash = "" }, true},
		"the hash of the nonce":           {testNonce, session.Hash(testNonce), nil, false},
		"the nonce and something more":    {testNonce, testNonce + " ", nil, false},
		"a nonce of the first characters": {testNonce, testNonce[:3], nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			l := session.NewLogin(upstream.Grant{}, test.login, testUser, "", "")
			if test.stored != nil {
				test.stored(&l)
			}
			h := newHarness(t)
			token := signedWith(t, map[string]any{"nonce": test.renewed})
			if test.renewed == "" {
				token = signedWith(t, map[string]any{"nonce": nil})
			}
			if err := h.idTokens.VerifyRefreshed(context.Background(), token, signedtoken.Login{Subject: l.UserID, HadNonce: l.HadNonce}); (err == nil) != test.believed {
				t.Errorf("got %v", err)
			}
		})
	}
}
