package server_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/kakaowasm/kakaowasm/server"
)

// A Go back end mounts the token server beside its own handlers.
func Example() {
	mux := http.NewServeMux()

	login, err := server.New(server.Config{PublicURL: "https://app.example.com/kakao", RESTAPIKey: "your-rest-api-key"})
	if err != nil {
		panic(err)
	}
	mux.Handle("/kakao/", login)

	answer := httptest.NewRecorder()
	mux.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "https://app.example.com/kakao/session", nil))
	fmt.Print(answer.Body)
	// Output: {"authenticated":false}
}

// A shop learns who asks in one line, and forgets those who have left it at
// Kakao.
func ExampleServer_RequireLogin() {
	orders := map[string]string{"4210000001": "2 coffees"}
	login, err := server.New(server.Config{
		PublicURL:  "https://app.example.com/kakao",
		RESTAPIKey: "your-rest-api-key",
		AppID:      "123456",
		AdminKey:   "your-admin-key",
		OnUnlink:   func(_ context.Context, u server.User) { delete(orders, u.ID) },
	})
	if err != nil {
		panic(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/kakao/", login)
	mux.Handle("GET /orders", login.RequireLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, _ := server.UserFromContext(r.Context())
		_, _ = fmt.Fprintln(w, orders[user.ID])
	})))

	// Nobody is logged in yet.
	answer := httptest.NewRecorder()
	mux.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "https://app.example.com/orders", nil))
	fmt.Println(answer.Code)

	// Kakao says that a user has left.
	unlink := httptest.NewRequest(http.MethodGet, "https://app.example.com/kakao/webhooks/unlink?app_id=123456&user_id=4210000001&referrer_type=UNLINK_FROM_APPS", nil)
	unlink.Header.Set("Authorization", "KakaoAK your-admin-key")
	answer = httptest.NewRecorder()
	mux.ServeHTTP(answer, unlink)
	if err := login.Close(); err != nil {
		panic(err)
	}
	fmt.Println(answer.Code, len(orders))
	// Output:
	// 401
	// 200 0
}
