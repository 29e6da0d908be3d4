package mismatch

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheClosestValueComesFirst(t *testing.T) {
	m := New("redirect_uri", "http://localhost:3000/callback/", []string{
		"https://app.example.com/oauth", "http://localhost:3000/callback", "http://127.0.0.1:3000/callback", "http://localhost:3000/callback", "https://b.example",
	}, "/console#/apps/1")
	want := []string{"http://localhost:3000/callback", "http://127.0.0.1:3000/callback", "https://app.example.com/oauth"}
	if diff := cmp.Diff(want, m.Registered); diff != "" {
		t.Error(diff)
	}
	if m.At() != 31 {
		t.Errorf("differs at %d", m.At())
	}
	if at := New("p", "x", nil, "").At(); at != 0 {
		t.Errorf("nothing is registered: %d", at)
	}
}

func TestDifferencesAreMarked(t *testing.T) {
	cases := []struct{ name, came, registered, marked, other string }{
		{"a slash too many", "http://a/cb/", "http://a/cb", "http://a/cb<//>", "http://a/cb"},
		{"a slash too few", "http://a/cb", "http://a/cb/", "http://a/cb", "http://a/cb<//>"},
		{"another port", "http://a:3000/", "http://a:8480/", "http://a:<300/>0/", "http://a:<848/>0/"},
		{"a space at the end", "http://a/ ", "http://a/", "http://a/<[U+0020]/>", "http://a/"},
		{"a letter of another script", "http://а/", "http://a/", "http://<[U+0430]/>/", "http://<a/>/"},
		{"capitals", "http://a/CB", "http://a/cb", "http://a/<CB/>", "http://a/<cb/>"},
		{"the same", "x", "x", "x", "x"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a, b := Compare(c.came, c.registered)
			if marked(a) != c.marked || marked(b) != c.other {
				t.Errorf("got %s and %s", marked(a), marked(b))
			}
		})
	}
}

func marked(segments []Segment) string {
	var b strings.Builder
	for _, s := range segments {
		if s.Differs {
			b.WriteString("<" + s.Text + "/>")
			continue
		}
		b.WriteString(s.Text)
	}
	return b.String()
}

func FuzzHeader(f *testing.F) {
	f.Add("redirect_uri", "http://a/한글 😀\r\n", "http://b")
	f.Add("p", strings.Repeat("가", 2000), "\xff")
	f.Fuzz(func(t *testing.T, parameter, came, registered string) {
		if parameter == "" || len(parameter) > 100 {
			return
		}
		m := New(strings.ToValidUTF8(parameter, ""), came, []string{registered}, "")
		header := m.Header()
		for _, r := range header {
			if r < ' ' || r > '~' {
				t.Fatalf("%q is no header value", header)
			}
		}
		got, ok := Parse(header)
		if m.Parameter != "" && len(header) <= maxHeader && (!ok || cmp.Diff(*m, got) != "") {
			t.Errorf("%q became %+v, %t", header, got, ok)
		}
	})
}

func TestForeignHeadersAreRefused(t *testing.T) {
	for _, header := range []string{
		"", "{", "[]", `{"parameter":""}`, `{"parameter":"p","registered":["1","2","3","4"]}`,
		`{"parameter":"p","came":"` + strings.Repeat("x", 600) + `"}`, strings.Repeat(" ", 9000) + `{"parameter":"p"}`,
	} {
		if m, ok := Parse(header); ok {
			t.Errorf("%.40q: %+v", header, m)
		}
	}
}
