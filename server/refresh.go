package server

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
	"github.com/kakaowasm/kakaowasm/server/internal/session"
	"github.com/kakaowasm/kakaowasm/server/internal/signedtoken"
	"github.com/kakaowasm/kakaowasm/server/internal/storehealth"
	"github.com/kakaowasm/kakaowasm/server/internal/upstream"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
	"github.com/kakaowasm/kakaowasm/server/store"
)

const (
	// storeGrace is how much longer than for Kakao the callers of a renewal, and
	// Close, wait for the store.
	storeGrace = 2 * time.Second
)

// renewal is the result of renewing a session.
type renewal struct {
	session session.Session
	// asked says that Kakao was asked for it; otherwise the store had it.
	asked bool
	// idToken is the refreshed ID token. It is not kept, so that a result that
	// is handed out again comes without it.
	idToken string
}

// refresh answers POST /refresh: a fresh access token for the session.
func (s *Server) refresh(w http.ResponseWriter, r *http.Request) error {
	id := s.cookies.sessionID(r)
	if id == "" {
		return errNoCookie
	}
	renewed, err := s.renewOnce(r.Context(), id)
	if err != nil {
		// The cookie of an unknown session stays: it may already have been
		// replaced by a login in another tab, which clearing would undo.
		if endsLogin(err) {
			s.cookies.clear(w)
			s.cookies.clearEarlier(w, r)
		}
		return err
	}
	s.cookies.set(w, id, s.sessions.Deadline(renewed.session.Login))
	s.cookies.clearEarlier(w, r)
	web.WriteJSON(w, http.StatusOK, responseOf(&renewed.session.Login, renewed.idToken))
	return nil
}

// renewOnce renews a session, once for all in this process who ask at the same
// time. The renewal goes on when those who wait for it are gone: a rotated
// refresh token must not be lost. Nor do they wait for ever: whoever comes back
// later finds the same renewal.
func (s *Server) renewOnce(ctx context.Context, id string) (renewed renewal, err error) {
	shared := false
	defer func() { s.metrics.renewal(outcomeOf(renewed, err), shared) }()
	done := s.flights.DoChan(id, func() (any, error) { return s.renewSafely(context.WithoutCancel(ctx), id) })
	waiting, cancel := context.WithTimeoutCause(ctx, s.requestTimeout()+storeGrace, session.ErrUnderWay)
	defer cancel()
	select {
	case result := <-done:
		renewed, _ = result.Val.(renewal)
		shared = result.Shared
		return renewed, result.Err
	case <-waiting.Done():
		return renewal{}, context.Cause(waiting)
	}
}

// outcomeOf names what came of a request for a renewal, for the metrics.
func outcomeOf(r renewal, err error) string {
	var f *web.Failure
	switch {
	case err == nil && r.asked:
		return "renewed"
	case err == nil:
		return "reused"
	case endsLogin(err):
		return "ended"
	case errors.Is(err, session.ErrLoginRequired):
		return "no_session"
	case errors.As(err, &f) && !f.Temporary():
		return "refused"
	}
	return "unavailable"
}

// renewSafely renews a session in a goroutine of its own, where a panic of a
// store would end the process.
func (s *Server) renewSafely(ctx context.Context, id string) (renewed renewal, err error) {
	end, err := s.background.begin()
	if err != nil {
		return renewal{}, err
	}
	defer end()
	defer func() {
		if p := recover(); p != nil {
			err = s.panicked(ctx, p)
		}
	}()
	return s.renewExclusively(ctx, id)
}

// renewExclusively renews a session, once for all processes that share the store:
// whoever waits for the lease finds the result in the entry.
func (s *Server) renewExclusively(ctx context.Context, id string) (renewal, error) {
	ctx, cancel := context.WithTimeout(ctx, s.requestTimeout())
	defer cancel()
	found, err := s.sessions.Find(ctx, id)
	if err != nil || found.IsFresh() {
		return renewal{session: found}, err
	}
	var renewed renewal
	err = s.exclusivelyOn(ctx, "refresh", id, func(ctx context.Context, lease store.EntryLease) (err error) {
		now, err := s.sessions.Under(ctx, lease, found)
		if err == nil {
			renewed, err = s.renew(ctx, lease, found, now)
		}
		return err
	})
	return renewed, err
}

