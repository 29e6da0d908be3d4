package main

import (
	"cmp"
	"context"
	"fmt"
	"os"

	"go.opentelemetry.io/contrib/exporters/autoexport"
	"go.opentelemetry.io/otel/attribute"
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
	exporter, err := autoexport.NewSpanExporter(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("traces: expected OTEL_… variables of an exporter that there is: %w", err)
	}
	// What the environment says stands behind, and so wins.
	about, err := resource.New(ctx, resource.WithTelemetrySDK(), resource.WithAttributes(
		attribute.String("service.name", "kakaowasm"),
		attribute.String("service.version", kakao.Version),
	), resource.WithFromEnv())
	if err != nil {
		return nil, nil, fmt.Errorf("traces: expected name=value pairs in OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about))
	return provider, provider.Shutdown, nil
}
