package console

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestPagesOfOtherOriginsGetNothingOfTheConsole(t *testing.T) {
	asked := unreadForStrangers(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	for name, c := range map[string]struct {
		header map[string]string
		want   int
	}{
		"a program":                         {nil, 204},
		"the console's own page":            {map[string]string{"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}, 204},
		"its origin":                        {map[string]string{"Origin": "http://127.0.0.1:8481"}, 204},
		"its origin behind a proxy's TLS":   {map[string]string{"Origin": "https://127.0.0.1:8481"}, 204},
		"an address that somebody typed":    {map[string]string{"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}, 204},
		"a link on another site":            {map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 204},
		"a stream for another site":         {map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, 403},
		"a sandboxed frame":                 {map[string]string{"Origin": "null"}, 403},
		"an image of another site":          {map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403},
		"a page at another port":            {map[string]string{"Origin": "http://127.0.0.1:9"}, 403},
		"a script tag of another local app": {map[string]string{"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"}, 403},
	} {
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8481/console/api/stream", http.NoBody)
		for header, value := range c.header {
			r.Header.Set(header, value)
		}
		answer := httptest.NewRecorder()
		if asked.ServeHTTP(answer, r); answer.Code != c.want {
			t.Errorf("%s: %d, want %d", name, answer.Code, c.want)
		}
	}
}