// renew asks Kakao for a fresh access token and stores what came before anyone
// sees it. Before is what the caller saw before waiting for the lease, and found
// what the lease has brought. A session that was ended meanwhile stays ended.
//
// # When a process dies, or is left behind, in the middle of it
//
// Before Kakao is asked, and where Kakao keeps the refresh token in force, which
// it does but for the token's last month, nothing is lost: whoever comes next
// asks again. In the last month Kakao's answer replaces the refresh token, and
// an answer that was not stored takes the only one that is left with it. That
// cannot be undone, only be told from a token that was revoked, and kept from
// happening without need:
//
//   - Once the answer is here, storing it is tried for storeTimeout, also when
//     the lease was lost meanwhile; the version decides (see keep).
//   - The session notes that Kakao was asked before it is. Whoever finds the
//     note tries the old refresh token once more. If Kakao refuses that, the
//     session stays for as long as the one who asked may still be storing, and
//     then ends with an error that says what happened.
//
// Source: devtalk.kakao.com/t/126899 (KOE322), and Kakao Login > REST API >
// Refreshing tokens.
func (s *Server) renew(ctx context.Context, lease store.EntryLease, before, found session.Session) (renewal, error) {
	if found.RenewedSince(before.Login) {
		return renewal{session: found}, nil
	}
	if found.RefreshToken == "" {
		return renewal{}, s.endLogin(ctx, found, errNoRefreshToken)
	}
	noted, err := s.note(ctx, found)
	if errors.Is(err, store.ErrConflict) {
		// Somebody whose lease was lost was here: look again.
		if found, err = s.sessions.Find(ctx, before.ID); err != nil {
			return renewal{}, err
		}
		return s.renew(ctx, lease, before, found)
	}
	if err != nil {
		return renewal{}, s.sessions.Failure(ctx, "note", err)
	}
	if err := s.checkWritable(ctx); err != nil {
		return renewal{}, err
	}
	g, tries, err := s.kakao.Refresh(ctx, rest.NewRefreshToken(noted.RefreshToken))
	if err != nil {
		return renewal{}, s.judgeRefusal(ctx, refusal{noted, found.AskedAt, tries}, err)
	}
	return s.settle(ctx, lease, noted, g)
}

// note writes into a session that Kakao is asked now, where the answer may
// replace the refresh token. Its errors are the store's.
func (s *Server) note(ctx context.Context, found session.Session) (session.Session, error) {
	if !found.MayRotate() {
		return found, nil
	}
	found.AskedAt = time.Now()
	return s.sessions.Replace(ctx, found)
}

// settle stores what Kakao has granted and says whether it may be handed out.
// The ID token is checked after that, because it may take fetching Kakao's keys:
// a process that dies meanwhile must not take a refresh token with it.
func (s *Server) settle(ctx context.Context, lease store.EntryLease, found session.Session, g upstream.Grant) (renewal, error) {
	if found.Widens(g) {
		found.Renew(g)
		return renewal{}, s.rejectGrant(ctx, found, errWiderScope)
	}
	kept, err := s.keep(ctx, lease, found, g)
	if err != nil {
		return renewal{}, err
	}
	idToken, err := s.checkRefreshedIDToken(ctx, g.IDToken.Reveal(), kept.Login)
	if err != nil {
		return renewal{}, s.rejectGrant(ctx, kept, err)
	}
	s.notify(ctx, s.cfg.OnRefresh, userOf(&kept.Login))
	return renewal{session: kept, asked: true, idToken: idToken}, nil
}

// rejectGrant ends a session, and the tokens, because of what Kakao has granted.
func (s *Server) rejectGrant(ctx context.Context, granted session.Session, why error) error {
	s.endTokens(ctx, granted.Login)
	return s.endLogin(ctx, granted, why)
}

// keep puts a grant into its session, and goes on until the store has it. Where
// somebody else has stored a renewal of the same session first, theirs stays and
// is the result; where the session has ended, the grant ends, too. The lease goes
// with it where nothing is left to be judged.
func (s *Server) keep(ctx context.Context, lease store.EntryLease, found session.Session, g upstream.Grant) (session.Session, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	renewed := found
	renewed.Renew(g)
	put := s.sessions.Replace
	if g.IDToken.IsZero() {
		put = s.sessions.LastUnder(lease)
	}
	passes := s.health.MayWrite
	if !g.RefreshToken.IsZero() {
		passes = storehealth.WorthRetrying // It is the only one that Kakao still honours.
	}
	kept, err := storehealth.RetryWhile(ctx, passes, func() (session.Session, error) {
		kept, conflict := put(ctx, renewed)
		if !errors.Is(conflict, store.ErrConflict) {
			return kept, conflict
		}
		now, err := s.sessions.Get(ctx, found.ID)
		if err != nil || !now.RenewedAt.Equal(found.RenewedAt) {
			return now, err
		}
		renewed.Version = now.Version // Nothing but a note was added: ours is the only result there is.
		return now, conflict
	})
	if errors.Is(err, store.ErrNotFound) {
		s.endTokens(ctx, renewed.Login)
	}
	return kept, s.sessions.Failure(ctx, "replace", err)
}

