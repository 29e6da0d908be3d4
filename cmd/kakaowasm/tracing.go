package main

import (
	"cmp"
	"context"
	"fmt"
	"os"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/kakaowasm/kakaowasm/kakao"
)

// newTracing sets traces up as the variables of OpenTelemetry say, and returns
// how to send the last of them. Without an exporter or an address for one there
// are no traces: the provider is nil.
// Source: OpenTelemetry Specification, Environment Variables.
func newTracing(ctx context.Context) (trace.TracerProvider, func(context.Context) error, error) {
	wanted := cmp.Or(os.Getenv("OTEL_TRACES_EXPORTER"), os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT"), os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"))
	if wanted == "" || wanted == "none" || os.Getenv("OTEL_SDK_DISABLED") == "true" {
		return nil, nil, nil
	}
	exporter, err := newSpanExporter(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("traces: %w", err)
	}
	// What the environment says stands behind, and so wins.
	about, err := resource.New(ctx, resource.WithTelemetrySDK(), resource.WithAttributes(
		attribute.String("service.name", "kakaowasm"),
		attribute.String("service.version", kakao.Version),
	), resource.WithFromEnv())
	if err != nil {
		return nil, nil, errorf("traces: expected name=value pairs in OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about))
	return provider, provider.Shutdown, nil
}

// newSpanExporter makes the exporter that OTEL_TRACES_EXPORTER names, and otlp
// where it names none. OTLP goes over HTTP, which every collector takes: gRPC would
// be another 2 MB of the program.
func newSpanExporter(ctx context.Context) (sdktrace.SpanExporter, error) {
	switch name := cmp.Or(os.Getenv("OTEL_TRACES_EXPORTER"), "otlp"); name {
	case "console":
		return stdouttrace.New()
	case "otlp":
		const spoken = "http/protobuf"
		protocol := cmp.Or(os.Getenv("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"), os.Getenv("OTEL_EXPORTER_OTLP_PROTOCOL"), spoken)
		if protocol != spoken {
			return nil, errorf("expected OTEL_EXPORTER_OTLP_PROTOCOL=%s, got %q; collectors take it on port 4318", spoken, protocol)
		}
		return otlptracehttp.New(ctx)
	default:
		return nil, errorf("expected OTEL_TRACES_EXPORTER=otlp, console or none, got %q", name)
	}
}
