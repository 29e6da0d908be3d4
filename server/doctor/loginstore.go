package doctor

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/server/store"
)

// entryLife is how long what the doctor writes into the store lives, if it cannot be
// deleted again.
const entryLife = time.Minute

// checkStore opens the store of logins, writes an entry, reads and deletes it.
func (e *examination) checkStore(ctx context.Context) []Finding {
	if e.OpenStore == nil {
		if !e.Live {
			return nil
		}
		return []Finding{skipped(CheckStore, catalog.Text{En: "the server alone opens it: see Readiness", Ko: "서버만 여는 저장소이므로 준비 상태 항목을 참고"})}
	}
	ctx, cancel := context.WithTimeout(ctx, e.Timeout)
	defer cancel()
	opened, err := e.OpenStore(ctx)
	if err != nil {
		return []Finding{storeAway(err, catalog.Text{En: "it cannot be reached", Ko: "접속할 수 없음"})}
	}
	defer func() { _ = opened.Close() }()
	return []Finding{useStore(ctx, opened)}
}

// useStore writes, reads and deletes an entry of the doctor's own.
func useStore(ctx context.Context, s store.Store) Finding {
	key, value := "doctor:"+rand.Text(), []byte(rand.Text())
	if _, err := s.Create(ctx, key, store.Entry{Value: value, Expiry: time.Now().Add(entryLife)}); err != nil {
		return storeAway(err, catalog.Text{En: "it cannot be written", Ko: "쓸 수 없음"})
	}
	read, err := s.Get(ctx, key)
	if err == nil && !bytes.Equal(read.Value, value) {
		err = errors.New("another value than the one that was written")
	}
	if err != nil {
		return storeAway(err, catalog.Text{En: "what was written cannot be read", Ko: "쓴 값을 읽을 수 없음"})
	}
	if _, err := s.Delete(ctx, key, store.AnyVersion); err != nil {
		return storeAway(err, catalog.Text{En: "what was written cannot be deleted", Ko: "쓴 값을 삭제할 수 없음"})
	}
	return ok(CheckStore, catalog.Text{En: "written and read", Ko: "쓰고 읽을 수 있음"})
}

// storeAway is the finding for a store that does not do what it should. The texts of
// its errors hold no password.
func storeAway(err error, found catalog.Text) Finding {
	return wrong(Failure, CheckStore, sayf(found.En+": %v", found.Ko+": %v", err),
		catalog.Text{En: "Redis or PostgreSQL does not run or is not reached from here, or it refuses the user, the password or writing. Nobody can log in meanwhile.", Ko: "Redis나 PostgreSQL이 실행 중이 아니거나 여기서 접속할 수 없습니다. 또는 사용자, 비밀번호, 쓰기 권한이 거부됩니다. 그동안 아무도 로그인할 수 없습니다."},
		catalog.Text{En: "Start it, check the address in --store or --store-file, and ask it with redis-cli or psql from this machine.", Ko: "저장소를 실행하고 --store나 --store-file의 주소를 확인한 뒤, 이 컴퓨터에서 redis-cli나 psql로 접속해 봅니다."})
}
