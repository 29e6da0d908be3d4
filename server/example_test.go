package server_test

import (
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
