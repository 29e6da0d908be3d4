package rest

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// parameters are the members of requests, by the names of their parameters.
var parameters = tagged{tag: "kakao"}

// values are parameters by name, as [catalog.Param.Format] takes them, or
// secret.
type values map[string]any

// caller is a client with a credential.
type caller struct {
	client     *Client
	auth       catalog.Auth
	credential secret
	given      values // what the credential itself puts among the parameters
}

// prepared is a request that can be sent any number of times.
type prepared struct {
	call    catalog.Call
	name    string // method and path, for errors and logs
	method  string
	address string // without query
	query   string // of the query or of the form
	header  http.Header
	secrets []string // what no error may repeat
}

// postable is a request that may ask for a call's other method.
type postable interface{ post() bool }

// prepare builds the request of a call. The error is a *[kakao.ParamError].
func (c caller) prepare(call catalog.Call, request any) (prepared, error) {
	method := call.Methods[0]
	if p, ok := request.(postable); ok && p.post() {
		method = kakao.Post
	}
	r := prepared{
		call: call, name: method + " " + call.Path, method: method,
		address: call.Host.Origin(c.client.platform) + call.Path, header: http.Header{"Accept": {"application/json"}},
	}
	pairs, err := c.encode(call, request, &r)
	if err != nil {
		return prepared{}, err
	}
	r.query = kakao.EncodeQuery(pairs)
	if scheme := c.auth.Scheme(); scheme != "" {
		r.header.Set("Authorization", scheme+" "+c.credential.Reveal())
		r.secrets = append(r.secrets, c.credential.Reveal())
	}
	if method == kakao.Post {
		r.header.Set("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
	}
	return r, nil
}

// encode writes the parameters in the order of the catalogue.
func (c caller) encode(call catalog.Call, request any, r *prepared) ([]kakao.Pair, error) {
	given := valuesOf(request)
	for name, value := range c.given {
		given[name] = value
	}
	var pairs []kakao.Pair
	for _, p := range call.ParamsFor(c.auth) {
		value, ok := given.value(p)
		if !ok && p.Required {
			return nil, p.Missing()
		}
		if !ok {
			continue
		}
		if hidden, ok := value.(secret); ok {
			value = hidden.Reveal()
		}
		text, err := p.Format(value)
		if err != nil {
			return nil, err
		}
		if p.Secret {
			r.secrets = append(r.secrets, text)
		}
		pairs = append(pairs, kakao.Pair{Name: p.Name, Value: text})
	}
	return pairs, nil
}

// value is what a parameter gets: what was given, or the only value that it
// can have, if its companion was given.
func (v values) value(p catalog.Param) (any, bool) {
	if value, ok := v[p.Name]; ok {
		return value, true
	}
	if _, companion := v[p.With]; p.Fixed == "" || p.With != "" && !companion {
		return nil, false
	}
	if p.List {
		return []string{p.Fixed}, true
	}
	return p.Fixed, true
}

// valuesOf reads the tagged members of a request. Zero values are left out.
func valuesOf(request any) values {
	given := values{}
	if request == nil {
		return given
	}
	v := reflect.ValueOf(request)
	for _, m := range parameters.of(v.Type()) {
		if member := v.Field(m.index); !isEmpty(member) {
			given[m.name] = plain(member)
		}
	}
	return given
}

func isEmpty(v reflect.Value) bool {
	if k := v.Kind(); k == reflect.Slice || k == reflect.Map {
		return v.Len() == 0
	}
	if s, ok := v.Interface().(interface{ IsZero() bool }); ok {
		return s.IsZero()
	}
	return v.IsZero()
}

// plain turns a member into one of the types that the catalogue formats, or
// leaves it secret.
func plain(v reflect.Value) any {
	if s, ok := v.Interface().(interface{ Reveal() string }); ok {
		return newSecret(s.Reveal())
	}
	switch {
	case v.Kind() == reflect.String:
		return v.String()
	case v.CanInt():
		return v.Int()
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.String:
		items := make([]string, v.Len())
		for i := range items {
			items[i] = v.Index(i).String()
		}
		return items
	}
	return v.Interface()
}

// request is the request for one attempt.
func (r prepared) request(ctx context.Context) (*http.Request, error) {
	address, body := r.address, ""
	if r.method == kakao.Post {
		body = r.query
	} else if r.query != "" {
		address += "?" + r.query
	}
	req, err := http.NewRequestWithContext(ctx, r.method, address, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header = r.header.Clone()
	return req, nil
}

// url is the address for a browser.
func (r prepared) url() string { return r.address + "?" + r.query }
