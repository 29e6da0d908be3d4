package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
)

func TestTracesAreOffUnlessTheEnvironmentAsksForThem(t *testing.T) {
	for name, env := range map[string]map[string]string{
		"nothing set":  {},
		"no exporter":  {"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"},
		"SDK disabled": {"OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"},
	} {
		t.Run(name, func(t *testing.T) {
			for name, value := range env {
				t.Setenv(name, value)
			}
			if provider, flush, err := newTracing(t.Context()); provider != nil || flush != nil || err != nil {
				t.Errorf("got %v, %v", provider, err)
			}
		})
	}
}

func TestTracesAreSentBeforeTheProgramEnds(t *testing.T) {
	received := make(chan *collector.ExportTraceServiceRequest, 1)
	sink := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var spans collector.ExportTraceServiceRequest
		if err := proto.Unmarshal(body, &spans); err != nil || r.URL.Path != "/v1/traces" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		received <- &spans
	}))
	defer sink.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", sink.URL)
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test")
	provider, flush, err := newTracing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, span := provider.Tracer("test").Start(t.Context(), "POST /token")
	span.End()
	if err := flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	sent := (<-received).String()
	for _, want := range []string{`"POST /token"`, `"kakaowasm"`, `"deployment.environment"`} {
		if !strings.Contains(sent, want) {
			t.Errorf("%s is missing in %s", want, sent)
		}
	}
}

func TestAnExporterThatThereIsNotIsAMistake(t *testing.T) {
	for name, test := range map[string]struct{ variable, value, want string }{
		"exporter": {"OTEL_TRACES_EXPORTER", "carrier-pigeon", "expected OTEL_TRACES_EXPORTER=otlp, console or none"},
		"protocol": {"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "port 4318"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
			t.Setenv(test.variable, test.value)
			if _, _, err := newTracing(t.Context()); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestTracesCanBeLookedAtOnTheConsole(t *testing.T) {
	t.Setenv("OTEL_TRACES_EXPORTER", "console")
	provider, flush, err := newTracing(t.Context())
	if provider == nil || err != nil {
		t.Fatalf("got %v, %v", provider, err)
	}
	if err := flush(t.Context()); err != nil {
		t.Error(err)
	}
}
