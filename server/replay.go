package server

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
	"github.com/kakaowasm/kakaowasm/server/store"
)

// codeReuse is how long the result of a code is there for the same request: a
// reload, React's StrictMode, or a retry after a lost answer.
const codeReuse = time.Minute

// codeResult is what is kept of the result of a code. The rest is in its
// session, so that nothing comes back that has ended, and nothing is stale.
type codeResult struct {
	SessionID string `json:"session_id"`
	IDToken   string `json:"id_token,omitempty"`
}

// errCodeUsed is the failure of a code that was exchanged before, by another
// request. It is what Kakao would say; but asking Kakao could end the tokens of
// the first exchange (RFC 6749, section 4.1.2).
var errCodeUsed = newErrCodeUsed()

func newErrCodeUsed() *web.Failure {
	problem, _ := catalog.FindKOE(catalog.ErrCode.KOE)
	return &web.Failure{Status: http.StatusBadRequest, OAuthError: kakao.OAuthError{
		Code: catalog.ErrCode.Name, KOE: catalog.ErrCode.KOE, Hint: problem.Fix.En,
		Description: "the code was exchanged before; log in again",
	}}
}

// codeKey is where the result of a code is kept.
func codeKey(code string) string { return "code:" + session.Hash(code) }

// firstResult returns the result that a request got before, if it is the first
// one's equal, or store.ErrNotFound where the code is new. errCodeUsed is for
// everybody else: a thief of the code has no verifier. Of two requests without a
// verifier the second must come with the session of the first.
func (s *Server) firstResult(ctx context.Context, req tokenRequest, sessionID string) (loggedIn, error) {
	e, err := s.cfg.Store.Get(ctx, codeKey(req.Code))
	if errors.Is(err, store.ErrUnreadable) {
		return loggedIn{}, errCodeUsed
	}
	if err != nil {
		return loggedIn{}, err
	}
	kept, ok := openResult(req, e.Value)
	if !ok || req.CodeVerifier == "" && subtle.ConstantTimeCompare([]byte(kept.SessionID), []byte(sessionID)) != 1 {
		return loggedIn{}, errCodeUsed
	}
	found, err := s.sessions.Find(ctx, kept.SessionID)
	if errors.Is(err, session.ErrLoginRequired) {
		return loggedIn{}, errCodeUsed // It has ended: a logout wins.
	}
	return loggedIn{session: found, idToken: kept.IDToken}, err
}

// remember keeps the result of a code. The login is made by then, and does not
// depend on it.
func (s *Server) remember(ctx context.Context, req tokenRequest, l loggedIn) {
	value, err := sealResult(req, codeResult{SessionID: l.session.ID, IDToken: l.idToken})
	if err == nil {
		_, err = s.cfg.Store.Create(ctx, codeKey(req.Code), store.Entry{Value: value, Expiry: time.Now().Add(codeReuse)})
	}
	if err != nil {
		s.log.WarnContext(ctx, "the same code will not be answered again", "error", err)
	}
}

// The result of a code is sealed with a key that the request itself makes: the
// code, which the store knows by its hash only, the verifier, and all else in
// it. So no other request opens it, and what is in the store makes no cookie.

// sealResult seals the result of a request.
func sealResult(req tokenRequest, result codeResult) ([]byte, error) {
	aead, err := resultCipher(req)
	if err != nil {
		return nil, err
	}
	value, err := json.Marshal(result)
	if err != nil {
		return nil, err
	}
	return aead.Seal(nil, nil, value, nil), nil //nolint:gosec // The cipher draws the nonce.
}

// openResult opens the result of a request; ok is false for that of another.
func openResult(req tokenRequest, sealed []byte) (result codeResult, ok bool) {
	aead, err := resultCipher(req)
	if err != nil {
		return result, false
	}
	value, err := aead.Open(nil, nil, sealed, nil)
	if err != nil {
		return result, false
	}
	return result, json.Unmarshal(value, &result) == nil
}

// resultCipher is the cipher of a request's result (RFC 5869). It draws its
// nonces by itself.
func resultCipher(req tokenRequest) (cipher.AEAD, error) {
	request, err := json.Marshal(req)
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, request, nil, "kakaowasm result of a code", sha256.Size)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
