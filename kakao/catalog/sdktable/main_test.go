package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

func TestTableOfTheSDKIsThatOfTheCatalogue(t *testing.T) {
	written, err := os.ReadFile("../../../sdk/endpoint_table.go")
	if err != nil {
		t.Fatal(err)
	}
	source, err := table(catalog.PageCalls())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(written, source) {
		t.Error("sdk/endpoint_table.go is stale: run go generate ./kakao/catalog")
	}
}

// What the catalogue knows of a parameter and the legacy SDK did not stays out
// of the table.
func TestParametersAsTheSDKChecksThem(t *testing.T) {
	for want, p := range map[string]catalog.Param{
		`Name: "result"`: {Name: "result", OneOf: []string{"a", "b"}, Default: "a", Doc: "Which list."},
		`Name: "permission", OneOf: []string{"A", "F"}`:                 {Name: "permission", OneOf: []string{"A", "F"}, Page: catalog.PageParam{ChecksValues: true}},
		`Name: "receiver_id_type", Required: true, Default: "\"uuid\""`: {Name: "receiver_id_type", Required: true, Default: "uuid", Page: catalog.PageParam{SendsDefault: true}},
		`Name: "page_size", Kind: Integer, Default: "10"`:               {Name: "page_size", Type: catalog.Integer, Default: "10", Page: catalog.PageParam{SendsDefault: true}},
		`Name: "secure_resource", Kind: Boolean`:                        {Name: "secure_resource", Type: catalog.Boolean, Default: "false"},
		`Name: "address_id", Kind: Integer`:                             {Name: "address_id", Type: catalog.Long},
		`Name: "tags"`:                                                  {Name: "tags", List: true, Encoding: catalog.Commas},
		`Name: "scopes", Kind: Array`:                                   {Name: "scopes", List: true, Encoding: catalog.JSON},
		`Name: "properties", Kind: Object`:                              {Name: "properties", Type: catalog.Map, Encoding: catalog.JSON},
		`Name: "template_object", Kind: Template`:                       {Name: "template_object", Type: catalog.Map, Encoding: catalog.JSON, Page: catalog.PageParam{Check: catalog.MessageTemplate}},
		`Name: "image_url_list", Kind: KageURLs`:                        {Name: "image_url_list", List: true, Encoding: catalog.JSON, Page: catalog.PageParam{Check: catalog.UploadedImages}},
		`Name: "content", Kind: Content`:                                {Name: "content", Page: catalog.PageParam{Check: catalog.StoryContent}},
	} {
		if got := strings.Join(param(p), ", "); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestSDKCallsOneHostOnly(t *testing.T) {
	if _, err := table([]catalog.Call{catalog.Exchange}); err == nil {
		t.Error("a call of the authorization server is in the table")
	}
}