// Failures that end a login.
var (
	// errNoRefreshToken: Kakao gave the login no refresh token.
	errNoRefreshToken = &web.Failure{Status: http.StatusUnauthorized, OAuthError: kakao.OAuthError{
		Code: contract.CodeInvalidGrant, Description: "the login cannot be renewed; log in again",
	}}
	// errWiderScope: a page that logged in for less must not be handed more
	// (BBA). Kakao's refresh response names no scope, and its request cannot ask
	// for one, so that what the login was granted is the bound.
	errWiderScope = &web.Failure{Status: http.StatusUnauthorized, OAuthError: kakao.OAuthError{
		Code: contract.CodeInvalidGrant, Description: "Kakao renewed the login with a wider scope than it was granted; log in again to use it",
	}}
)

// lostAnswer is the failure of a renewal whose refresh token Kakao refuses
// after it was asked before and no answer was stored.
func lostAnswer(f *web.Failure) *web.Failure {
	lost := *f
	lost.Description = "Kakao refuses the refresh token; the answer to an earlier renewal, which may have put another in its place, was lost; log in again"
	return &lost
}

// refusal is what is known about a renewal that failed.
type refusal struct {
	session     session.Session // as it was noted
	askedBefore time.Time       // by somebody who has stored no answer; zero if nobody has
	tries       int             // how often Kakao was asked now
}

// lost reports whether there was an answer before, which may have replaced the
// refresh token.
func (r refusal) lost() bool {
	return !r.askedBefore.IsZero() || r.tries > 1 && r.session.MayRotate()
}

// judgeRefusal decides what a failed renewal means for the session. Only a
// fatal failure says that the refresh token is dead and the login over;
// everything else may pass or is a mistake of the server's configuration, for
// which no user is logged out.
func (s *Server) judgeRefusal(ctx context.Context, r refusal, err error) error {
	var f *web.Failure
	if !errors.As(err, &f) || f.Temporary() {
		return err
	}
	if !upstream.IsFatal(f) {
		f.Status = http.StatusBadGateway
		return f
	}
	f.Code, f.Status = contract.CodeInvalidGrant, http.StatusUnauthorized
	switch {
	case time.Since(r.askedBefore).Abs() < s.requestTimeout()+storeTimeout:
		s.withdrawNote(ctx, r)
		return session.ErrUnderWay
	case r.lost():
		return s.endLogin(ctx, r.session, lostAnswer(f))
	}
	return s.endLogin(ctx, r.session, f)
}

// withdrawNote puts back the note that was there before: Kakao's answer to this
// renewal is here. Where that fails, the session stays a little longer.
func (s *Server) withdrawNote(ctx context.Context, r refusal) {
	r.session.AskedAt = r.askedBefore
	if _, err := s.sessions.Replace(ctx, r.session); err != nil {
		s.log.WarnContext(ctx, "a login whose refresh token is refused stays a little longer", "error", err)
	}
}

// endLogin ends a session in the state in which it was found to be over, and
// passes on why. One that somebody has changed since may have been renewed, and
// stays; one that has ended by a logout or by another login keeps its cookie,
// which by now may be that login's.
func (s *Server) endLogin(ctx context.Context, found session.Session, why error) error {
	if err := s.sessions.EndAt(ctx, found); err != nil {
		return s.sessions.Failure(ctx, "delete", err)
	}
	s.tell(ctx, notifyRefreshFailed, about(found.Login).because(why))
	return &endedLoginError{why}
}

// endedLoginError is the failure of a renewal that ended its session.
type endedLoginError struct{ why error }

// Error says why the login is over.
func (e *endedLoginError) Error() string { return e.why.Error() }

// Unwrap returns why the login is over.
func (e *endedLoginError) Unwrap() error { return e.why }

// endsLogin reports whether a failure ended its session.
func endsLogin(err error) bool {
	var ended *endedLoginError
	return errors.As(err, &ended)
}

// checkRefreshedIDToken verifies the ID token of a refresh response. One that is
// wrong is an error. One that cannot be checked now is left out of the answer,
// as is one that only the clock speaks against: a machine whose clock was set
// wrong must not log its users out.
func (s *Server) checkRefreshedIDToken(ctx context.Context, idToken string, of session.Login) (string, error) {
	if idToken == "" {
		return "", nil
	}
	ctx, cancel := context.WithTimeout(ctx, userIDTimeout)
	defer cancel()
	err := s.idTokens.VerifyRefreshed(ctx, idToken, signedtoken.Login{Subject: of.UserID, HadNonce: of.HadNonce})
	if err == nil {
		return idToken, nil
	}
	f := idTokenFailure(err)
	if invalid, ok := errors.AsType[*signedtoken.Error](err); ok && !invalid.Untimely() {
		return "", f
	}
	s.log.WarnContext(ctx, "a refreshed ID token is left out of the answer", "error", f)
	return "", nil
}
